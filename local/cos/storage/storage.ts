import type { Objects } from './objects.ts';
import type { Table, TableWrite } from './table.ts';
import type { Uploads } from './uploads.ts';

/**
 * Everything the engine keeps. What is acknowledged (a promise resolved with the outcome) survives
 * a killed process; with `sync` also a power cut. What was not acknowledged is there whole or not
 * at all, and leaves nothing behind.
 *
 * What we expect to happen is a status in the outcome. A fault is thrown when the place itself is
 * at its end (STORAGE_FULL, DATA_FOLDER_UNWRITABLE), for names that cannot be stored, and for
 * STORAGE_INTERRUPTED.
 */
export interface Storage {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly snapshots: Snapshots;
  /**
   * Other durable state of the engine: outbox, jobs, identities. A table is there once it is named.
   * When the index is rebuilt from the object files, buckets and objects come back; tables and
   * uploads in progress do not, for they stand nowhere else.
   */
  table<T>(name: string): Table<T>;
  /** Changes several tables: all of it is kept, or nothing. */
  write(writes: readonly TableWrite[]): Promise<void>;
  /** Finishes what was begun and lets go of the folder. Whatever comes after is refused. */
  close(): Promise<void>;
}

export interface Bucket {
  readonly name: string;
  readonly created: number;
}

export interface Buckets {
  create(name: string): Promise<{ readonly status: 'created' | 'exists'; readonly bucket: Bucket }>;
  /** Objects and uploads in progress both count as content. */
  remove(name: string): Promise<{ readonly status: 'removed' | 'not-empty' | 'no-bucket' }>;
  get(name: string): Bucket | undefined;
  /** In the order of their names. */
  list(): readonly Bucket[];
  /** A JSON document kept with the bucket, such as its access list or CORS rules. */
  document(bucket: string, name: string): unknown;
  /** Replaces a document; `undefined` removes it. */
  setDocument(
    bucket: string,
    name: string,
    document: unknown,
  ): Promise<{ readonly status: 'kept' | 'no-bucket' }>;
}

/** The whole state under a name, as a plain folder under `snapshots/` of the data folder. */
export interface Snapshots {
  /** Keeps the state as it stands, over a snapshot of the same name. Changes wait meanwhile. */
  save(name: string): Promise<void>;
  /** Puts the state back; requests under way fail with STORAGE_INTERRUPTED. */
  load(name: string): Promise<{ readonly status: 'loaded' | 'no-snapshot' }>;
  /** Back to nothing: no buckets, no tables. Snapshots stay. */
  reset(): Promise<void>;
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<{ readonly status: 'removed' | 'no-snapshot' }>;
}
