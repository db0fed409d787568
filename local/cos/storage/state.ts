import type { Blobs } from './blobs.ts';
import type { BucketShelf } from './bucket-shelf.ts';
import type { OrderedIndex } from './ordered-index.ts';
import type { RecentRecords } from './recent-records.ts';
import type { Writer } from './writer.ts';

/** All that is kept, as it stands between two loads of a snapshot. */
export interface State {
  readonly index: OrderedIndex;
  readonly records: RecentRecords;
  readonly blobs: Blobs;
  readonly shelf: BucketShelf;
  readonly writer: Writer;
}

/** Where a state comes from and goes to. Its calls are made while nothing is written. */
export interface Keeper {
  /** The state as of now: loading a snapshot replaces it. */
  readonly state: State;
  save(name: string): Promise<void>;
  /** Whether there is a snapshot of that name. */
  load(name: string): Promise<boolean>;
  reset(): Promise<void>;
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<boolean>;
  close(): Promise<void>;
}
