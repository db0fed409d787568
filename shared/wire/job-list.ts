import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { defined } from './defined.ts';
import { type JobRecord, jobRecordEntries, readJobRecord } from './job-record.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_JOBS = 1000;

/** The answer to submitting jobs, to asking for some by id, and to listing them. */
export interface JobList {
  readonly jobs: readonly JobRecord[];
  /** Ids that were asked for and are nobody's. */
  readonly nonExistJobIds: readonly string[];
  /** There when the list goes on. */
  readonly nextToken?: string;
}

export function readJobList(body: Body): JobList {
  const root = readXml(body, { root: 'Response' });
  return defined({
    jobs: readJobRecords(root),
    nonExistJobIds: readIds(root, 'NonExistJobIds'),
    nextToken: root.text('NextToken') || undefined,
  });
}

export function writeJobList({ jobs, nonExistJobIds, nextToken }: JobList): string {
  return writeXml('Response', [
    ...jobs.map((job): XmlEntry => ['JobsDetail', jobRecordEntries(job)]),
    ...nonExistJobIds.map((id): XmlEntry => ['NonExistJobIds', id]),
    ['NextToken', nextToken],
  ]);
}

/** The jobs inside, whether there is one element of them, a list, or none. */
export function readJobRecords(node: XmlNode): readonly JobRecord[] {
  const details = node.children('JobsDetail');
  if (details.length > MAX_JOBS) {
    throw new Fault('INPUT_TOO_LARGE', `An answer holds ${details.length} jobs`, {
      detail: { jobs: details.length, most: MAX_JOBS },
    });
  }
  return details.map(readJobRecord);
}

/** Ids of what was not found; an empty element stands for none. */
export function readIds(node: XmlNode, name: string): readonly string[] {
  return node
    .children(name)
    .map(({ value }) => value.trim())
    .filter((id) => id !== '');
}
