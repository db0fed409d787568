import { copyFile, readFile, writeFile } from 'node:fs/promises';
import {
  OperationError,
  type Operations,
  type PictureInfo,
  type PictureWork,
  type VideoWork,
} from '../../../../local/ci/operations-port.ts';

const INFO: PictureInfo = {
  ...{ format: 'PNG', width: 4, height: 3, quality: 100 },
  ...{ average: '0x102030', orientation: 0, frames: 1 },
};

/** Operations of a test: quick, and held back for as long as the test wants. */
export interface HeldOperations extends Operations {
  /** Every video that was begun, in order. */
  readonly begun: VideoWork[];
  readonly pictures: PictureWork[];
  /** How many are at work, held back or not. */
  readonly running: number;
  readonly runningAtMost: number;
  /** From now on works wait until they are let go. */
  hold(): void;
  letGo(): void;
}

/**
 * A video becomes `done: ` and its input; one whose input says `bad` is refused, `slow down` is too
 * much at first, and `deaf` never ends. A picture becomes its rule.
 */
export function heldOperations(): HeldOperations {
  const begun: VideoWork[] = [];
  const pictures: PictureWork[] = [];
  let gate: Promise<void> | undefined;
  let open = () => {};
  let running = 0;
  let runningAtMost = 0;

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    running += 1;
    runningAtMost = Math.max(runningAtMost, running);
    try {
      await gate;
      return await work();
    } finally {
      running -= 1;
    }
  }

  return {
    name: 'held',
    begun,
    pictures,
    get running() {
      return running;
    },
    get runningAtMost() {
      return runningAtMost;
    },
    hold() {
      gate ??= new Promise((resolve) => {
        open = resolve;
      });
    },
    letGo() {
      open();
      gate = undefined;
    },
    async video(work) {
      begun.push(work);
      const input = await readFile(work.inputPath, 'latin1');
      await counted(async () => {
        if (input === 'bad') throw new OperationError('InvalidArgument', 'This is no video');
        if (input === 'deaf') await new Promise(() => {});
        if (input === 'slow down' && begun.length < 3) {
          throw new OperationError('SlowDown', 'All threads are busy');
        }
        work.onProgress(50);
        if (input === 'as it is') await copyFile(work.inputPath, work.outputPath);
        else await writeFile(work.outputPath, `done: ${input}`, 'latin1');
      });
    },
    async picture(work) {
      pictures.push(work);
      if (Buffer.from(work.input).toString() === 'bad') {
        throw new OperationError('InvalidImageFormat', 'This is no picture');
      }
      return counted(async () => ({
        ...{ contentType: 'image/png', info: INFO, engine: 'held' },
        output: Buffer.from(`${JSON.stringify(work.rule)} of ${Buffer.from(work.input)}`),
      }));
    },
    info: async () => INFO,
    stop: async () => {},
  };
}
