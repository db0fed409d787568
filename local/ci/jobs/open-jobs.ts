import { mkdirSync, rmSync } from 'node:fs';
import type { JobRecord } from '../../../shared/wire/job-record.ts';
import type { JobQueue, QueueUpdate } from '../../../shared/wire/queue.ts';
import type { Callbacks } from '../callbacks-port.ts';
import { BatchRunner } from './batch-runner.ts';
import { BatchStore } from './batch-store.ts';
import type { CiHost } from './ci-host.ts';
import { JobRunner } from './job-runner.ts';
import { cancelled } from './job-state.ts';
import { JobStore } from './job-store.ts';
import { OpenedServices } from './opened-services.ts';
import { type QueueLimits, Queues, USUAL_LIMITS } from './queues.ts';
import type { StoredBatch } from './stored-batch.ts';
import { openJob, type StoredJob } from './stored-job.ts';

export interface JobsOptions {
  readonly host: CiHost;
  readonly callbacks: Callbacks;
  /** A folder for files while jobs run; whatever is in it goes. */
  readonly workFolder: string;
  /** Nothing is opened for any bucket until somebody opens it. */
  readonly bare: boolean;
  readonly limits?: Partial<QueueLimits> | undefined;
  /** One job may take so long, in real time. */
  readonly timeoutMs?: number | undefined;
  /** Hears what went wrong on our side. */
  readonly report?: ((thrown: unknown) => void) | undefined;
}

/** The jobs of all buckets: kept, in line, and run. */
export interface EngineJobs {
  readonly callbacks: Pick<Callbacks, 'check' | 'checkQueue'>;
  readonly opened: OpenedServices;
  readonly queues: Queues;
  readonly store: Pick<JobStore, 'get' | 'list'>;
  readonly batches: Pick<BatchStore, 'get' | 'list'>;
  /** How a job is told of at this moment. */
  shown(job: StoredJob): JobRecord;
  /** All of them, or none when one of their queues has no room. */
  submit(jobs: readonly StoredJob[]): Promise<'submitted' | 'saturated'>;
  cancel(bucket: string, jobId: string): Promise<'cancelled' | 'not-waiting' | 'no-job'>;
  submitBatch(batch: StoredBatch): Promise<void>;
  cancelBatch(bucket: string, jobId: string): Promise<boolean>;
  changeQueue(bucket: string, queue: JobQueue, update: QueueUpdate): Promise<void>;
  /** Resolves when nothing runs and nothing that waits may start. */
  idle(): Promise<void>;
  /** Leaves what runs for the next start. */
  stop(): Promise<void>;
  /** Starts over from the storage after it was put back to another state. Stop before that. */
  reload(): void;
}

const HOUR_MS = 3_600_000;

/** Opens what the storage holds: whatever waited is in line again, and whatever ran runs again. */
export function openJobs(options: JobsOptions): EngineJobs {
  const { host, callbacks, workFolder, bare, timeoutMs = HOUR_MS, report = () => {} } = options;
  const limits = { ...USUAL_LIMITS, ...options.limits };
  const { maxConcurrent, maxSize } = limits;
  const opened = new OpenedServices({ ...host, bare });
  const queues = new Queues(host.storage, opened, limits);
  const store = new JobStore(host.storage);
  const batchStore = new BatchStore(host.storage);
  /** Room that is taken by jobs which are being written at this moment. */
  const reserved = new Map<string, number>();

  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  let { runner, batches } = begin();

  function begin() {
    const started = { host, store, queues, report };
    const run = new JobRunner({
      ...started,
      ...{ callbacks, workFolder, timeoutMs, maxConcurrent },
      onEnded: (job) => after.left(job),
    });
    const after = new BatchRunner({ ...started, runner: run, maxSize });
    run.pump();
    after.pump();
    return { runner: run, batches: after };
  }

  function reserve(jobs: readonly StoredJob[], sign: 1 | -1): void {
    for (const { record } of jobs) {
      const queueId = record.queueId ?? '';
      const left = (reserved.get(queueId) ?? 0) + sign;
      if (left === 0) reserved.delete(queueId);
      else reserved.set(queueId, left);
    }
  }

  function isTooFull({ bucket, record }: StoredJob): boolean {
    const queueId = record.queueId ?? '';
    return runner.waitingIn(bucket, queueId) + (reserved.get(queueId) ?? 0) > maxSize;
  }

  return {
    callbacks,
    opened,
    queues,
    store,
    batches: batchStore,
    shown: (job) => runner.shown(job),

    async submit(jobs) {
      reserve(jobs, 1);
      try {
        if (jobs.some(isTooFull)) return 'saturated';
        await store.keep(jobs);
        for (const job of jobs) {
          runner.add({ bucket: job.bucket, jobId: job.record.jobId }, openJob(job));
        }
      } finally {
        reserve(jobs, -1);
      }
      runner.pump();
      return 'submitted';
    },

    async cancel(bucket, jobId) {
      const job = store.get(bucket, jobId);
      if (!job) return 'no-job';
      if (!runner.take({ bucket, jobId }, job.record.queueId ?? '')) return 'not-waiting';
      try {
        await store.keep([cancelled(job, host.now())]);
      } catch (thrown) {
        runner.add({ bucket, jobId }, openJob(job));
        throw thrown;
      }
      batches.left(job);
      return 'cancelled';
    },

    submitBatch: (batch) => batches.submit(batch),
    async cancelBatch(bucket, jobId) {
      const ended = await batches.cancel(bucket, jobId);
      runner.pump();
      return ended;
    },

    async changeQueue(bucket, { queueId }, update) {
      await queues.change(bucket, queueId, update, host.now());
      runner.pump();
      batches.pump();
    },

    async idle() {
      do {
        await runner.idle();
        await new Promise((resolve) => setImmediate(resolve));
      } while (!runner.isQuiet || !batches.isQuiet);
    },

    async stop() {
      await Promise.all([runner.stop(), batches.stop()]);
    },

    reload() {
      ({ runner, batches } = begin());
    },
  };
}
