import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { JobRecord } from '../../../shared/wire/job-record.ts';
import type { PutOutcome } from '../../cos/storage/objects.ts';
import { newRequestId } from '../../server/request-id.ts';
import type { Callbacks } from '../callbacks-port.ts';
import { OperationError } from '../operations-port.ts';
import type { CarriedOut } from './carried-out.ts';
import { carryOut } from './carry-out.ts';
import type { CiHost } from './ci-host.ts';
import { JobError, jobErrorOf } from './job-error.ts';
import { failed, started, succeeded } from './job-state.ts';
import type { JobStore } from './job-store.ts';
import type { Queues } from './queues.ts';
import { hasEnded, jobWrites, type OpenJob, type StoredJob } from './stored-job.ts';
import { WaitingLine } from './waiting-line.ts';

export interface JobRunnerOptions {
  readonly host: CiHost;
  readonly store: JobStore;
  readonly queues: Queues;
  readonly callbacks: Callbacks;
  /** Where jobs have their files while they run. */
  readonly workFolder: string;
  /** One job may take so long, in real time. */
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
  /** Something ended: whoever waits for room or for a batch may look. */
  onEnded(job: StoredJob): void;
  /** Hears what went wrong on our side. */
  report(thrown: unknown): void;
}

interface Place {
  readonly bucket: string;
  readonly jobId: string;
}

/** A queue at work: who waits, and how far those are that run. */
interface Desk {
  readonly bucket: string;
  readonly queueId: string;
  readonly waiting: WaitingLine;
  readonly running: Map<string, { progress: number }>;
}

/** How long it rests after the disk did not take what it wrote. */
const RETRY_MS = 1000;
/** How long it rests when all threads are busy; ever longer, up to the last. */
const BUSY_MS = [20, 50, 100, 250, 500];

/**
 * Runs what waits. The tables alone say what there is to do: here are only ids, in line, read again
 * after every start. A job that was running then runs again, whether its queue is paused or not. Its
 * end is written together with its output, so that there is never one without the other.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #desks = new Map<string, Desk>();
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #idle: (() => void)[] = [];

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    const { store } = options;
    for (const [bucket, jobId, open] of store.open()) {
      const isRunning = store.get(bucket, jobId)?.record.state === 'Running';
      if (isRunning) this.#start(this.#deskOf(bucket, open.queueId), jobId);
      else this.add({ bucket, jobId }, open);
    }
  }

  add({ bucket, jobId }: Place, { queueId, level }: OpenJob): void {
    this.#deskOf(bucket, queueId).waiting.add(jobId, level);
  }

  waitingIn(bucket: string, queueId: string): number {
    return this.#deskOf(bucket, queueId).waiting.size;
  }

  /** Takes a job out of its line; false when it does not wait there. */
  take({ bucket, jobId }: Place, queueId: string): boolean {
    return this.#deskOf(bucket, queueId).waiting.remove(jobId);
  }

  get isQuiet(): boolean {
    return this.#underWay.size === 0;
  }

  /** How a job is told of: as it is kept, with what only shows while it waits or runs. */
  shown({ bucket, record }: StoredJob): JobRecord {
    const queueId = record.queueId ?? '';
    if (record.state === 'Submitted' && this.#options.queues.isPaused(bucket, queueId)) {
      return { ...record, state: 'Pause' };
    }
    if (record.state !== 'Running') return record;
    const running = this.#desks.get(deskKey(bucket, queueId))?.running.get(record.jobId);
    return { ...record, progress: running?.progress ?? 0 };
  }

  /** Starts whatever there is room for. */
  pump(): void {
    if (this.#stopping.signal.aborted) return;
    for (const desk of this.#desks.values()) this.#pumpOne(desk);
    this.#tellIdle();
  }

  /** Resolves when nothing runs and nothing that waits may start. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      setImmediate(() => this.#tellIdle());
    });
  }

  /** Leaves what runs for the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay);
    for (const tell of this.#idle.splice(0)) tell();
  }

  #pumpOne(desk: Desk): void {
    const { maxConcurrent, queues } = this.#options;
    while (desk.running.size < maxConcurrent && desk.waiting.size > 0) {
      if (queues.isPaused(desk.bucket, desk.queueId)) return;
      const jobId = desk.waiting.take();
      if (jobId !== undefined) this.#start(desk, jobId);
    }
  }

  #start(desk: Desk, jobId: string): void {
    desk.running.set(jobId, { progress: 0 });
    const run = this.#run(desk, jobId).finally(() => {
      desk.running.delete(jobId);
      this.#underWay.delete(run);
      this.pump();
    });
    this.#underWay.add(run);
  }

  /** One job from its start to its end, however often the disk has to be asked. */
  async #run(desk: Desk, jobId: string): Promise<void> {
    const { store, host, report, onEnded } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const kept = store.get(desk.bucket, jobId);
        if (!kept || hasEnded(kept.record)) return;
        const job = started(kept, host.now());
        await store.keep([job]);
        const ended = await this.#toItsEnd(desk, job);
        if (ended) onEnded(ended);
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        report(thrown);
        await wait(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** The job as it ended; nothing when it is left for the next start. */
  async #toItsEnd(desk: Desk, job: StoredJob): Promise<StoredJob | undefined> {
    const { host, callbacks } = this.#options;
    try {
      return await this.#carriedOut(desk, job);
    } catch (thrown) {
      if (this.#stopping.signal.aborted) return undefined;
      const { code, message } = jobErrorOf(thrown);
      const ended = failed(job, code, message, host.now());
      await host.storage.write([...jobWrites(ended), ...this.#callbackWrites(ended)]);
      callbacks.wake();
      return ended;
    }
  }

  async #carriedOut(desk: Desk, job: StoredJob): Promise<StoredJob> {
    const { host, timeoutMs } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    const signal = AbortSignal.any([late.signal, this.#stopping.signal]);
    let folder: Promise<string> | undefined;
    const attempt = {
      ...{ job, host, signal },
      folder: () => (folder ??= mkdtemp(join(this.#options.workFolder, 'job-'))),
      onProgress: (percent: number) => noteProgress(desk, job.record.jobId, percent),
    };
    try {
      const work = whenThereIsRoom(() => carryOut(attempt), signal);
      const done = await unlessAborted(work, signal);
      return await this.#written(job, done);
    } catch (thrown) {
      if (!late.signal.aborted || this.#stopping.signal.aborted) throw thrown;
      throw new JobError('InternalError', `The job took longer than ${timeoutMs} ms.`);
    } finally {
      clearTimeout(timer);
      if (folder) await rm(await folder, { recursive: true, force: true });
    }
  }

  /** The output, its event, the end of the job and its callback: all of it, or nothing. */
  async #written(job: StoredJob, done: CarriedOut): Promise<StoredJob> {
    const { host, callbacks } = this.#options;
    const { jobId, operation } = job.record;
    const { bucket = '', object: key = '' } = operation.output ?? {};
    const requestId = newRequestId(host.now());
    const cause = { name: 'cos:ObjectCreated:Put', requestId, remoteAddress: '127.0.0.1' };
    let ended = job;
    const outcome = await host.storage.objects.put(bucket, key, done.body, {
      describe: { contentType: done.contentType, writtenBy: `ci job ${jobId}` },
      also: (change) => {
        const { after } = change;
        if (!after) return [];
        ended = succeeded(job, done.results(after), host.now());
        return [
          ...jobWrites(ended),
          ...this.#callbackWrites(ended),
          ...host.events.writesFor(change, cause),
        ];
      },
    });
    mustBeWritten(outcome, bucket);
    host.events.wake();
    callbacks.wake();
    return ended;
  }

  #callbackWrites({ bucket, region, record, callback }: StoredJob) {
    const { queues, callbacks } = this.#options;
    const notify = queues.find(bucket, record.queueId ?? '')?.notify ?? {};
    return callbacks.writesFor({ record, bucket, region, callback, notify });
  }

  #deskOf(bucket: string, queueId: string): Desk {
    const key = deskKey(bucket, queueId);
    let desk = this.#desks.get(key);
    if (!desk) {
      desk = { bucket, queueId, waiting: new WaitingLine(), running: new Map() };
      this.#desks.set(key, desk);
    }
    return desk;
  }

  #tellIdle(): void {
    if (this.#underWay.size > 0) return;
    for (const tell of this.#idle.splice(0)) tell();
  }
}

function deskKey(bucket: string, queueId: string): string {
  return `${bucket} ${queueId}`;
}

/** A hundred is for jobs that have ended, and a report never goes back. */
function noteProgress(desk: Desk, jobId: string, percent: number): void {
  const running = desk.running.get(jobId);
  if (!running || !Number.isFinite(percent)) return;
  running.progress = Math.max(running.progress, Math.min(99, Math.floor(percent)));
}

/** Busy threads are no fault of the job: it asks again until it is heard, or out of time. */
async function whenThereIsRoom<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let turn = 0; ; turn++) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof OperationError) || thrown.code !== 'SlowDown') throw thrown;
      await wait(BUSY_MS[Math.min(turn, BUSY_MS.length - 1)], undefined, { signal });
    }
  }
}

/** Work that does not listen is left to itself. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function mustBeWritten(outcome: PutOutcome, bucket: string): void {
  if (outcome.status === 'stored') return;
  throw new JobError('WriteTargetBucketDenied', `${bucket} did not take it: ${outcome.status}.`);
}
