import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OperationError } from '../operations-port.ts';
import type { Attempt, CarriedOut } from './carried-out.ts';
import { carryOut } from './carry-out.ts';
import { JobError } from './job-error.ts';

export interface AttemptOptions extends Pick<Attempt, 'job' | 'host' | 'onProgress'> {
  readonly workFolder: string;
  /** In real time. */
  readonly timeoutMs: number;
  /** Ended from outside, and from here when it takes too long. */
  readonly controller: AbortController;
}

/** How long it rests when all threads are busy; ever longer, up to the last. */
const BUSY_MS = [20, 50, 100, 250, 500];

/**
 * Carries a job out in the time it has. What it came to is only there while `finish` works on it:
 * the folder of the job goes afterwards, however it ended.
 */
export async function attempt<T>(
  { job, host, onProgress, workFolder, timeoutMs, controller }: AttemptOptions,
  finish: (done: CarriedOut) => Promise<T>,
): Promise<T> {
  const { signal } = controller;
  let folder: Promise<string> | undefined;
  const late = new JobError('InternalError', `The job took longer than ${timeoutMs} ms.`);
  const timer = setTimeout(() => controller.abort(late), timeoutMs);
  const asked: Attempt = {
    ...{ job, host, onProgress, signal },
    folder: () => (folder ??= mkdtemp(join(workFolder, 'job-'))),
  };
  try {
    const done = await unlessAborted(
      whenThereIsRoom(() => carryOut(asked), signal),
      signal,
    );
    clearTimeout(timer);
    return await finish(done);
  } finally {
    clearTimeout(timer);
    if (folder) await rm(await folder, { recursive: true, force: true });
  }
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

/** Work that does not listen is left to itself, and so is whatever it says afterwards. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    work.then(resolve, reject);
  });
}
