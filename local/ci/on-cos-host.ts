import { Fault } from '../../shared/core/fault.ts';
import { decodePath } from '../../shared/wire/percent.ts';
import { Query } from '../cos/query.ts';
import type { Incoming } from '../server/incoming.ts';
import { findCiOperation } from './ci-operations.ts';
import { isJobId } from './jobs/job-id.ts';

/** Cheap, because every request for an object is asked. */
const LIKE_A_JOB =
  /^\/(?:jobs|ai_jobs|pic_jobs|asr_jobs|queue|ai_queue|picqueue|inventorytriggerjob|ai_bucket|mediabucket|picbucket)(?:\/|%2F|$)/i;

/** Parameters by which a signature comes; of what is asked they say nothing. */
const OF_SIGNATURES = /^(?:q-.*|sign|x-(?:cos|ci)-security-token)$/;

/** What makes a GET a list and not an object that is missing. */
const OF_LISTS: Readonly<Record<string, readonly string[]>> = {
  DescribeMediaJobs: ['tag'],
  DescribeMediaQueues: ['queueIds', 'state', 'category', 'pageNumber', 'pageSize'],
  DescribeInventoryTriggerJobs: ['nextToken', 'size', 'type', 'orderByTime', 'states', 'name'],
};

/**
 * Whether a request to the host of objects is for Cloud Infinite, as clients send it that are given
 * one address for everything. An object may be called like that as well: what is put, asked for its
 * head and removed is the object, and one that is there is what is got.
 */
export function meansJobs(
  { method, rawQuery }: Pick<Incoming, 'method' | 'rawQuery'>,
  rawPath: string,
  hasObject: (key: string) => boolean,
): boolean {
  if (!LIKE_A_JOB.test(rawPath)) return false;
  try {
    return isForJobs(method, rawPath, new Query(rawQuery), hasObject);
  } catch (thrown) {
    // What cannot be read is refused by the host it came to.
    if (thrown instanceof Fault) return false;
    throw thrown;
  }
}

function isForJobs(
  method: string,
  rawPath: string,
  query: Query,
  hasObject: (key: string) => boolean,
): boolean {
  const found = findCiOperation(method, rawPath, query);
  if (!found) return false;
  const { operation, rest } = found;
  const asked = query.all.map(({ name }) => name).filter((name) => !OF_SIGNATURES.test(name));
  const ids = rest.split(',');
  switch (operation.method) {
    case 'POST':
      return asked.length === 0;
    case 'PUT':
      return asked.includes('cancel') && ids.every(isJobId);
    case 'GET':
      if (hasObject(decodePath(rawPath).slice(1))) return false;
      if (operation.hasRest) return ids.every(isJobId);
      return (OF_LISTS[operation.name] ?? []).some((name) => query.has(name));
  }
}
