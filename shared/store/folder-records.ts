import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Records } from '../run/ports.ts';
import { checkRecord, isRecordName } from './record-name.ts';

/** Where texts are written before they get their name: nobody ever reads half of one. */
const UNNAMED = '.unnamed';

/** Records as files, for several processes of one machine. */
export function folderRecords(root: string): Records {
  const pathOf = (name: string) => join(root, ...name.split('/'));

  /** Writes the text aside and gives it its name by `name`, which happens at once or not at all. */
  async function place(
    path: string,
    text: string,
    give: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    const aside = join(root, UNNAMED, randomUUID());
    await mkdir(dirname(aside), { recursive: true });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(aside, text);
    try {
      await give(aside, path);
    } finally {
      await rm(aside, { force: true });
    }
  }

  return {
    async read(name) {
      checkRecord(name);
      return unless('ENOENT', () => readFile(pathOf(name), 'utf8'));
    },
    async create(name, text) {
      checkRecord(name, text);
      const created = await unless('EEXIST', async () => {
        await place(pathOf(name), text, link);
        return true;
      });
      return created ?? false;
    },
    async write(name, text) {
      checkRecord(name, text);
      await place(pathOf(name), text, rename);
    },
    async list(prefix, { after = '', limit }) {
      const names: string[] = [];
      for await (const name of namesIn(root, '', prefix, after)) {
        if (names.push(name) >= limit) break;
      }
      return names;
    },
  };
}

/**
 * Names in the order of their bytes. A folder stands where its slash puts it: `a-b` comes before
 * `a/b`. What begins otherwise, or ends before `after`, is not looked into.
 */
async function* namesIn(
  root: string,
  folder: string,
  prefix: string,
  after: string,
): AsyncGenerator<string> {
  const entries =
    (await unless('ENOENT', () => readdir(join(root, folder), { withFileTypes: true }))) ?? [];
  for (const name of entries.map((entry) => nameIn(folder, entry)).sort()) {
    if (name.endsWith('/')) {
      const mayHold = name.startsWith(prefix) || prefix.startsWith(name);
      const isBehind = name < after && !after.startsWith(name);
      if (mayHold && !isBehind && name !== `${UNNAMED}/`) yield* namesIn(root, name, prefix, after);
    } else if (name.startsWith(prefix) && name > after && isRecordName(name)) {
      yield name;
    }
  }
}

function nameIn(folder: string, entry: Dirent): string {
  return `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`;
}

/** What is done, or nothing where it fails for this reason. */
async function unless<T>(code: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === code) return undefined;
    throw thrown;
  }
}
