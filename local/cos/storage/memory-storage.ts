import type { Clock } from '../../../shared/core/clock.ts';
import { MemoryShelf } from './bucket-shelf.ts';
import { MemoryBlobs } from './memory-blobs.ts';
import { MemoryIndex } from './memory-index.ts';
import { RecentRecords } from './recent-records.ts';
import type { Keeper, State } from './state.ts';
import type { Storage } from './storage.ts';
import { storageOf } from './storage-of.ts';
import { Writer } from './writer.ts';

export interface MemoryStorageOptions {
  readonly clock: Clock;
  /** Beyond so many bytes of objects more are refused. */
  readonly maxBytes?: number;
}

interface MemoryState extends State {
  readonly index: MemoryIndex;
  readonly blobs: MemoryBlobs;
  readonly shelf: MemoryShelf;
}

interface Saved extends Pick<MemoryState, 'index' | 'blobs' | 'shelf'> {
  readonly seq: number;
}

const MOST_BYTES = 2 * 1024 ** 3;

/** A storage that keeps nothing: it is all gone with the process, snapshots too. */
export function memoryStorage({ clock, maxBytes = MOST_BYTES }: MemoryStorageOptions): Storage {
  return storageOf(memoryKeeper(maxBytes), clock);
}

function memoryKeeper(maxBytes: number): Keeper {
  const snapshots = new Map<string, Saved>();
  let state = empty(0);

  function empty(seq: number): MemoryState {
    const saved = { index: new MemoryIndex(), blobs: new MemoryBlobs(maxBytes) };
    return opened({ ...saved, shelf: new MemoryShelf(), seq });
  }

  return {
    get state() {
      return state;
    },
    async save(name) {
      snapshots.set(name, copyOf({ ...state, seq: state.writer.seq }));
    },
    async load(name) {
      const saved = snapshots.get(name);
      if (!saved) return false;
      state = opened({ ...copyOf(saved), seq: Math.max(saved.seq, state.writer.seq) });
      return true;
    },
    async reset() {
      state = empty(state.writer.seq);
    },
    list: async () => [...snapshots.keys()].sort(),
    remove: async (name) => snapshots.delete(name),
    async close() {
      snapshots.clear();
    },
  };
}

function opened({ index, blobs, shelf, seq }: Saved): MemoryState {
  const records = new RecentRecords(index);
  return { index, records, blobs, shelf, writer: new Writer(index, records, blobs, seq) };
}

function copyOf({ index, blobs, shelf, seq }: Saved): Saved {
  return { index: index.copy(), blobs: blobs.copy(), shelf: new MemoryShelf(shelf.list()), seq };
}
