import type { JobRecord, WireJobState } from '../../../shared/wire/job-record.ts';
import type { StoredJob } from './stored-job.ts';

/**
 * What a job may become. `Pause` is not kept: it is how a job that waits is told of while its queue
 * is paused, and a job that runs knows nothing of a pause.
 */
const MAY_BECOME: Readonly<Record<string, readonly WireJobState[]>> = {
  Submitted: ['Running', 'Cancel'],
  // A second time, when the engine ended before the job did.
  Running: ['Running', 'Success', 'Failed'],
};

/** The job in its next state. That it cannot be in is a mistake of ours. */
export function advanced(
  job: StoredJob,
  state: WireJobState,
  more: Partial<JobRecord> = {},
): StoredJob {
  const { record } = job;
  if (!MAY_BECOME[record.state]?.includes(state)) {
    throw new Error(`Job ${record.jobId} is ${record.state} and cannot become ${state}`);
  }
  return { ...job, record: { ...record, ...more, state } };
}

export function started(job: StoredJob, now: number): StoredJob {
  return advanced(job, 'Running', { startedAt: job.record.startedAt ?? now });
}

export function succeeded(
  job: StoredJob,
  results: Partial<JobRecord['operation']>,
  now: number,
): StoredJob {
  const operation = { ...job.record.operation, ...results };
  const ended = { message: 'Success', progress: 100, endedAt: now, operation };
  return advanced(job, 'Success', ended);
}

export function failed(job: StoredJob, code: string, message: string, now: number): StoredJob {
  return advanced(job, 'Failed', { code, message, endedAt: now });
}

export function cancelled(job: StoredJob, now: number): StoredJob {
  return advanced(job, 'Cancel', { endedAt: now });
}
