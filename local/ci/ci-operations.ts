// Cloud Infinite jobs on this machine. What the job hosts can do is this table, and docs/engine.md is
// made from it.
//
// Not here, and answered with 501 rather than pretended: workflows, templates, styles, callbacks to
// Kafka, jobs of other kinds than SegmentVideoBody and PicProcess, unbinding a service.
// Different on purpose: jobs are kept for good, and nothing is billed or throttled.
import { decodePath } from '../../shared/wire/percent.ts';
import type { Query } from '../cos/query.ts';
import { CiError, notHere } from './ci-error.ts';
import type { AccountOperation, CiOperation } from './ci-exchange.ts';
import { cancelJob, describeJob, listJobs } from './jobs/ask-jobs.ts';
import { cancelBatch, createBatch, describeBatch, listBatches } from './jobs/batch-operations.ts';
import { bucketLists, openings } from './jobs/bucket-operations.ts';
import { describeQueues, updateQueue } from './jobs/queue-operations.ts';
import { createJobs } from './jobs/submit-jobs.ts';

export const CI_OPERATIONS: readonly CiOperation[] = [
  createJobs,
  describeJob,
  listJobs,
  cancelJob,
  describeQueues,
  updateQueue,
  createBatch,
  describeBatch,
  listBatches,
  cancelBatch,
  ...openings,
];

export const CI_ACCOUNT_OPERATIONS: readonly AccountOperation[] = bucketLists;

/** First segments of paths that the service has and the engine has not. */
const NOT_HERE: readonly string[] = [
  'asr_bucket',
  'asr_queue',
  'asrbucket',
  'asrqueue',
  'audio',
  'dataset',
  'doc_jobs',
  'doc_queue',
  'docbucket',
  'docqueue',
  'document',
  'file_bucket',
  'file_jobs',
  'file_queue',
  'image',
  'live',
  'mediaInfo',
  'privatem3u8',
  'snapshot',
  'template',
  'text',
  'triggerworkflow',
  'video',
  'virus',
  'webpage',
  'workflow',
  'workflowexecution',
];

/** An operation, its path, and what follows that. */
export interface FoundOperation {
  readonly operation: CiOperation;
  readonly path: string;
  readonly rest: string;
}

/** What a request to a bucket's job host asks for; nothing when it is none of these. */
export function findCiOperation(
  method: string,
  rawPath: string,
  query: Query,
): FoundOperation | undefined {
  const { path, rest } = partsOf(rawPath);
  const operation = CI_OPERATIONS.find(
    (each) =>
      each.method === method &&
      each.paths.includes(path) &&
      (each.hasRest === true) === (rest !== '') &&
      (each.query === undefined || query.has(each.query)),
  );
  return operation && { operation, path, rest };
}

/** A list of the account, which the hosts of buckets give as well. */
export function findAccountOperation(
  method: string,
  rawPath: string,
): AccountOperation | undefined {
  const path = decodePath(rawPath).replace(/\/$/, '');
  return CI_ACCOUNT_OPERATIONS.find((each) => each.method === method && each.paths.includes(path));
}

/** Why nothing was found: the engine has not got it, it takes another method, or nobody has it. */
export function nothingFound(method: string, rawPath: string): CiError {
  const { path } = partsOf(rawPath);
  if (NOT_HERE.includes(path.slice(1))) return notHere(`${method} ${path}`);
  const known = [...CI_OPERATIONS, ...CI_ACCOUNT_OPERATIONS].some(({ paths }) =>
    paths.includes(path),
  );
  return new CiError(known ? 'MethodNotAllowed' : 'InvalidUrl');
}

/** `/jobs/a1,a2` is `/jobs` and `a1,a2`; a slash at the end says nothing. */
function partsOf(rawPath: string): { readonly path: string; readonly rest: string } {
  const decoded = decodePath(rawPath);
  const end = decoded.indexOf('/', 1);
  if (end === -1) return { path: decoded, rest: '' };
  return { path: decoded.slice(0, end), rest: decoded.slice(end + 1).replace(/\/$/, '') };
}
