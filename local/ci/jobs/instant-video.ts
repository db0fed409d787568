import { copyFile } from 'node:fs/promises';
import type { VideoWork } from '../operations-port.ts';

/**
 * The video that takes no time: the output has the bytes of the input, whatever was asked for. It is
 * for tests and benches of everything around the frames, and says so by its name, `instant`.
 */
export async function instantVideo({ inputPath, outputPath, onProgress, signal }: VideoWork) {
  signal.throwIfAborted();
  await copyFile(inputPath, outputPath);
  onProgress(100);
}
