import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../shared/core/clock.ts';
import { Fault } from '../../../shared/core/fault.ts';
import { diskFault } from './disk-fault.ts';
import { FolderLock } from './folder-lock.ts';
import { readFields, replaceFile } from './json-file.ts';
import type { Keeper } from './state.ts';
import { copyState, type FolderState, openStateFolder } from './state-folder.ts';
import type { Storage } from './storage.ts';
import { storageOf } from './storage-of.ts';

// What is in the data folder:
//   storage.json   which of the states counts
//   state-1/       objects/ with the bytes and what they are, buckets/, uploads/, and the index
//   snapshots/     states under names
//   lock/          held by the engine that works here
const POINTER = 'storage.json';
const SNAPSHOTS = 'snapshots';
const STATE = /^state-([0-9]+)$/;
const FORMAT = 1;

export interface FolderStorageOptions {
  readonly clock: Clock;
  /** Whether what is acknowledged survives a power cut too, and not only a killed engine. */
  readonly sync?: boolean;
  /** Told what a person should know about the data, such as that the index was rebuilt. */
  readonly say?: (line: string) => void;
}

/** The storage in a folder, which is made if need be and held until `close`. */
export async function folderStorage(
  folder: string,
  { clock, sync = false, say = () => {} }: FolderStorageOptions,
): Promise<Storage> {
  try {
    mkdirSync(join(folder, SNAPSHOTS), { recursive: true });
  } catch (thrown) {
    throw diskFault(thrown, folder);
  }
  const lock = await FolderLock.take(join(folder, 'lock'), folder);
  try {
    return storageOf(await openKeeper(folder, lock, { sync, say }), clock);
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

async function openKeeper(
  folder: string,
  lock: FolderLock,
  options: { readonly sync: boolean; readonly say: (line: string) => void },
): Promise<Keeper> {
  const snapshots = join(folder, SNAPSHOTS);
  const name = currentState(folder);
  await removeUnfinished(folder, name);
  let state = await openStateFolder(join(folder, name), { ...options, seq: 0 });
  await pointTo(folder, name);
  let number = Number(STATE.exec(name)?.[1]);

  /** Makes a new state and lets it count: until the pointer is replaced, the old one does. */
  async function replace(fill: (target: string) => Promise<void>): Promise<void> {
    number += 1;
    const anew = `state-${number}`;
    const target = join(folder, anew);
    const before = state;
    let opened: FolderState | undefined;
    try {
      await fill(target);
      opened = await openStateFolder(target, { ...options, seq: before.writer.seq });
      await pointTo(folder, anew);
    } catch (thrown) {
      await opened?.close().catch(() => undefined);
      await rm(target, { recursive: true, force: true }).catch(() => undefined);
      throw thrown;
    }
    state = opened;
    // What is left of the old state does not count any more; the next start removes it.
    await before.close().catch(() => undefined);
    await rm(before.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  return {
    get state() {
      return state;
    },
    async save(snapshot) {
      const target = join(snapshots, snapshot);
      const anew = join(snapshots, `.${snapshot}`);
      try {
        await rm(anew, { recursive: true, force: true });
        await state.copyTo(anew);
        await rm(target, { recursive: true, force: true });
        await rename(anew, target);
      } catch (thrown) {
        await rm(anew, { recursive: true, force: true }).catch(() => undefined);
        throw diskFault(thrown, target);
      }
    },
    async load(snapshot) {
      const source = join(snapshots, snapshot);
      if (!existsSync(source)) return false;
      await replace((target) => copyState(source, target));
      return true;
    },
    reset: () => replace(async () => {}),
    list: async () =>
      readdirSync(snapshots)
        .filter((entry) => !entry.startsWith('.'))
        .sort(),
    async remove(snapshot) {
      const there = existsSync(join(snapshots, snapshot));
      await rm(join(snapshots, snapshot), { recursive: true, force: true });
      return there;
    },
    async close() {
      try {
        await state.close();
      } finally {
        await lock.release();
      }
    },
  };
}

/** The name of the state that counts: the one pointed to, or the only one there is. */
function currentState(folder: string): string {
  const states = readdirSync(folder).filter((name) => STATE.test(name));
  const pointer = join(folder, POINTER);
  if (!existsSync(pointer) && states.length <= 1) return states[0] ?? 'state-1';

  const fields = readFields(pointer);
  const named = states.find((name) => name === fields.get('state'));
  if (named !== undefined && fields.get('format') === FORMAT) return named;
  throw new Fault(
    'DATA_FOLDER_UNREADABLE',
    `${pointer} names no state that is there and that we can read`,
    {
      detail: { folder },
      hint: 'Use the engine that wrote the folder, or start with --data on another one.',
    },
  );
}

async function pointTo(folder: string, state: string): Promise<void> {
  await replaceFile(join(folder, POINTER), JSON.stringify({ format: FORMAT, state }), true);
}

/** A load or a save that was cut off leaves a state that does not count. */
async function removeUnfinished(folder: string, current: string): Promise<void> {
  const states = readdirSync(folder).filter((name) => STATE.test(name) && name !== current);
  const snapshots = readdirSync(join(folder, SNAPSHOTS)).filter((name) => name.startsWith('.'));
  for (const name of [...states, ...snapshots.map((snapshot) => join(SNAPSHOTS, snapshot))]) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
