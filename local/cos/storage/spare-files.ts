import { openSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { diskCode } from './disk-fault.ts';

const MOST = 256;
const KEPT_FOR_MS = 500;

/**
 * Files whose objects were replaced a moment ago, for the bytes of the next ones. Making a file is
 * slow, all the more after others were removed, and writing into one that is there is not.
 *
 * Nobody may be reading them: so only files that are read in one go come here, and one that has a
 * second name, in a copy or a snapshot, is not used again.
 */
export class SpareFiles {
  readonly #root: string;
  /** Told which files are gone under the names they had. */
  readonly #gone: (files: readonly string[]) => void;
  #files: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, gone: (files: readonly string[]) => void) {
    this.#root = root;
    this.#gone = gone;
  }

  /** Whether there was room for it. */
  add(file: string): boolean {
    if (this.#files.length >= MOST) return false;
    this.#files.push(file);
    this.#timer ??= setTimeout(() => void this.clear(), KEPT_FOR_MS).unref();
    return true;
  }

  /** One of the files, opened under its new path, and the size it has. */
  take(path: string): { readonly fd: number; readonly size: number } | undefined {
    for (let file = this.#files.pop(); file !== undefined; file = this.#files.pop()) {
      try {
        const from = join(this.#root, file);
        const { nlink, size } = statSync(from);
        if (nlink === 1) {
          renameSync(from, path);
          return { fd: openSync(path, 'r+'), size };
        }
        unlinkSync(from);
      } catch {
        // Its folder went with the last object in it.
      } finally {
        this.#gone([file]);
      }
    }
    return undefined;
  }

  async clear(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const files = this.#files;
    this.#files = [];
    const removed = await Promise.all(files.map((file) => removeFile(join(this.#root, file))));
    this.#gone(files.filter((_, number) => removed[number]));
  }
}

/** Whether it is gone now. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (thrown) {
    return diskCode(thrown) === 'ENOENT';
  }
}
