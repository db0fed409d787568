import type { WireJobState } from '../../../shared/wire/job-record.ts';
import type { Storage } from '../../cos/storage/storage.ts';
import type { Table } from '../../cos/storage/table.ts';
import { BATCHES, type BatchRecord, batchKey, type StoredBatch } from './stored-batch.ts';

export interface BatchQuery {
  readonly type?: string | undefined;
  readonly jobId?: string | undefined;
  readonly name?: string | undefined;
  readonly workflowId?: string | undefined;
  readonly states?: readonly WireJobState[] | undefined;
  readonly createdFrom?: number | undefined;
  readonly createdUntil?: number | undefined;
  readonly newestFirst: boolean;
  readonly size: number;
  /** The id behind which the page begins. */
  readonly after?: string | undefined;
}

export interface BatchPage {
  readonly records: readonly BatchRecord[];
  /** The id behind which the next page begins. */
  readonly next?: string;
}

/** The batches on disk. There are few of them, so a list reads all of a bucket. */
export class BatchStore {
  readonly #batches: Table<StoredBatch>;

  constructor(storage: Pick<Storage, 'table'>) {
    this.#batches = storage.table(BATCHES);
  }

  get(bucket: string, jobId: string): StoredBatch | undefined {
    return this.#batches.get(batchKey(bucket, jobId));
  }

  list(bucket: string, query: BatchQuery, shown: (batch: StoredBatch) => BatchRecord): BatchPage {
    const { newestFirst, size, after } = query;
    const records: BatchRecord[] = [];
    const from = after === undefined ? undefined : batchKey(bucket, after);
    const found = this.#batches.range({
      ...{ prefix: batchKey(bucket, ''), reverse: newestFirst },
      ...(from !== undefined && (newestFirst ? { to: from } : { from: `${from}\0` })),
    });
    for (const [, batch] of found) {
      const record = shown(batch);
      if (!isAskedFor(record, query)) continue;
      const full = records.at(size - 1);
      if (full) return { records, next: full.jobId };
      records.push(record);
    }
    return { records };
  }
}

function isAskedFor(record: BatchRecord, query: BatchQuery): boolean {
  const { createdAt = 0 } = record;
  const second = Math.floor(createdAt / 1000) * 1000;
  return (
    (query.type === undefined || query.type === record.type) &&
    (query.jobId === undefined || query.jobId === record.jobId) &&
    (query.name === undefined || query.name === record.name) &&
    (query.workflowId === undefined || query.workflowId === record.operation.workflowIds) &&
    (query.states === undefined || query.states.some((state) => state === record.state)) &&
    (query.createdFrom === undefined || createdAt >= Math.floor(query.createdFrom / 1000) * 1000) &&
    (query.createdUntil === undefined || second <= query.createdUntil)
  );
}
