import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Fault } from '../../../shared/core/fault.ts';
import {
  type BlobKind,
  type Blobs,
  type Dropped,
  type FileSink,
  type OpenBlob,
  type PartPlace,
  type PartSink,
  type PlacedPart,
  type Sink,
  SMALL,
} from './blobs.ts';
import type { ByteRange } from './objects.ts';

/** Bytes as they came, in pieces that are never changed. */
type Pieces = readonly Uint8Array[];

/** Bytes in memory, gone with the process. */
export class MemoryBlobs implements Blobs {
  readonly #files: Map<string, Pieces>;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number, files: ReadonlyMap<string, Pieces> = new Map()) {
    this.#maxBytes = maxBytes;
    this.#files = new Map(files);
    for (const pieces of files.values()) this.#bytes += lengthOf(pieces);
  }

  copy(): MemoryBlobs {
    return new MemoryBlobs(this.#maxBytes, this.#files);
  }

  async keep(bytes: Uint8Array, { extension }: BlobKind): Promise<string> {
    this.#makeRoomFor(bytes.length);
    return this.#add([Buffer.from(bytes)], extension);
  }

  async begin({ extension }: BlobKind): Promise<FileSink> {
    const file = this.#add([], extension);
    const undo = () => this.#remove(file);
    return { ...this.#collect((pieces) => this.#files.set(file, pieces), undo), file };
  }

  async twin(file: string, size: number, { extension }: BlobKind): Promise<string | undefined> {
    const pieces = this.#files.get(file);
    if (!pieces) return undefined;
    const same = [...cut(pieces, 0, size)];
    this.#makeRoomFor(size);
    return this.#add(same, extension);
  }

  async discard(file: string): Promise<void> {
    this.#remove(file);
  }

  open(file: string, size: number): OpenBlob | undefined {
    const pieces = this.#files.get(file);
    if (!pieces) return undefined;
    return {
      path: undefined,
      read: (range) => read(pieces, size, range),
      close() {},
    };
  }

  async extend(file: string, size: number): Promise<Sink | undefined> {
    const there = this.#files.get(file);
    if (!there) return undefined;
    const before = [...cut(there, 0, size)];
    return this.#collect((pieces) => this.#files.set(file, [...before, ...pieces]));
  }

  isGrowing(): boolean {
    return true;
  }

  noteGrowing(): void {}

  async beginPart(): Promise<PartSink> {
    const { file, ...sink } = await this.begin({ extension: '', growing: false });
    return { ...sink, place: { file, at: 0 } };
  }

  async discardPart(_upload: string, place: PartPlace): Promise<void> {
    this.#remove(place.file);
  }

  async assemble(
    _upload: string,
    parts: readonly PlacedPart[],
    _placed: readonly PartPlace[],
    { extension }: BlobKind,
  ): Promise<string> {
    const pieces = parts.flatMap(({ place }) => this.#files.get(place.file) ?? []);
    this.#bytes += lengthOf(pieces); // counted without a look at the limit: the parts go next
    return this.#add(pieces, extension);
  }

  async removeUpload(_upload: string, placed: readonly PartPlace[]): Promise<void> {
    for (const { file } of placed) this.#remove(file);
  }

  async note(): Promise<readonly []> {
    return [];
  }

  noted(): void {}

  async drop(dropped: readonly Dropped[]): Promise<void> {
    for (const { file } of dropped) this.#remove(file);
  }

  async close(): Promise<void> {}

  #add(pieces: Pieces, extension: string): string {
    const file = randomBytes(8).toString('hex') + extension;
    this.#files.set(file, pieces);
    return file;
  }

  #remove(file: string): void {
    this.#bytes -= lengthOf(this.#files.get(file) ?? []);
    this.#files.delete(file);
  }

  #collect(keep: (pieces: Pieces) => void, undo: () => void = () => {}): Sink {
    const collected: Uint8Array[] = [];
    return {
      write: async (pieces) => {
        this.#makeRoomFor(lengthOf(pieces));
        collected.push(...pieces);
      },
      finish: async () => keep(collected),
      abandon: async () => {
        this.#bytes -= lengthOf(collected);
        undo();
      },
    };
  }

  #makeRoomFor(bytes: number): void {
    if (this.#bytes + bytes > this.#maxBytes) {
      throw new Fault('STORAGE_FULL', `Objects kept in memory may have ${this.#maxBytes} bytes`, {
        detail: { maxBytes: this.#maxBytes },
        hint: 'Start with --data to keep them on disk.',
      });
    }
    this.#bytes += bytes;
  }
}

function read(pieces: Pieces, size: number, range?: ByteRange): Buffer | Readable {
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const wanted = cut(pieces, start, end + 1);
  return size <= SMALL ? Buffer.concat([...wanted]) : Readable.from(wanted, { objectMode: false });
}

/** The bytes from `start` up to `end`, itself left out. */
function* cut(pieces: Pieces, start: number, end: number): IterableIterator<Uint8Array> {
  let at = 0;
  for (const piece of pieces) {
    if (at >= end) return;
    if (at + piece.length > start) {
      yield piece.subarray(Math.max(0, start - at), Math.min(piece.length, end - at));
    }
    at += piece.length;
  }
}

function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
