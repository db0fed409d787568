import { closeSync, fstatSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { Fault } from '../../../shared/core/fault.ts';
import { diskFault } from './disk-fault.ts';
import { looksLikeAnIndex } from './index-file.ts';
import type { ByteString } from './index-key.ts';
import type { OrderedIndex, Write } from './ordered-index.ts';

const FILE = 'data.mdb';
const PAGE = 4096;
/** Counting entries walks the whole index, so a huge one is trusted as it is. */
const COUNTED_UP_TO = 256 * 1024 * 1024;
const LEAST_GROWTH = 256;
const MOST_GROWTH = 2048;

/** The index in a folder of its own. Reading is synchronous: it is a look into mapped memory. */
export class LmdbIndex implements OrderedIndex {
  readonly #folder: string;
  readonly #sync: boolean;
  readonly #db: RootDatabase<string, Buffer>;
  /** Pages of the file that are on disk and that LMDB has not used yet. */
  #roomInPages = 0;
  #broken: Fault | undefined;
  #closed = false;

  private constructor(folder: string, sync: boolean) {
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

  static create(folder: string, sync: boolean): LmdbIndex {
    try {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      return new LmdbIndex(folder, sync);
    } catch (thrown) {
      throw diskFault(thrown, folder);
    }
  }

  /** The index that is there; nothing when there is none that can be believed. */
  static async openSound(folder: string, sync: boolean): Promise<LmdbIndex | undefined> {
    const path = join(folder, FILE);
    if (!looksLikeAnIndex(path)) return undefined;
    if (statSync(path).size > COUNTED_UP_TO) return new LmdbIndex(folder, sync);

    const counted = new LmdbIndex(folder, sync);
    const sound = counted.#holdsWhatItCounts();
    await counted.close();
    // Opened anew, because counting has mapped all of it into our memory.
    return sound ? new LmdbIndex(folder, sync) : undefined;
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

  commit(writes: Iterable<Write>): Promise<void> | void {
    this.#checkOpen();
    if (this.#broken) throw this.#broken;
    const all = [...writes];
    this.#makeRoomFor(all);
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

  /** LMDB may crash when the disk fills up under it, so its file is made longer before it needs it. */
  #makeRoomFor(writes: readonly Write[]): void {
    let pages = 64;
    for (const [, value] of writes) pages += 4 + Math.ceil((value?.length ?? 0) / 1024);
    if (pages > this.#roomInPages) this.#grow(pages);
    this.#roomInPages -= pages;
  }

  #grow(pages: number): void {
    const path = join(this.#folder, FILE);
    const used = this.#pagesUsed();
    try {
      const fd = openSync(path, 'r+');
      try {
        const { size } = fstatSync(fd);
        const growth = Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, used >> 3));
        const wanted = (used + Math.max(pages, growth)) * PAGE;
        const zeros = Buffer.alloc(LEAST_GROWTH * PAGE);
        for (let at = size; (used + pages) * PAGE > size && at < wanted; ) {
          at += writeSync(fd, zeros, 0, Math.min(zeros.length, wanted - at), at);
        }
        this.#roomInPages = Math.floor(Math.max(size, fstatSync(fd).size) / PAGE) - used;
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

  #holdsWhatItCounts(): boolean {
    try {
      const stats = this.#db.getStats();
      return 'entryCount' in stats && this.#db.getKeysCount() === stats.entryCount;
    } catch {
      return false;
    }
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
