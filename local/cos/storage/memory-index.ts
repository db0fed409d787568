import type { ByteString } from './index-key.ts';
import type { OrderedIndex, Write } from './ordered-index.ts';

type Entry = readonly [key: ByteString, value: string];

/** Long enough that there are few chunks, short enough that making room in one is quick. */
const CHUNK = 512;

/** Keeps sorted entries in chunks, so that neither finding nor inserting looks at all of them. */
export class MemoryIndex implements OrderedIndex {
  readonly #chunks: Entry[][];

  constructor(chunks: Entry[][] = []) {
    this.#chunks = chunks;
  }

  copy(): MemoryIndex {
    return new MemoryIndex(this.#chunks.map((chunk) => [...chunk]));
  }

  get(key: ByteString): string | undefined {
    const chunk = this.#chunks[this.#chunkFor(key)];
    const entry = chunk?.[lowerBound(chunk, key)];
    return entry?.[0] === key ? entry[1] : undefined;
  }

  *range(
    from: ByteString,
    to: ByteString,
    { reverse = false } = {},
  ): IterableIterator<readonly [ByteString, string]> {
    if (reverse) yield* this.#backwards(from, to);
    else yield* this.#forwards(from, to);
  }

  commit(writes: Iterable<Write>): void {
    for (const [key, value] of writes) this.#write(key, value);
  }

  *#forwards(from: ByteString, to: ByteString): IterableIterator<Entry> {
    const first = this.#chunkFor(from);
    for (let number = first; number < this.#chunks.length; number++) {
      const chunk = this.#chunks[number] ?? [];
      for (let at = number === first ? lowerBound(chunk, from) : 0; at < chunk.length; at++) {
        const entry = chunk[at];
        if (!entry || entry[0] >= to) return;
        yield entry;
      }
    }
  }

  *#backwards(from: ByteString, to: ByteString): IterableIterator<Entry> {
    const last = this.#chunkFor(to);
    for (let number = last; number >= 0; number--) {
      const chunk = this.#chunks[number] ?? [];
      for (let at = (number === last ? lowerBound(chunk, to) : chunk.length) - 1; at >= 0; at--) {
        const entry = chunk[at];
        if (!entry || entry[0] < from) return;
        yield entry;
      }
    }
  }

  #write(key: ByteString, value: string | undefined): void {
    const number = this.#chunkFor(key);
    const chunk = this.#chunks[number];
    if (!chunk) {
      if (value !== undefined) this.#chunks.push([[key, value]]);
      return;
    }
    const at = lowerBound(chunk, key);
    const there = chunk[at]?.[0] === key ? 1 : 0;
    if (value === undefined) chunk.splice(at, there);
    else chunk.splice(at, there, [key, value]);
    if (chunk.length === 0) this.#chunks.splice(number, 1);
    else if (chunk.length > CHUNK) this.#chunks.splice(number + 1, 0, chunk.splice(CHUNK / 2));
  }

  /** The last chunk that begins at or before the key, or the first. */
  #chunkFor(key: ByteString): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = this.#chunks[middle]?.[0];
      if (first && first[0] <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** The place of the first entry that is not before the key. */
function lowerBound(entries: readonly Entry[], key: ByteString): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry && entry[0] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
