import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { OperationError } from '../ci/operations-port.ts';
import type { FrameTask } from './frame-work.ts';

/** A frame on its way to the thread or back, and what is put behind it if that changes. */
export interface Frames {
  readonly pixels: Uint8Array;
  readonly ground?: Uint8Array;
  /** A small frame that is only looked at. */
  readonly isLook?: boolean;
}

/** Works on frames away from the thread that answers requests. */
export interface FrameThread {
  /** What it is given goes over to the thread; the same memory comes back, worked on. */
  work(frames: Frames): Promise<Frames>;
  stop(): Promise<void>;
}

const MAX_HEAP_MB = 256;

export function frameThread(task: FrameTask): FrameThread {
  const worker = new Worker(workerFile(), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    env: {},
  });
  // One answer for each question, in order.
  const asked: { resolve(done: Frames): void; reject(why: unknown): void }[] = [];
  let failed: Error | undefined;
  worker.on('message', (done: Frames) => asked.shift()?.resolve(done));
  worker.on('error', (thrown) => end(`Working on a frame failed: ${thrown.message}`));
  worker.on('exit', () => end('The thread that works on frames ended'));

  function end(why: string): void {
    failed ??= new OperationError('InternalError', why);
    for (const { reject } of asked.splice(0)) reject(failed);
  }

  return {
    work(frames) {
      if (failed) return Promise.reject(failed);
      return new Promise((resolve, reject) => {
        asked.push({ resolve, reject });
        const { pixels, ground } = frames;
        const lent = [pixels.buffer, ...(ground ? [ground.buffer] : [])] as ArrayBuffer[];
        worker.postMessage(frames, lent);
      });
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** Beside the built command; from the sources, where the build puts it. */
function workerFile(): string {
  const places = ['../local/video-worker.mjs', '../../dist/local/video-worker.mjs'];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new OperationError('InternalError', 'The video worker is not built: run "npm run ready"');
}
