import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../../shared/core/fault.ts';
import type { Table } from '../../cos/storage/table.ts';
import { BatchInput } from './batch-input.ts';
import { batchOutputKey } from './batch-output.ts';
import type { CiHost } from './ci-host.ts';
import { jobErrorOf } from './job-error.ts';
import type { JobRunner } from './job-runner.ts';
import { cancelled } from './job-state.ts';
import type { JobStore } from './job-store.ts';
import { newJob } from './new-job.ts';
import type { Queues } from './queues.ts';
import { BATCHES, batchIsOver, batchKey, batchWrite, type StoredBatch } from './stored-batch.ts';
import { jobWrites, openJob, type StoredJob } from './stored-job.ts';

export interface BatchRunnerOptions {
  readonly host: CiHost;
  readonly store: JobStore;
  readonly queues: Queues;
  readonly runner: JobRunner;
  /** How many jobs may wait in a queue. */
  readonly maxSize: number;
  report(thrown: unknown): void;
}

/** A batch that goes on. */
interface Open {
  readonly bucket: string;
  readonly jobId: string;
  /** Its jobs that have not ended. */
  readonly children: Set<string>;
  input: BatchInput | undefined;
  driven: Promise<void> | undefined;
  /** Something happened while it was driven. */
  again: boolean;
  cancelled: boolean;
}

/** So many jobs of one batch wait or run at once: the queue is there for others as well. */
const WINDOW = 50;
const RETRY_MS = 1000;

/** Makes the jobs of batches, a window at a time, and ends a batch when the last of them has ended. */
export class BatchRunner {
  readonly #options: BatchRunnerOptions;
  readonly #batches: Table<StoredBatch>;
  readonly #open = new Map<string, Open>();
  readonly #stopping = new AbortController();

  constructor(options: BatchRunnerOptions) {
    this.#options = options;
    this.#batches = options.host.storage.table(BATCHES);
    const children = childrenByBatch(options.store);
    for (const [, batch] of this.#batches.range()) {
      if (!batchIsOver(batch)) this.#opened(batch, children.get(batch.jobId) ?? new Set());
    }
  }

  get isQuiet(): boolean {
    return [...this.#open.values()].every(({ driven }) => driven === undefined);
  }

  async submit(batch: StoredBatch): Promise<void> {
    await this.#options.host.storage.write([batchWrite(batch)]);
    this.#drive(this.#opened(batch, new Set()));
  }

  /** Lets all of them go on as far as they can. */
  pump(): void {
    for (const open of this.#open.values()) this.#drive(open);
  }

  /** A job has ended, or was cancelled: its batch may be over, and any batch may have room. */
  left({ batch, record }: StoredJob): void {
    if (batch !== undefined) this.#open.get(batch)?.children.delete(record.jobId);
    this.pump();
  }

  /** Ends a batch, and those of its jobs that wait. False when it is over already. */
  async cancel(bucket: string, jobId: string): Promise<boolean> {
    const { host, store, runner } = this.#options;
    const open = this.#open.get(jobId);
    if (!open || open.cancelled || open.bucket !== bucket) return false;
    open.cancelled = true;
    await open.driven;
    const batch = this.#batches.get(batchKey(bucket, jobId));
    if (!batch || batchIsOver(batch)) return false;
    const { queueId } = batch;
    const jobs = [...open.children]
      .filter((child) => runner.take({ bucket, jobId: child }, queueId))
      .flatMap((child) => store.get(bucket, child) ?? []);
    const now = host.now();
    try {
      await host.storage.write([
        batchWrite({ ...batch, state: 'Cancel', endedAt: now }),
        ...jobs.flatMap((job) => jobWrites(cancelled(job, now))),
      ]);
    } catch (thrown) {
      for (const job of jobs) runner.add({ bucket, jobId: job.record.jobId }, openJob(job));
      open.cancelled = false;
      this.#drive(open);
      throw thrown;
    }
    this.#forget(open);
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#open.values()].map(({ driven }) => driven));
  }

  #opened({ bucket, jobId }: StoredBatch, children: Set<string>): Open {
    const rest = { input: undefined, driven: undefined, again: false, cancelled: false };
    const open: Open = { bucket, jobId, children, ...rest };
    this.#open.set(jobId, open);
    return open;
  }

  #drive(open: Open): void {
    open.again = true;
    open.driven ??= this.#untilNothingIsLeft(open).finally(() => {
      open.driven = undefined;
      // Something may have happened between its last look and now.
      if (open.again && this.#mayGoOn(open)) this.#drive(open);
    });
  }

  async #untilNothingIsLeft(open: Open): Promise<void> {
    const { signal } = this.#stopping;
    while (open.again && this.#mayGoOn(open)) {
      open.again = false;
      try {
        await this.#advance(open);
      } catch (thrown) {
        if (signal.aborted) return;
        this.#options.report(thrown);
        open.again = true;
        await wait(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  #mayGoOn({ jobId, cancelled: gone }: Open): boolean {
    return !gone && !this.#stopping.signal.aborted && this.#open.has(jobId);
  }

  async #advance(open: Open): Promise<void> {
    const { host, queues, runner } = this.#options;
    const kept = this.#batches.get(batchKey(open.bucket, open.jobId));
    if (!kept) return this.#forget(open);
    if (kept.state === 'Submitted' && queues.isPaused(kept.bucket, kept.queueId)) return;
    let batch: StoredBatch = { ...kept, state: 'Running', startedAt: kept.startedAt ?? host.now() };
    try {
      if (kept.state === 'Submitted') await host.storage.write([batchWrite(batch)]);
      while (!batch.exhausted && this.#hasRoom(open, batch)) {
        const filled = await this.#filled(open, batch);
        if (!filled) return;
        batch = filled;
        runner.pump();
      }
    } catch (thrown) {
      // A full disk may have room again; what a batch was asked stays as it is.
      if (thrown instanceof Fault && thrown.retry === 'later') throw thrown;
      await this.#end(open, { ...batch, state: 'Failed', ...jobErrorOf(thrown) });
      return;
    }
    if (batch.exhausted && open.children.size === 0) {
      await this.#end(open, { ...batch, state: 'Success' });
    }
  }

  #hasRoom({ children, cancelled: gone }: Open, { bucket, queueId }: StoredBatch): boolean {
    const { runner, maxSize } = this.#options;
    return !gone && children.size < WINDOW && runner.waitingIn(bucket, queueId) < maxSize;
  }

  /** The batch with the jobs of one more page; nothing when it was cancelled meanwhile. */
  async #filled(open: Open, batch: StoredBatch): Promise<StoredBatch | undefined> {
    const { host, runner } = this.#options;
    open.input ??= new BatchInput(host, batch);
    const { keys, next } = await open.input.page(batch.cursor, WINDOW);
    if (!this.#mayGoOn(open)) return undefined;
    const jobs = keys.map((key) => childOf(batch, key, host.now()));
    const { cursor: _, ...rest } = batch;
    const filled: StoredBatch =
      next === undefined ? { ...rest, exhausted: true } : { ...rest, cursor: next };
    await host.storage.write([...jobs.flatMap(jobWrites), batchWrite(filled)]);
    for (const job of jobs) {
      open.children.add(job.record.jobId);
      runner.add({ bucket: job.bucket, jobId: job.record.jobId }, openJob(job));
    }
    return filled;
  }

  async #end(open: Open, batch: StoredBatch): Promise<void> {
    const { host } = this.#options;
    await host.storage.write([batchWrite({ ...batch, endedAt: host.now() })]);
    this.#forget(open);
  }

  #forget({ jobId }: Open): void {
    this.#open.delete(jobId);
  }
}

function childrenByBatch(store: JobStore): ReadonlyMap<string, Set<string>> {
  const children = new Map<string, Set<string>>();
  for (const [, jobId, { batch }] of store.open()) {
    if (batch === undefined) continue;
    const others = children.get(batch) ?? new Set();
    children.set(batch, others.add(jobId));
  }
  return children;
}

/** The job of one object of a batch. */
function childOf(batch: StoredBatch, key: string, now: number): StoredJob {
  const { bucket, region, queueId, jobId, request } = batch;
  const { tag = '', parameters, output, userData, jobLevel, callback } = request.operation;
  const operation = {
    parameters,
    ...(output && {
      output: { ...output, object: batchOutputKey(output.object, jobId, key) },
    }),
    ...(userData !== undefined && { userData }),
    ...(jobLevel !== undefined && { jobLevel }),
  };
  return newJob({ bucket, region, queueId, tag, key, operation, callback, batch: jobId, now });
}
