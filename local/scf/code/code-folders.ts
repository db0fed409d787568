import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/**
 * Code as it was unpacked, a folder for each zip. It can be made again from the zip at any time, so it
 * is no part of the state.
 */
export class CodeFolders {
  readonly #root: string;
  readonly #under = new Map<string, Promise<string>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The folder of this code. `zip` is asked for where it has to be unpacked first. */
  folderOf(code: string, zip: () => Uint8Array | undefined): Promise<string> {
    const folder = join(this.#root, code);
    if (existsSync(folder)) return Promise.resolve(folder);
    const known = this.#under.get(code);
    if (known) return known;
    const unpacking = this.#unpack(folder, zip).finally(() => this.#under.delete(code));
    this.#under.set(code, unpacking);
    return unpacking;
  }

  remove(code: string): void {
    rmSync(join(this.#root, code), { recursive: true, force: true });
  }

  /**
   * Under another name until all of it is there. Only plain files are made, whatever the zip says of
   * them: a link in it becomes a file with the text of the link.
   */
  async #unpack(folder: string, zip: () => Uint8Array | undefined): Promise<string> {
    const bytes = zip();
    if (!bytes) throw new Error('the code is gone');
    mkdirSync(this.#root, { recursive: true, mode: 0o700 });
    const place = mkdtempSync(join(this.#root, 'new-'));
    try {
      for (const [name, content] of Object.entries(unzipSync(bytes))) {
        const path = join(place, name);
        if (name.endsWith('/')) await mkdir(path, { recursive: true });
        else {
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, content, { mode: 0o600, flag: 'wx' });
        }
      }
      if (!existsSync(folder)) renameSync(place, folder);
      return folder;
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
}
