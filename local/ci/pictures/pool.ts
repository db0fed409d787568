import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Load,
  OperationError,
  type OperationFault,
  type PictureDone,
  type PictureInfo,
  type PictureWork,
} from '../operations-port.ts';
import { type CraftOptions, INSTANT, type ModelFiles } from './craft.ts';
import { Turns } from './turns.ts';

export type Asked = { readonly timeoutMs: number } & (
  | { readonly kind: 'info'; readonly input: Uint8Array }
  | { readonly kind: 'models'; readonly models: ModelFiles }
  | { readonly kind: 'picture'; readonly work: PictureWork; readonly craft: CraftOptions }
);

export type Replied =
  | { readonly ok: true; readonly models: 'fine' }
  | { readonly ok: true; readonly info: PictureInfo }
  | { readonly ok: true; readonly done: PictureDone }
  | { readonly ok: false; readonly code: OperationFault; readonly message: string };

export interface PoolOptions {
  /** How operations are done; instantly unless given. */
  readonly craft?: CraftOptions;
  readonly threads?: number;
  /** How many may wait; one more is told to slow down. */
  readonly maxWaiting?: number;
  /** One picture may take so long once it is begun; then its thread is ended. */
  readonly timeoutMs?: number;
}

/** Threads that process pictures behind a bounded queue. */
export interface PicturePool {
  picture(work: PictureWork): Promise<PictureDone>;
  info(input: Uint8Array): Promise<PictureInfo>;
  /** Tries the models of the craft; says what is wrong with one. */
  checkModels(): Promise<void>;
  load(): Load;
  stop(): Promise<void>;
}

/** The picture library and the file system share the four threads of the process: one stays free. */
const MAX_THREADS = 3;
const MAX_HEAP_MB = 512;
const STOP_MS = 1000;
const MAX_HELD_BYTES = 512 * 1024 * 1024;

export function picturePool(options: PoolOptions = {}): PicturePool {
  const { craft = INSTANT, maxWaiting = 100, timeoutMs = 60_000 } = options;
  const threads = options.threads ?? Math.max(1, Math.min(availableParallelism() - 1, MAX_THREADS));
  const turns = new Turns({ places: threads, maxWaiting, maxBytes: MAX_HELD_BYTES });
  const underWay = new Set<AbortController>();
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
    const end = new AbortController();
    const { signal } = end;
    underWay.add(end);
    let timer: NodeJS.Timeout | undefined;
    try {
      pool ??= start();
      const threadsOfPool = await pool;
      timer = setTimeout(
        () => end.abort(`The picture took longer than ${timeoutMs} ms`),
        timeoutMs,
      );
      const replied: Replied = await threadsOfPool.run(asked, { signal });
      if (!replied.ok) throw new OperationError(replied.code, replied.message);
      return replied;
    } catch (thrown) {
      if (thrown instanceof OperationError) throw thrown;
      const why = signal.aborted
        ? String(signal.reason)
        : `Processing ended early: ${thrown instanceof Error ? thrown.message : thrown}`;
      throw new OperationError('InternalError', why);
    } finally {
      clearTimeout(timer);
      underWay.delete(end);
    }
  }

  return {
    async picture(work) {
      const bytes = work.input.length + (work.mask?.length ?? 0);
      const replied = await turns.take(bytes, () =>
        run({ kind: 'picture', work, craft, timeoutMs }),
      );
      if ('done' in replied) return replied.done;
      throw new OperationError('InternalError', 'A thread answered what it was not asked');
    },
    async info(input) {
      const replied = await turns.take(input.length, () => run({ kind: 'info', input, timeoutMs }));
      if ('info' in replied) return replied.info;
      throw new OperationError('InternalError', 'A thread answered what it was not asked');
    },
    async checkModels() {
      const { models = {} } = craft;
      if (Object.keys(models).length > 0) await run({ kind: 'models', models, timeoutMs });
    },
    load() {
      const { running, waiting, refused } = turns;
      return { running, waiting, refused };
    },
    async stop() {
      turns.end();
      if (!pool) return;
      for (const each of underWay) each.abort('The engine stops');
      // A thread ends only when the library returns from what it is at; nobody has to wait for that.
      const ended = pool.then(
        (threadsOfPool) => threadsOfPool.destroy(),
        () => undefined,
      );
      await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })]);
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
