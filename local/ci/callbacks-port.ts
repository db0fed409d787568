import type { JobCallback } from '../../shared/wire/job-callback.ts';
import type { JobRecord } from '../../shared/wire/job-record.ts';
import type { JobQueue } from '../../shared/wire/queue.ts';
import type { TableWrite } from '../cos/storage/table.ts';

/** A job that succeeded or failed just now, and what was said about whom to tell. */
export interface EndedJob {
  /** As it will stand: with its end, its results, and what went wrong. */
  readonly record: JobRecord;
  readonly bucket: string;
  readonly region: string;
  /** What the job itself asked for; it goes before what its queue says. */
  readonly callback: JobCallback;
  /** What its queue says at this moment. */
  readonly notify: JobQueue['notify'];
}

/** Whoever tells the world that jobs have ended. */
export interface Callbacks {
  /** Refuses, by an error for the job hosts, what cannot be told anybody: when a job is submitted. */
  check(callback: JobCallback): void;
  /** The same when a queue is changed. */
  checkQueue(notify: JobQueue['notify']): void;
  /**
   * What to keep so that the callback is made: it is written together with the end of the job, or
   * not at all. Only answers, and may be asked twice about one job: the job and its state are the id.
   */
  writesFor(job: EndedJob): readonly TableWrite[];
  /** What was answered before has been kept. */
  wake(): void;
}
