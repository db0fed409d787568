import type { Readable } from 'node:stream';
import type { ByteRange } from './objects.ts';
import type { Write } from './ordered-index.ts';

/** Up to here bytes are read and written in one go, which is quicker than any stream. */
export const SMALL = 128 * 1024;

/** How bytes are to be named: with this extension, dot included, and apart if they may grow. */
export interface BlobKind {
  readonly extension: string;
  readonly growing: boolean;
}

/** Takes the pieces of a body. Either `finish` or `abandon` is the last call. */
export interface Sink {
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** The bytes are where they belong, and survive what the storage promises. */
  finish(): Promise<void>;
  /** As if nothing had been written. */
  abandon(): Promise<void>;
}

export interface FileSink extends Sink {
  readonly file: string;
}

export interface OpenBlob {
  readonly path: string | undefined;
  read(range?: ByteRange): Buffer | Readable;
  close(): void;
}

/** Where the bytes of a part lie: at `at` in a file of its upload, which may be shared with others. */
export interface PartPlace {
  readonly file: string;
  readonly at: number;
  /** In a shared file, how many bytes each part has room for. */
  readonly room?: number | undefined;
}

export interface PlacedPart {
  readonly place: PartPlace;
  readonly size: number;
}

export interface PartSink extends Sink {
  readonly place: PartPlace;
}

/** A file that belongs to an object from this commit on, and the line that says so beside it. */
export interface Kept {
  readonly file: string;
  readonly line: string;
  /** Whether the file is new with this commit. */
  readonly fresh: boolean;
}

/** A file that belongs to no object from this commit on. */
export interface Dropped {
  readonly file: string;
  readonly size: number;
  /** Whether it was replaced, and so will soon be followed by others of its kind. */
  readonly replaced: boolean;
}

/**
 * Bytes under names that it makes up. A file that is kept by no commit is nobody's: whoever wrote
 * it discards it, and if the process was killed before, opening the storage does.
 */
export interface Blobs {
  keep(bytes: Uint8Array, kind: BlobKind): Promise<string>;
  begin(kind: BlobKind): Promise<FileSink>;
  /** The first `size` bytes of a file under another name; nothing when the file is gone. */
  twin(file: string, size: number, kind: BlobKind): Promise<string | undefined>;
  discard(file: string): Promise<void>;
  /** Nothing when the file is gone. */
  open(file: string, size: number): OpenBlob | undefined;

  /** Goes on at the end of a growing file, whose first `size` bytes count; nothing if it is gone. */
  extend(file: string, size: number): Promise<Sink | undefined>;
  /** Whether the index was told that this file grows, or need not be. */
  isGrowing(file: string): boolean;
  noteGrowing(file: string): void;

  /** `size` if it is known; `placed` are the parts that are there already. */
  beginPart(
    upload: string,
    number: number,
    size: number | undefined,
    placed: () => readonly PartPlace[],
  ): Promise<PartSink>;
  discardPart(upload: string, place: PartPlace): Promise<void>;
  /** One file of some parts in this order. `placed` are all parts the upload has. */
  assemble(
    upload: string,
    parts: readonly PlacedPart[],
    placed: readonly PartPlace[],
    kind: BlobKind,
  ): Promise<string>;
  removeUpload(upload: string, placed: readonly PartPlace[]): Promise<void>;

  /** Before a commit: writes the lines beside the bytes. The answer goes into the same commit. */
  note(kept: readonly Kept[], dropped: readonly Dropped[]): Promise<readonly Write[]>;
  /** After it: counts what is there, so that empty folders can go. */
  noted(kept: readonly Kept[], dropped: readonly Dropped[]): void;
  /**
   * After it: the bytes of dropped files go, those of a replaced one perhaps a little later. Does
   * not fail; what is left goes at the next start.
   */
  drop(dropped: readonly Dropped[]): Promise<void>;
  /** Removes what was left for later. */
  close(): Promise<void>;
}

/** Files that grow are told apart by name, because their bytes may not be shared. */
export const GROWING_PREFIX = 'a-';

/** Whether the bytes of this file may become more; no other file changes once it is written. */
export function mayGrow(file: string): boolean {
  return file.startsWith(GROWING_PREFIX, file.lastIndexOf('/') + 1);
}

const EXTENSION = /\.[A-Za-z0-9]{1,10}$/;

/** The extension of a key's last segment, if it is one that any file system takes. */
export function extensionOf(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const extension = EXTENSION.exec(name.slice(-11))?.[0] ?? '';
  return extension.length < name.length ? extension : '';
}
