import { randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { link, mkdir, rm, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartPlace, PartSink, PlacedPart, Sink } from './blobs.ts';
import { diskFault } from './disk-fault.ts';
import { fileSink } from './file-sink.ts';
import { syncPath } from './sync-path.ts';

export const SHARED_PARTS = 'parts';
const COPIED_AT_ONCE = 1024 * 1024;

/** What we know of the shared file of an upload. */
interface Shared {
  /** Bytes between the beginnings of two parts: the size of the part that came first. */
  room: number | undefined;
  readonly taken: Set<number>;
  writing: number;
}

/**
 * Parts of uploads. Those of the usual size are written where they will be in the finished object,
 * all into one file, so that completing a large upload need not write it again. What does not fit
 * (a part sent again, of another size, or of a size not known) gets a file of its own.
 */
export class UploadFiles {
  readonly #root: string;
  readonly #sync: boolean;
  readonly #shared = new Map<string, Shared>();

  constructor(root: string, sync: boolean) {
    this.#root = root;
    this.#sync = sync;
  }

  async begin(
    upload: string,
    number: number,
    size: number | undefined,
    placed: () => readonly PartPlace[],
  ): Promise<PartSink> {
    const shared = this.#shared.get(upload) ?? sharedBy(placed());
    this.#shared.set(upload, shared);
    const folder = join(this.#root, upload);
    try {
      await mkdir(folder, { recursive: true });
    } catch (thrown) {
      throw diskFault(thrown, folder);
    }
    const fits = size !== undefined && size > 0 && size <= (shared.room ?? size);
    if (!fits || shared.taken.has(number)) return this.#beginAlone(upload, number);
    return this.#beginShared(upload, number, shared, size);
  }

  /** Bytes in the shared file stay where they are: nobody reads them, and the part may come again. */
  async discard(upload: string, place: PartPlace): Promise<void> {
    if (place.room !== undefined) return;
    await unlink(this.#path(upload, place)).catch(() => undefined);
  }

  /** Makes the shared file the one at `target`, when it holds these parts, all of them and no gap. */
  async linkShared(
    upload: string,
    parts: readonly PlacedPart[],
    placed: readonly PartPlace[],
    target: string,
  ): Promise<boolean> {
    if (this.#shared.get(upload)?.writing) return false;
    const size = sizeOfRun(parts);
    const inShared = placed.filter(({ room }) => room !== undefined);
    if (size === undefined || inShared.length !== parts.length) return false;
    const path = join(this.#root, upload, SHARED_PARTS);
    try {
      await truncate(path, size);
      await link(path, target);
      if (this.#sync) await syncPath(target);
      return true;
    } catch {
      return false; // a file system without links; the parts are still there to be copied
    }
  }

  async copy(upload: string, parts: readonly PlacedPart[], sink: Sink): Promise<void> {
    for (const { place, size } of parts) {
      if (size === 0) continue;
      const path = this.#path(upload, place);
      const end = place.at + size - 1;
      const bytes = createReadStream(path, { start: place.at, end, highWaterMark: COPIED_AT_ONCE });
      for await (const piece of bytes) await sink.write([piece]);
    }
  }

  async remove(upload: string): Promise<void> {
    this.#shared.delete(upload);
    const folder = join(this.#root, upload);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  #path(upload: string, place: PartPlace): string {
    return join(this.#root, upload, place.file);
  }

  async #beginShared(
    upload: string,
    number: number,
    shared: Shared,
    size: number,
  ): Promise<PartSink> {
    shared.room ??= size;
    shared.taken.add(number);
    shared.writing += 1;
    const place = { file: SHARED_PARTS, at: (number - 1) * shared.room, room: shared.room };
    const giveBack = async () => {
      shared.writing -= 1;
      shared.taken.delete(number);
    };
    try {
      const sink = await this.#sink(upload, place, constants.O_RDWR | constants.O_CREAT, giveBack);
      return {
        ...sink,
        place,
        async finish() {
          await sink.finish();
          shared.writing -= 1;
        },
      };
    } catch (thrown) {
      await giveBack();
      throw thrown;
    }
  }

  async #beginAlone(upload: string, number: number): Promise<PartSink> {
    const place = { file: `${number}-${randomBytes(8).toString('hex')}`, at: 0 };
    const sink = await this.#sink(upload, place, 'wx', () => this.discard(upload, place));
    return { ...sink, place };
  }

  async #sink(
    upload: string,
    place: PartPlace,
    flags: string | number,
    undo: () => Promise<void>,
  ): Promise<Sink> {
    const sink = await fileSink(this.#path(upload, place), {
      flags,
      at: place.at,
      sync: this.#sync,
      undo,
    });
    if (!this.#sync) return sink;
    return {
      ...sink,
      finish: async () => {
        await sink.finish();
        await Promise.all([syncPath(join(this.#root, upload)), syncPath(this.#root)]);
      },
    };
  }
}

/** The bytes of parts that lie in the shared file one right after the other; nothing otherwise. */
function sizeOfRun(parts: readonly PlacedPart[]): number | undefined {
  let end = 0;
  for (const { place, size } of parts) {
    if (place.room === undefined || place.at !== end) return undefined;
    end += size;
  }
  return end;
}

function sharedBy(places: readonly PartPlace[]): Shared {
  const taken = new Set<number>();
  let room: number | undefined;
  for (const place of places) {
    if (place.room === undefined) continue;
    room = place.room;
    taken.add(place.at / place.room + 1);
  }
  return { room, taken, writing: 0 };
}
