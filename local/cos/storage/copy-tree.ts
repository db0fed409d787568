import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mayGrow } from './blobs.ts';
import { diskCode, diskFault } from './disk-fault.ts';
import { isRegister } from './register.ts';

interface CopyOptions {
  /** Whether files whose bytes never change may be the same file under another name. */
  readonly mayLink: boolean;
}

/** Copies a folder of folders. A file that goes away meanwhile is left out. */
export async function copyTree(from: string, to: string, options: CopyOptions): Promise<void> {
  try {
    await mkdir(to, { recursive: true });
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const source = join(from, entry.name);
      const target = join(to, entry.name);
      if (entry.isDirectory()) await copyFolder(source, target, options);
      else await copyOne(source, target, false);
    }
  } catch (thrown) {
    throw diskFault(thrown, to);
  }
}

export async function copyFiles(from: string, to: string, names: readonly string[]): Promise<void> {
  try {
    await mkdir(to, { recursive: true });
    for (const name of names) await copyOne(join(from, name), join(to, name), false);
  } catch (thrown) {
    throw diskFault(thrown, to);
  }
}

async function copyFolder(from: string, to: string, { mayLink }: CopyOptions): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from);
  await Promise.all(
    names.map((name) => {
      const steady = mayLink && !isRegister(name) && !mayGrow(name);
      return copyOne(join(from, name), join(to, name), steady);
    }),
  );
}

async function copyOne(from: string, to: string, mayLink: boolean): Promise<void> {
  try {
    if (mayLink && (await linked(from, to))) return;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (thrown) {
    if (diskCode(thrown) !== 'ENOENT') throw thrown;
  }
}

/** Not across file systems, not everywhere, and not too often. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (thrown) {
    if (diskCode(thrown) === 'ENOENT') throw thrown;
    return false;
  }
}
