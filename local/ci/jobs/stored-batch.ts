import type { BatchJobList } from '../../../shared/wire/batch-job-list.ts';
import type { BatchJobRequest } from '../../../shared/wire/batch-job-request.ts';
import type { TableWrite } from '../../cos/storage/table.ts';

export const BATCHES = 'ci-batches';

export type BatchRecord = BatchJobList['jobs'][number];

type BatchState = 'Submitted' | 'Running' | 'Success' | 'Failed' | 'Cancel';

/** A batch as it is kept: what it was asked, and how far it is. */
export interface StoredBatch {
  readonly bucket: string;
  readonly region: string;
  readonly jobId: string;
  readonly queueId: string;
  readonly request: BatchJobRequest;
  readonly state: BatchState;
  readonly code: string;
  readonly message: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Up to here jobs were made: kept together with them, so that none is made twice or left out. */
  readonly cursor?: string;
  /** Everything there is to do has its job. */
  readonly exhausted?: true;
}

export function batchKey(bucket: string, jobId: string): string {
  return `${bucket}\0${jobId}`;
}

export function batchWrite(batch: StoredBatch): TableWrite {
  return { table: BATCHES, key: batchKey(batch.bucket, batch.jobId), value: batch };
}

export function batchIsOver({ state }: Pick<StoredBatch, 'state'>): boolean {
  return state !== 'Submitted' && state !== 'Running';
}

/** How a batch is told of. One that waits is paused with its queue. */
export function batchRecord(batch: StoredBatch, queueIsPaused: boolean): BatchRecord {
  const { jobId, state, code, message, createdAt, startedAt, endedAt, request } = batch;
  const { name, type, input, operation } = request;
  return {
    ...{ jobId, name, type, code, message, createdAt, input, operation },
    state: state === 'Submitted' && queueIsPaused ? 'Pause' : state,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
  };
}
