import type { JobCallback } from '../../../shared/wire/job-callback.ts';
import type { JobOperation } from '../../../shared/wire/job-operation.ts';
import { newJobId } from './job-id.ts';
import { kindToDo } from './job-kind.ts';
import type { StoredJob } from './stored-job.ts';

export interface WantedJob {
  readonly bucket: string;
  readonly region: string;
  readonly queueId: string;
  readonly tag: string;
  /** Of the object it works on. */
  readonly key: string;
  readonly operation: JobOperation;
  readonly callback: JobCallback;
  readonly batch?: string;
  readonly now: number;
}

/** A job as it is at first. */
export function newJob(wanted: WantedJob): StoredJob {
  const { bucket, region, queueId, tag, key, operation, callback, batch, now } = wanted;
  return {
    bucket,
    region,
    callback,
    ...(batch !== undefined && { batch }),
    record: {
      jobId: newJobId(kindToDo(tag).letter, now),
      state: 'Submitted',
      code: 'Success',
      message: '',
      tag,
      createdAt: now,
      queueId,
      input: { bucketId: bucket, object: key, region },
      operation: { ...operation, jobLevel: operation.jobLevel ?? 0 },
    },
  };
}
