import { Fault } from '../core/fault.ts';
import type { Trouble } from './entry.ts';
import type { Output, Receipt } from './receipt.ts';
import type { StepRef } from './step-ref.ts';

/** `lost`: the service does not know it any more, or has not ended it in any sensible time. */
export type JobState =
  | 'submitted'
  | 'running'
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'lost';

/** An asynchronous task inside the service. */
export interface Job {
  readonly id: string;
  readonly step: StepRef;
  readonly state: JobState;
  readonly submittedAt: number;
  readonly changedAt: number;
  /** The service's own words about a failure. */
  readonly trouble?: Trouble;
}

/** What the service says about a job when it is asked. */
export interface JobReport {
  readonly state: JobState;
  readonly trouble?: Trouble;
}

const MAY_BECOME: Record<JobState, readonly JobState[]> = {
  submitted: ['running', 'paused', 'succeeded', 'failed', 'cancelled', 'lost'],
  running: ['paused', 'succeeded', 'failed', 'cancelled', 'lost'],
  paused: ['submitted', 'running', 'succeeded', 'failed', 'cancelled', 'lost'],
  succeeded: [],
  failed: [],
  cancelled: [],
  lost: [],
};

export const JOB_STATES = Object.keys(MAY_BECOME) as readonly JobState[];

const IN_OUR_WORDS: ReadonlyMap<string, JobState> = new Map([
  ['Submitted', 'submitted'],
  ['Running', 'running'],
  ['Pause', 'paused'],
  ['Success', 'succeeded'],
  ['Failed', 'failed'],
  ['Cancel', 'cancelled'],
]);

/** Our word for a state of the service's; nothing for one we do not know, which changes nothing. */
export function jobStateOf(word: string): JobState | undefined {
  return IN_OUR_WORDS.get(word);
}

/** A job as the service has just accepted it. */
export function newJob(id: string, step: StepRef, now: number): Job {
  return { id, step, state: 'submitted', submittedAt: now, changedAt: now };
}

/** The job after one report. Late and repeated reports give the very same job back. */
export function advanceJob(job: Job, { state, trouble }: JobReport, now: number): Job {
  if (!MAY_BECOME[job.state].includes(state)) return job;
  return { ...job, state, changedAt: now, ...(trouble && { trouble }) };
}

export function hasEnded(job: Pick<Job, 'state'>): boolean {
  return MAY_BECOME[job.state].length === 0;
}

export interface SweepTerms {
  readonly now: number;
  /** Callbacks come seconds after the end; a job that is quiet for longer is asked about. */
  readonly quietMs: number;
  /** After this a job counts as lost. Not one that is paused: its queue's owner did that. */
  readonly lostMs: number;
}

/** What the sweep does about a job; `ask-then-lost`: it is lost unless the answer says otherwise. */
export function sweepOf(job: Job, terms: SweepTerms): 'leave' | 'ask' | 'ask-then-lost' {
  if (hasEnded(job)) return 'leave';
  if (job.state !== 'paused' && terms.now - job.submittedAt >= terms.lostMs) return 'ask-then-lost';
  return terms.now - job.changedAt >= terms.quietMs ? 'ask' : 'leave';
}

/** What a job means for its step: done or failed; nothing while it runs. */
export function receiptOf(job: Job, output: Output | undefined): Receipt | undefined {
  const { step } = job;
  if (!hasEnded(job)) return undefined;
  if (job.state === 'succeeded' && output) return { step, status: 'done', output };
  return { step, status: 'failed', fault: faultOf(job) };
}

function faultOf({ id, state, step, trouble }: Job): Fault {
  const detail = { jobId: id, ...trouble };
  const target = `${step.target.bucket}/${step.target.key}`;
  switch (state) {
    case 'succeeded':
      return new Fault('OUTPUT_MISSING', `Job ${id} succeeded without writing ${target}`, {
        detail,
      });
    case 'cancelled':
      return new Fault('JOB_CANCELLED', `Job ${id} was cancelled`, { detail });
    case 'lost':
      return new Fault('OUTCOME_UNKNOWN', `Nothing is known of job ${id} any more`, { detail });
    default: {
      const why = trouble ? `${trouble.code}: ${trouble.message}` : 'no reason given';
      return new Fault('JOB_FAILED', `Job ${id} failed, ${why}`, { detail });
    }
  }
}
