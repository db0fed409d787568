import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  OperationError,
  type OperationFault,
  type PictureDone,
  type PictureInfo,
  type PictureWork,
} from '../operations-port.ts';

export type Asked =
  | { readonly kind: 'info'; readonly input: Uint8Array }
  | { readonly kind: 'picture'; readonly work: PictureWork };

export type Replied =
  | { readonly ok: true; readonly info: PictureInfo }
  | { readonly ok: true; readonly done: PictureDone }
  | { readonly ok: false; readonly code: OperationFault; readonly message: string };

export interface PoolOptions {
  readonly threads?: number;
  /** How many may wait; one more is told to slow down. */
  readonly maxWaiting?: number;
  /** One picture may take so long; then its thread is ended. */
  readonly timeoutMs?: number;
}

/** Threads that process pictures behind a bounded queue. */
export interface PicturePool {
  picture(work: PictureWork): Promise<PictureDone>;
  info(input: Uint8Array): Promise<PictureInfo>;
  readonly waiting: number;
  readonly running: number;
  /** Requests that were told to slow down. */
  readonly refused: number;
  stop(): Promise<void>;
}

const MAX_HEAP_MB = 512;

export function picturePool(options: PoolOptions = {}): PicturePool {
  const { maxWaiting = 100, timeoutMs = 60_000 } = options;
  const threads = options.threads ?? Math.max(1, availableParallelism() - 1);
  let refused = 0;
  let running = 0;
  // Threads start with the first picture: most starts of an engine see none.
  let pool: Promise<import('piscina').Piscina> | undefined;

  async function start() {
    const { Piscina } = await import('piscina');
    return new Piscina({
      filename: workerFile(),
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 30_000,
      concurrentTasksPerWorker: 1,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
  }

  async function run(asked: Asked): Promise<Replied & { ok: true }> {
    if (running >= threads + maxWaiting) {
      refused++;
      throw new OperationError('SlowDown', 'Too many pictures wait to be processed');
    }
    running++;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    try {
      pool ??= start();
      const replied: Replied = await (await pool).run(asked, { signal: timeout.signal });
      if (!replied.ok) throw new OperationError(replied.code, replied.message);
      return replied;
    } catch (thrown) {
      if (thrown instanceof OperationError) throw thrown;
      const why = timeout.signal.aborted
        ? `The picture took longer than ${timeoutMs} ms`
        : `Processing ended early: ${thrown instanceof Error ? thrown.message : thrown}`;
      throw new OperationError('InternalError', why);
    } finally {
      clearTimeout(timer);
      running--;
    }
  }

  return {
    async picture(work) {
      const replied = await run({ kind: 'picture', work });
      if ('done' in replied) return replied.done;
      throw new OperationError('InternalError', 'A thread answered what it was not asked');
    },
    async info(input) {
      const replied = await run({ kind: 'info', input });
      if ('info' in replied) return replied.info;
      throw new OperationError('InternalError', 'A thread answered what it was not asked');
    },
    get waiting() {
      return Math.max(0, running - threads);
    },
    get running() {
      return Math.min(running, threads);
    },
    get refused() {
      return refused;
    },
    async stop() {
      if (pool) await (await pool).destroy();
    },
  };
}

/** Beside the built command; from the sources, where the build puts it. */
function workerFile(): string {
  const places = ['../local/picture-worker.mjs', '../../../dist/local/picture-worker.mjs'];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new OperationError('InternalError', 'The picture worker is not built: run "npm run ready"');
}
