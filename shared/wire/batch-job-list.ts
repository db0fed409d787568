import { Fault } from '../core/fault.ts';
import {
  type BatchJobInput,
  type BatchJobOperation,
  batchJobInputEntries,
  batchJobOperationEntries,
  readBatchJobInput,
  readBatchJobOperation,
} from './batch-job-request.ts';
import type { Body } from './body-text.ts';
import { readCiTimeIfSet, writeCiTimeIfSet } from './ci-time.ts';
import { defined } from './defined.ts';
import { readIds } from './job-list.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_JOBS = 1000;

/** The answer to submitting a batch job, to asking for one, and to listing them. */
export interface BatchJobList {
  readonly requestId: string;
  readonly jobs: readonly BatchJobRecord[];
  readonly nonExistJobIds: readonly string[];
  readonly nextToken?: string;
}

/** What the service tells about one. Its states are those of a job. */
interface BatchJobRecord {
  readonly jobId: string;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly code: string;
  readonly message: string;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly input?: BatchJobInput;
  readonly operation: BatchJobOperation;
}

export function readBatchJobList(body: Body): BatchJobList {
  const root = readXml(body, { root: 'Response' });
  const jobs = root.children('JobsDetail');
  if (jobs.length > MAX_JOBS) {
    throw new Fault('INPUT_TOO_LARGE', `An answer holds ${jobs.length} batch jobs`);
  }
  return defined({
    requestId: root.text('RequestId') ?? '',
    jobs: jobs.map(readRecord),
    // The page and the Go SDK spell it differently.
    nonExistJobIds: [...readIds(root, 'NonExistJobIds'), ...readIds(root, 'NonExistJobId')],
    nextToken: root.text('NextToken') || undefined,
  });
}

export function writeBatchJobList(list: BatchJobList): string {
  return writeXml('Response', [
    ['RequestId', list.requestId],
    ...list.jobs.map((job): XmlEntry => ['JobsDetail', recordEntries(job)]),
    ...list.nonExistJobIds.map((id): XmlEntry => ['NonExistJobIds', id]),
    ['NextToken', list.nextToken],
  ]);
}

function readRecord(node: XmlNode): BatchJobRecord {
  return defined({
    jobId: node.required('JobId').trim(),
    name: node.text('Name') ?? '',
    type: node.text('Type') ?? '',
    state: node.text('State') ?? '',
    code: node.text('Code') ?? '',
    message: node.text('Message') ?? '',
    createdAt: readCiTimeIfSet(node.text('CreationTime')),
    startedAt: readCiTimeIfSet(node.text('StartTime')),
    endedAt: readCiTimeIfSet(node.text('EndTime')),
    input: readBatchJobInput(node.child('Input')),
    operation: readBatchJobOperation(node.child('Operation')),
  });
}

function recordEntries(record: BatchJobRecord): readonly XmlEntry[] {
  return [
    ['Code', record.code],
    ['Message', record.message],
    ['Type', record.type],
    ['Name', record.name],
    ['JobId', record.jobId],
    ['State', record.state],
    ['CreationTime', writeCiTimeIfSet(record.createdAt)],
    ['StartTime', writeCiTimeIfSet(record.startedAt)],
    ['EndTime', writeCiTimeIfSet(record.endedAt)],
    ['Input', record.input && batchJobInputEntries(record.input)],
    ['Operation', batchJobOperationEntries(record.operation)],
  ];
}
