import { parentPort, workerData } from 'node:worker_threads';
import type { Frames } from './frame-thread.ts';
import { type FrameTask, frameWork } from './frame-work.ts';

// A thread of its own for each video: it ends with it, and memory never mixes.
const { look, work } = frameWork(workerData as FrameTask);

// One after the other: a model may take its time.
let before = Promise.resolve();
parentPort?.on('message', (frames: Frames) => {
  before = before.then(() => answer(frames));
});

async function answer({ pixels, ground, isLook = false }: Frames): Promise<void> {
  if (isLook) look(pixels);
  else await work(pixels, ground);
  const frames: Frames = ground ? { pixels, ground } : { pixels };
  const lent = [pixels.buffer, ...(ground ? [ground.buffer] : [])] as ArrayBuffer[];
  parentPort?.postMessage(frames, lent);
}
