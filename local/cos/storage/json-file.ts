import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFault } from './disk-fault.ts';
import { syncPath } from './sync-path.ts';

/** The fields of a JSON object; none when the file is not there or holds something else. */
export function readFields(path: string): ReadonlyMap<string, unknown> {
  try {
    return fieldsOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return new Map();
  }
}

export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  const isObject = typeof value === 'object' && value !== null;
  return new Map(isObject ? Object.entries(value) : []);
}

/** The file has the old text or the new one, whenever we are stopped. */
export async function replaceFile(path: string, text: string, sync: boolean): Promise<void> {
  const anew = `${path}.new`;
  try {
    const file = await open(anew, 'w');
    try {
      await file.writeFile(text);
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
    await rename(anew, path);
    if (sync) await syncPath(dirname(path));
  } catch (thrown) {
    await rm(anew, { force: true }).catch(() => undefined);
    throw diskFault(thrown, path);
  }
}
