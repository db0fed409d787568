import { closeSync, fstatSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { Fault } from '../../../shared/core/fault.ts';
import { diskFault } from './disk-fault.ts';
import type { ByteString } from './index-key.ts';
import type { OrderedIndex, Write } from './ordered-index.ts';
import { INDEX_FILE } from './session.ts';

const PAGE = 4096;
// In pages.
const LEAST_GROWTH = 256;
const MOST_GROWTH = 2048;
const SPARE = 128;

/** The index in a folder of its own. Reading is synchronous: it is a look into mapped memory. */
export class LmdbIndex implements OrderedIndex {
  readonly #folder: string;
  readonly #sync: boolean;
  readonly #db: RootDatabase<string, Buffer>;
  /** Pages of the file that are on disk and that LMDB has not used yet. */
  #roomInPages = 0;
  #broken: Fault | undefined;
  #closed = false;

  /** Opens what is there, which must be sound: LMDB does not check. */
  constructor(folder: string, sync: boolean) {
    this.#folder = folder;
    this.#sync = sync;
    this.#db = open(folder, {
      encoding: 'string',
      keyEncoding: 'binary',
      pageSize: PAGE,
      // Without `sync` nothing waits for the disk: what the kernel has survives our end, not its own.
      noSync: !sync,
      overlappingSync: false,
    });
  }

  /** An empty index, whatever was there. */
  static create(folder: string, sync: boolean): LmdbIndex {
    try {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      return new LmdbIndex(folder, sync);
    } catch (thrown) {
      throw diskFault(thrown, folder);
    }
  }

  get(key: ByteString): string | undefined {
    this.#checkOpen();
    return this.#db.get(Buffer.from(key, 'latin1'));
  }

  *range(
    from: ByteString,
    to: ByteString,
    { reverse = false } = {},
  ): IterableIterator<readonly [ByteString, string]> {
    this.#checkOpen();
    const low = Buffer.from(from, 'latin1');
    const high = Buffer.from(to, 'latin1');
    const entries = this.#db.getRange(
      reverse
        ? { start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse }
        : { start: low, end: high },
    );
    for (const { key, value } of entries) yield [key.toString('latin1'), value];
  }

  commit(writes: Iterable<Write>, { frees = false } = {}): Promise<void> | void {
    this.#checkOpen();
    if (this.#broken) throw this.#broken;
    const all = [...writes];
    this.#makeRoomFor(all, frees);
    if (this.#sync) return this.#commitToDisk(all);
    try {
      this.#db.transactionSync(() => this.#write(all), COMMIT);
    } catch (thrown) {
      throw this.#broke(thrown);
    }
  }

  /** Writes a copy that can be opened by itself. */
  async copyTo(folder: string): Promise<void> {
    await this.#db.backup(folder, true);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#db.close();
  }

  async #commitToDisk(writes: readonly Write[]): Promise<void> {
    try {
      await this.#db.batch(() => this.#write(writes));
    } catch (thrown) {
      // The reason comes in a promise of its own, which nobody else waits for.
      const why = thrown instanceof Error && 'commitError' in thrown ? thrown.commitError : thrown;
      throw this.#broke(await Promise.resolve(why).catch((reason) => reason));
    }
  }

  /** LMDB does not notice when it is asked after it was closed; the process ends. */
  #checkOpen(): void {
    if (this.#closed) throw new Fault('STORAGE_INTERRUPTED', 'The index was closed');
  }

  #write(writes: readonly Write[]): void {
    for (const [key, value] of writes) {
      const bytes = Buffer.from(key, 'latin1');
      if (value === undefined) void this.#db.remove(bytes);
      else void this.#db.put(bytes, value);
    }
  }

  /**
   * LMDB may crash when the disk fills up under it, so its file is made longer before it needs that.
   * A part is kept for removing things, which takes room as well before it gives any.
   */
  #makeRoomFor(writes: readonly Write[], frees: boolean): void {
    let pages = 64;
    for (const [, value] of writes) pages += 4 + Math.ceil((value?.length ?? 0) / 1024);
    const wanted = frees ? pages : pages + SPARE;
    if (wanted > this.#roomInPages) this.#grow(wanted);
    this.#roomInPages -= pages;
  }

  #grow(pages: number): void {
    const path = join(this.#folder, INDEX_FILE);
    const used = this.#pagesUsed();
    try {
      const fd = openSync(path, 'r+');
      try {
        let { size } = fstatSync(fd);
        if (size < (used + pages) * PAGE) {
          const growth = Math.max(pages, Math.min(MOST_GROWTH, used >> 3));
          const zeros = Buffer.alloc(LEAST_GROWTH * PAGE);
          const wanted = size + Math.max(LEAST_GROWTH, growth) * PAGE;
          while (size < wanted)
            size += writeSync(fd, zeros, 0, Math.min(zeros.length, wanted - size), size);
        }
        this.#roomInPages = Math.floor(size / PAGE) - used;
      } finally {
        closeSync(fd);
      }
    } catch (thrown) {
      throw diskFault(thrown, path);
    }
  }

  #pagesUsed(): number {
    const stats = this.#db.getStats();
    return 'lastPageNumber' in stats ? Number(stats.lastPageNumber) + 1 : 0;
  }

  /** Its memory cannot be trusted after it failed to write; its file can. */
  #broke(cause: unknown): Fault {
    this.#broken = new Fault('STORAGE_INTERRUPTED', `Cannot write the index: ${String(cause)}`, {
      detail: { path: this.#folder },
      hint: 'Start the engine again; what was acknowledged is there.',
      cause,
    });
    return this.#broken;
  }
}

/** Done when the call returns, and nothing in it can be taken back. */
const COMMIT = 2;
