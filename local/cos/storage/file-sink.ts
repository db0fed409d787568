import { type FileHandle, open } from 'node:fs/promises';
import type { Sink } from './blobs.ts';
import { diskFault } from './disk-fault.ts';

export interface FileSinkOptions {
  /** `wx` for a new file, `r+` for one that is there. */
  readonly flags: string | number;
  readonly at: number;
  readonly sync: boolean;
  /** Runs after the file was closed without being finished. */
  readonly undo: (file: FileHandle) => Promise<void>;
}

/** Writes pieces one after the other into a file, from `at` on. */
export async function fileSink(path: string, options: FileSinkOptions): Promise<Sink> {
  const { flags, sync, undo } = options;
  const file = await open(path, flags).catch((thrown) => {
    throw diskFault(thrown, path);
  });
  let position = options.at;

  return {
    async write(pieces) {
      try {
        position += await writeFully(file, pieces, position);
      } catch (thrown) {
        throw diskFault(thrown, path);
      }
    },
    async finish() {
      try {
        if (sync) await file.sync();
      } catch (thrown) {
        throw diskFault(thrown, path);
      } finally {
        await file.close();
      }
    },
    async abandon() {
      // Whatever went wrong with this file was said already; what is left goes at the next start.
      await undo(file).catch(() => undefined);
      await file.close().catch(() => undefined);
    },
  };
}

/** The system may take less than it is given when the disk is about to be full. */
async function writeFully(
  file: FileHandle,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let total = 0;
  for (const piece of pieces) total += piece.length;

  let { bytesWritten } = await file.writev([...pieces], position);
  if (bytesWritten < total) {
    const rest = Buffer.concat(pieces, total);
    while (bytesWritten < total) {
      const at = position + bytesWritten;
      bytesWritten += (await file.write(rest, bytesWritten, total - bytesWritten, at)).bytesWritten;
    }
  }
  return total;
}
