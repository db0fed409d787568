import type { JobCallback } from '../../../shared/wire/job-callback.ts';
import type { JobRecord } from '../../../shared/wire/job-record.ts';
import type { TableWrite } from '../../cos/storage/table.ts';

export const JOBS = 'ci-jobs';
export const OPEN_JOBS = 'ci-jobs-open';

/** A job as it is kept. A record of `Submitted` is told as `Pause` while its queue is paused. */
export interface StoredJob {
  readonly bucket: string;
  readonly region: string;
  readonly record: JobRecord;
  readonly callback: JobCallback;
  /** The batch it belongs to. */
  readonly batch?: string;
}

/** What has to be known of a job that has not ended to put it in its line again. */
export interface OpenJob {
  readonly queueId: string;
  readonly level: number;
  readonly batch?: string;
}

/** Jobs belong to buckets; inside one they sort by letter and time, for that is what ids begin with. */
export function jobKey(bucket: string, jobId: string): string {
  return `${bucket}\0${jobId}`;
}

export function hasEnded({ state }: Pick<JobRecord, 'state'>): boolean {
  return state === 'Success' || state === 'Failed' || state === 'Cancel';
}

/** A job and whether it is open change together: what is open is in line after every start. */
export function jobWrites(job: StoredJob): readonly TableWrite[] {
  const key = jobKey(job.bucket, job.record.jobId);
  return [
    { table: JOBS, key, value: job },
    { table: OPEN_JOBS, key, value: hasEnded(job.record) ? undefined : openJob(job) },
  ];
}

export function openJob({ record, batch }: StoredJob): OpenJob {
  return {
    queueId: record.queueId ?? '',
    level: record.operation.jobLevel ?? 0,
    ...(batch !== undefined && { batch }),
  };
}
