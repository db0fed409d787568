import type { Readable } from 'node:stream';
import type { Description, ObjectRecord } from './object-record.ts';
import type { TableWrite } from './table.ts';

/** A body that streams is read once, from the caller's source; it is not destroyed when refused. */
export type Body = Uint8Array | AsyncIterable<Uint8Array>;

/** What a body was said to be. It is stored only when it is that. */
export interface Expected {
  readonly size?: number | undefined;
  /** The MD5 in hex. */
  readonly md5?: string | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
}

/** `incomplete` is also a client that went away half-way. */
export type BodyRefusal = 'incomplete' | 'too-large' | 'too-small' | 'md5-differs';

/** What became of one object: nothing before when it is new, nothing after when it was removed. */
export interface Change {
  /** The number of this change; also that of the record after it. */
  readonly seq: number;
  readonly before: ObjectRecord | undefined;
  readonly after: ObjectRecord | undefined;
}

/** What must hold at the very moment of writing: checked and written as one. */
export type Condition = 'absent' | { readonly etag: string };

export interface WriteOptions {
  readonly onlyIf?: Condition | undefined;
  /**
   * Entries of tables that are kept together with the change, or not at all: this is how an event
   * is never lost and never invented. Called with the change as it will stand, so it only answers.
   */
  readonly also?: ((change: Change) => readonly TableWrite[]) | undefined;
}

export interface PutOptions extends WriteOptions {
  readonly describe?: Partial<Description> | undefined;
  readonly expect?: Expected | undefined;
}

export type Stored = {
  readonly status: 'stored';
  readonly record: ObjectRecord;
  readonly replaced: ObjectRecord | undefined;
};
export type NoBucket = { readonly status: 'no-bucket' };
export type NoObject = { readonly status: 'no-object' };
export type ConditionFailed = {
  readonly status: 'condition-failed';
  readonly current: ObjectRecord | undefined;
};
export type BodyRefused = { readonly status: 'body-refused'; readonly because: BodyRefusal };

export type PutOutcome = Stored | NoBucket | ConditionFailed | BodyRefused;
export type CopyOutcome = Stored | NoBucket | ConditionFailed | { readonly status: 'source-gone' };
export type AppendOutcome =
  | Stored
  | NoBucket
  | BodyRefused
  | { readonly status: 'position-differs'; readonly size: number }
  | { readonly status: 'not-appendable' };
export type UpdateOutcome =
  | { readonly status: 'updated'; readonly record: ObjectRecord }
  | NoBucket
  | NoObject;
export type RemoveOutcome =
  | { readonly status: 'removed'; readonly record: ObjectRecord }
  | NoBucket
  | NoObject;

/** Both ends belong to the range, as in a Range header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object opened for reading: its bytes stay whole whatever is written or removed meanwhile. */
export interface StoredObject {
  readonly record: ObjectRecord;
  /**
   * The file of the bytes, for a reader that insists on one; nothing in memory. Once the object is
   * replaced it may be removed or written over, and an appendable one may be longer than the record.
   */
  readonly path: string | undefined;
  /** A small object comes as a buffer, a larger one as a stream. Once, or else `close`. */
  read(range?: ByteRange): Buffer | Readable;
  /** Gives it back unread. */
  close(): void;
}

export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Listing begins after this key; after all of a common prefix when it is one. */
  readonly marker?: string;
  /** How many objects and common prefixes together. */
  readonly max?: number;
}

export interface ObjectPage {
  readonly objects: readonly ObjectRecord[];
  readonly prefixes: readonly string[];
  /** The marker of the next page; nothing when this is the last. */
  readonly next: string | undefined;
}

/** Keys are 1 to 850 bytes of UTF-8; any bytes are an ordinary key. */
export interface Objects {
  put(bucket: string, key: string, body: Body, options?: PutOptions): Promise<PutOutcome>;
  head(bucket: string, key: string): ObjectRecord | undefined;
  get(bucket: string, key: string): StoredObject | undefined;
  /** Changes what is said about an object and leaves its bytes and its date alone. */
  update(
    bucket: string,
    key: string,
    changes: Partial<Description>,
    options?: Pick<WriteOptions, 'also'>,
  ): Promise<UpdateOutcome>;
  remove(bucket: string, key: string, options?: Pick<WriteOptions, 'also'>): Promise<RemoveOutcome>;
  /**
   * The bytes of a record under another key, or the same one. What is not described anew is taken
   * from the source. `source-gone`: its bytes were replaced since the record was read.
   */
  copy(
    source: ObjectRecord,
    bucket: string,
    key: string,
    options?: Omit<PutOptions, 'expect'>,
  ): Promise<CopyOutcome>;
  /** Adds to the end of an appendable object, whose size must be `position`; 0 begins a new one. */
  append(
    bucket: string,
    key: string,
    position: number,
    body: Body,
    options?: Omit<PutOptions, 'onlyIf'>,
  ): Promise<AppendOutcome>;
  /** In the order of the keys' UTF-8 bytes; empty for a bucket that is not there. */
  list(bucket: string, options?: ListOptions): ObjectPage;
}
