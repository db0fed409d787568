import { readdirSync, rmSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  ALL_DROPPED,
  ALL_FOLDERS,
  ALL_GROWING,
  ALL_UPLOADS,
  type ByteString,
  beyond,
  objectKey,
} from './index-key.ts';
import { FOLDER_NAME, type ObjectFolders, type SealedFolder } from './object-folders.ts';
import { type ObjectRecord, readRecord } from './object-record.ts';
import type { OrderedIndex, Write } from './ordered-index.ts';
import { REGISTER, readRegister } from './register.ts';
import { SHARED_PARTS } from './upload-files.ts';
import { placesOf, readUpload } from './upload-record.ts';

interface Folders {
  readonly objects: string;
  readonly uploads: string;
}

/**
 * Removes what a killed engine left behind. It looks only where something can have been left: in
 * folders that were not sealed, at files that were dropped or growing, and at parts of uploads. So
 * it takes as long for a hundred objects as for a million.
 */
export async function recover(
  index: OrderedIndex,
  folders: ObjectFolders,
  { objects, uploads }: Folders,
): Promise<void> {
  const settled: Write[] = [
    ...finishDropping(index, objects),
    ...cutGrown(index, objects),
    ...forgetFolders(index, objects),
  ];
  if (settled.length > 0) await index.commit(settled);

  const sealed = entriesAfter(index, ALL_FOLDERS);
  for (const name of folderNames(objects)) {
    const text = sealed.get(name);
    if (text !== undefined) await folders.adopt(name, readSealed(text));
    else await folders.adoptChecked(name, checkFolder(index, objects, name));
  }
  checkUploads(index, uploads);
}

function finishDropping(index: OrderedIndex, root: string): Write[] {
  return Array.from(entriesAfter(index, ALL_DROPPED).keys(), (file) => {
    rmSync(join(root, file), { force: true });
    return [ALL_DROPPED + file, undefined];
  });
}

/** Cuts what was being appended and never counted. */
function cutGrown(index: OrderedIndex, root: string): Write[] {
  return Array.from(entriesAfter(index, ALL_GROWING), ([file, indexKey]) => {
    const record = recordAt(index, indexKey);
    if (record?.file === file) cut(join(root, file), record.size);
    return [ALL_GROWING + file, undefined];
  });
}

function cut(path: string, size: number): void {
  const actual = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (actual > size) truncateSync(path, size);
}

/** A folder goes when its last object does; being killed in between leaves its entry. */
function forgetFolders(index: OrderedIndex, root: string): Write[] {
  const there = new Set(folderNames(root));
  const gone = [...entriesAfter(index, ALL_FOLDERS).keys()].filter((name) => !there.has(name));
  return gone.map((name) => [ALL_FOLDERS + name, undefined]);
}

/** How many objects are in the folder, once all files that are none have been removed. */
function checkFolder(index: OrderedIndex, root: string, folder: string): number {
  const registered = readRegister(join(root, folder));
  let live = 0;
  for (const name of readdirSync(join(root, folder))) {
    if (name === REGISTER) continue;
    const file = `${folder}/${name}`;
    const claim = registered.get(file)?.record;
    const record = claim && recordAt(index, objectKey(claim.bucket, claim.key));
    if (record?.file === file) live += 1;
    else unlinkSync(join(root, file));
  }
  return live;
}

function checkUploads(index: OrderedIndex, root: string): void {
  const known = new Set<string>();
  for (const [, text] of index.range(ALL_UPLOADS, beyond(ALL_UPLOADS))) {
    known.add(readUpload(text).id);
  }
  for (const id of readdirSync(root)) {
    if (!known.has(id)) {
      rmSync(join(root, id), { recursive: true, force: true });
      continue;
    }
    const files = new Set(placesOf(index, id).map(({ file }) => file));
    for (const name of readdirSync(join(root, id))) {
      if (name !== SHARED_PARTS && !files.has(name)) unlinkSync(join(root, id, name));
    }
  }
}

function folderNames(root: string): string[] {
  return readdirSync(root)
    .filter((name) => FOLDER_NAME.test(name))
    .sort();
}

function entriesAfter(index: OrderedIndex, start: ByteString): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of index.range(start, beyond(start))) {
    entries.set(key.slice(start.length), value);
  }
  return entries;
}

function readSealed(text: string): SealedFolder {
  return JSON.parse(text);
}

function recordAt(index: OrderedIndex, indexKey: ByteString): ObjectRecord | undefined {
  const text = index.get(indexKey);
  return text === undefined ? undefined : readRecord(text);
}
