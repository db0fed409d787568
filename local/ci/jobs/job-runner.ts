import { setTimeout as wait } from 'node:timers/promises';
import type { JobRecord } from '../../../shared/wire/job-record.ts';
import type { PutOutcome } from '../../cos/storage/objects.ts';
import { newRequestId } from '../../server/request-id.ts';
import type { Callbacks } from '../callbacks-port.ts';
import { attempt } from './attempt.ts';
import type { CarriedOut } from './carried-out.ts';
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
  readonly running: Map<string, Running>;
}

interface Running {
  progress: number;
  readonly controller: AbortController;
}

/** How long it rests after the disk did not take what it wrote. */
const RETRY_MS = 1000;

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
    for (const { running } of this.#desks.values()) {
      for (const { controller } of running.values()) controller.abort();
    }
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
    const running = { progress: 0, controller: new AbortController() };
    desk.running.set(jobId, running);
    const run = this.#run({ bucket: desk.bucket, jobId }, running).finally(() => {
      desk.running.delete(jobId);
      this.#underWay.delete(run);
      this.pump();
    });
    this.#underWay.add(run);
  }

  /** One job from its start to its end, however often the disk has to be asked. */
  async #run({ bucket, jobId }: Place, running: Running): Promise<void> {
    const { store, host, report, onEnded } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const kept = store.get(bucket, jobId);
        if (!kept || hasEnded(kept.record)) return;
        const job = started(kept, host.now());
        await store.keep([job]);
        const ended = await this.#toItsEnd(job, running);
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
  async #toItsEnd(job: StoredJob, running: Running): Promise<StoredJob | undefined> {
    const { host, callbacks, workFolder, timeoutMs } = this.#options;
    const { controller } = running;
    const onProgress = (percent: number) => noteProgress(running, percent);
    try {
      const options = { job, host, workFolder, timeoutMs, controller, onProgress };
      return await attempt(options, (done) => this.#written(job, done));
    } catch (thrown) {
      if (this.#stopping.signal.aborted) return undefined;
      const { code, message } = jobErrorOf(thrown);
      const ended = failed(job, code, message, host.now());
      await host.storage.write([...jobWrites(ended), ...this.#callbackWrites(ended)]);
      callbacks.wake();
      return ended;
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
function noteProgress(running: Running, percent: number): void {
  if (!Number.isFinite(percent)) return;
  running.progress = Math.max(running.progress, Math.min(99, Math.floor(percent)));
}

function mustBeWritten(outcome: PutOutcome, bucket: string): void {
  if (outcome.status === 'stored') return;
  throw new JobError('WriteTargetBucketDenied', `${bucket} did not take it: ${outcome.status}.`);
}
