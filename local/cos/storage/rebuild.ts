import { mkdirSync, readdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { mayGrow } from './blobs.ts';
import type { BucketShelf } from './bucket-shelf.ts';
import { LAST_SEQ, objectKey } from './index-key.ts';
import { FOLDER_NAME } from './object-folders.ts';
import { readRecord } from './object-record.ts';
import type { OrderedIndex, Write } from './ordered-index.ts';
import { isRegister, type Registered, readRegister } from './register.ts';

export interface Rebuilt {
  readonly objects: number;
  /** Files that no register explains, or that are not what it says. They were moved away. */
  readonly unknown: number;
}

interface Folders {
  readonly objects: string;
  readonly found: string;
}

/**
 * Fills an empty index from the registers beside the bytes. Where several files claim one key, the
 * last change counts; the others are left for the check that follows every start.
 */
export async function rebuildIndex(
  index: OrderedIndex,
  shelf: BucketShelf,
  { objects: root, found }: Folders,
): Promise<Rebuilt> {
  let objects = 0;
  let unknown = 0;
  let lastSeq = 0;
  for (const name of readdirSync(root).sort()) {
    if (!FOLDER_NAME.test(name)) continue;
    const { known, strangers } = examine(root, name);
    const newest = new Map<string, Registered>();
    for (const registered of known) {
      const { bucket, key, seq, modified } = registered.record;
      lastSeq = Math.max(lastSeq, seq);
      const indexKey = objectKey(bucket, key);
      const before = newest.get(indexKey)?.record.seq ?? seqAt(index, indexKey);
      if (before === undefined) objects += 1;
      else if (before > seq) continue;
      newest.set(indexKey, registered);
      if (!shelf.get(bucket)) {
        await shelf.save({ name: bucket, created: modified, documents: new Map() });
      }
    }
    const writes: Write[] = Array.from(newest, ([indexKey, { line }]) => [indexKey, line]);
    await index.commit([...writes, [LAST_SEQ, String(lastSeq)]]);
    if (strangers.length > 0) mkdirSync(found, { recursive: true });
    for (const file of strangers) {
      renameSync(join(root, name, file), join(found, `${name}-${file}`));
    }
    unknown += strangers.length;
  }
  return { objects, unknown };
}

/** The objects of a folder whose bytes are all there, and the files that are none. */
function examine(root: string, folder: string): { known: Registered[]; strangers: string[] } {
  const registered = readRegister(join(root, folder));
  const known: Registered[] = [];
  const strangers: string[] = [];
  for (const name of readdirSync(join(root, folder))) {
    if (isRegister(name)) continue;
    const file = `${folder}/${name}`;
    const there = registered.get(file);
    if (there && hasBytes(join(root, file), file, there.record.size)) known.push(there);
    else strangers.push(name);
  }
  return { known, strangers };
}

/** What was being appended when the engine ended belongs to nobody. */
function hasBytes(path: string, file: string, size: number): boolean {
  const actual = statSync(path).size;
  if (mayGrow(file) && actual > size) {
    truncateSync(path, size);
    return true;
  }
  return actual === size;
}

function seqAt(index: OrderedIndex, indexKey: string): number | undefined {
  const text = index.get(indexKey);
  return text === undefined ? undefined : readRecord(text).seq;
}
