import type { JobCallback } from '../../../shared/wire/job-callback.ts';
import type { JobRecord } from '../../../shared/wire/job-record.ts';

export type CallbackFormat = NonNullable<JobCallback['format']>;

/** Where a callback goes. */
export type CallbackTarget =
  | { readonly to: 'address'; readonly url: string }
  | { readonly to: 'topic'; readonly topic: string; readonly region: string };

/** What came of one try. */
export type Heard =
  /** Some server said something, be it an error. */
  | { readonly outcome: 'answered'; readonly status: number; readonly text: string }
  /** The subscriber of a topic has it. */
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'failed'; readonly message: string }
  /** It cannot be made at all, so that another try is of no use. */
  | { readonly outcome: 'refused'; readonly message: string }
  /** It was lost on demand, and nobody was asked. */
  | { readonly outcome: 'lost' };

export type CallbackTry = { readonly at: number } & Heard;

interface Entry {
  /** The job and its state; one more of the same says so behind that. */
  readonly id: string;
  readonly bucket: string;
  readonly target: CallbackTarget;
  readonly format: CallbackFormat;
  /** As it is told, in every try alike. */
  readonly job: JobRecord;
  readonly raisedAt: number;
  /** The last of them. */
  readonly tries: readonly CallbackTry[];
  /** How many failed since it was raised or replayed. */
  readonly failures: number;
}

export interface WaitingCallback extends Entry {
  readonly state: 'waiting';
  readonly dueAt: number;
}

export interface EndedCallback extends Entry {
  readonly state: 'delivered' | 'given-up' | 'lost';
  readonly endedAt: number;
}

/** The end of one job, told to one receiver. */
export type CallbackEntry = WaitingCallback | EndedCallback;

/** The id a receiver may know a callback by: one more of the same is the same to it. */
export function messageIdOf({ job }: Pick<Entry, 'job'>): string {
  return `${job.jobId}.${job.state}`;
}

export function isCopy(entry: CallbackEntry): boolean {
  return entry.id !== messageIdOf(entry);
}

/** One more of the same. */
export function copyOf(entry: WaitingCallback, now: number): WaitingCallback {
  return { ...entry, id: `${messageIdOf(entry)}.again`, tries: [], failures: 0, dueAt: now };
}

/** The callback as if it had only just been raised; what was tried before stays known. */
export function anew(entry: CallbackEntry, now: number): WaitingCallback {
  const { id, bucket, target, format, job, raisedAt, tries } = entry;
  const same = { id, bucket, target, format, job, raisedAt, tries };
  return { ...same, state: 'waiting', failures: 0, dueAt: now };
}
