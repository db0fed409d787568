import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyFiles, copyTree } from './copy-tree.ts';
import { diskFault } from './disk-fault.ts';
import { FolderBlobs } from './folder-blobs.ts';
import { FolderShelf } from './folder-shelf.ts';
import { looksLikeAnIndex } from './index-file.ts';
import { LAST_SEQ } from './index-key.ts';
import { LmdbIndex } from './lmdb-index.ts';
import { ObjectFolders } from './object-folders.ts';
import { rebuildIndex } from './rebuild.ts';
import { RecentRecords } from './recent-records.ts';
import { recover } from './recover.ts';
import {
  INDEX_FILE,
  isUntouched,
  mayBeTrusted,
  readSession,
  SESSION_FILE,
  thisBoot,
  writeSession,
} from './session.ts';
import type { State } from './state.ts';
import { Writer } from './writer.ts';

export interface StateFolderOptions {
  readonly sync: boolean;
  /** Told when the index had to be rebuilt. */
  readonly say: (line: string) => void;
  /** Numbers up to here were given out already. */
  readonly seq: number;
}

/** A state in a folder: the same inside the data folder and in a snapshot. */
export interface FolderState extends State {
  readonly folder: string;
  /** Writes all of it to another folder. Nothing may be written meanwhile. */
  copyTo(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** Looking through an index of this size takes a fraction of a second; a larger one is believed. */
const LOOKED_THROUGH_UP_TO = 192 * 1024 * 1024;

const INDEX = 'index';
const OBJECTS = 'objects';
const UPLOADS = 'uploads';
const BUCKETS = 'buckets';
const FOUND = 'found';

export async function openStateFolder(
  folder: string,
  options: StateFolderOptions,
): Promise<FolderState> {
  const { sync } = options;
  const objects = join(folder, OBJECTS);
  const uploads = join(folder, UPLOADS);
  const buckets = join(folder, BUCKETS);
  try {
    for (const path of [objects, uploads, buckets]) mkdirSync(path, { recursive: true });
    const shelf = new FolderShelf(buckets, sync);
    const index = await openIndex(folder, shelf, options);
    const folders = new ObjectFolders(objects, sync);
    await closingOnFailure(index, () => recover(index, folders, { objects, uploads }));
    const blobs = new FolderBlobs(objects, uploads, folders, sync);
    const seq = Math.max(options.seq, Number(index.get(LAST_SEQ) ?? 0));
    const records = new RecentRecords(index);
    return {
      folder,
      index,
      records,
      blobs,
      shelf,
      writer: new Writer(index, records, blobs, seq),
      async copyTo(target) {
        const copy = join(target, INDEX);
        mkdirSync(copy, { recursive: true });
        await index.copyTo(copy);
        await writeSession(copy, { closed: true, sync });
        await copyStateFiles(folder, target);
      },
      async close() {
        await blobs.close();
        await index.close();
        await writeSession(join(folder, INDEX), { closed: true, sync });
      },
    };
  } catch (thrown) {
    throw diskFault(thrown, folder);
  }
}

/** Makes a state of a snapshot, or the other way round, where nobody has either open. */
export async function copyState(from: string, to: string): Promise<void> {
  await copyFiles(join(from, INDEX), join(to, INDEX), [INDEX_FILE, SESSION_FILE]);
  await copyStateFiles(from, to);
}

async function copyStateFiles(from: string, to: string): Promise<void> {
  await copyTree(join(from, OBJECTS), join(to, OBJECTS), { mayLink: true });
  await copyTree(join(from, UPLOADS), join(to, UPLOADS), { mayLink: false });
  await copyTree(join(from, BUCKETS), join(to, BUCKETS), { mayLink: false });
}

function isSound(indexFolder: string): boolean {
  return looksLikeAnIndex(join(indexFolder, INDEX_FILE), LOOKED_THROUGH_UP_TO);
}

async function openIndex(
  folder: string,
  shelf: FolderShelf,
  { sync, say }: StateFolderOptions,
): Promise<LmdbIndex> {
  const path = join(folder, INDEX);
  const session = readSession(path);
  if (mayBeTrusted(session, thisBoot()) && (isUntouched(session, path) || isSound(path))) {
    const index = new LmdbIndex(path, sync);
    await writeSession(path, { closed: false, sync });
    return index;
  }

  // Uploads were known to the index alone.
  rmSync(join(folder, UPLOADS), { recursive: true, force: true });
  mkdirSync(join(folder, UPLOADS));
  const found = join(folder, FOUND);
  const folders = { objects: join(folder, OBJECTS), found };
  const anew = LmdbIndex.create(path, sync);
  const { objects, unknown } = await closingOnFailure(anew, () =>
    rebuildIndex(anew, shelf, folders),
  );
  if (objects > 0) say(`The index was lost; it is rebuilt from the object files (${objects}).`);
  if (unknown > 0) say(`Files that nobody knows were moved to ${found} (${unknown}).`);
  await writeSession(path, { closed: false, sync });
  return anew;
}

async function closingOnFailure<T>(index: LmdbIndex, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    await index.close();
    throw thrown;
  }
}
