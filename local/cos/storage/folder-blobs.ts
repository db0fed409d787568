import {
  closeSync,
  constants,
  existsSync,
  ftruncateSync,
  linkSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { copyFile, open, truncate } from 'node:fs/promises';
import {
  type BlobKind,
  type Blobs,
  type Dropped,
  type FileSink,
  type Kept,
  mayGrow,
  type OpenBlob,
  type PartPlace,
  type PartSink,
  type PlacedPart,
  type Sink,
  SMALL,
} from './blobs.ts';
import { diskCode, diskFault } from './disk-fault.ts';
import { heldBlob, openFileBlob, readSmallFile } from './file-blob.ts';
import { fileSink } from './file-sink.ts';
import type { ObjectFolders } from './object-folders.ts';
import type { Write } from './ordered-index.ts';
import { RecentBytes } from './recent-bytes.ts';
import { removeFile, SpareFiles } from './spare-files.ts';
import { UploadFiles } from './upload-files.ts';

/** What small files that were read lately may take of the memory. */
const RECENT_BYTES = 12 * 1024 ** 2;

/** Bytes in ordinary files, one for each object. */
export class FolderBlobs implements Blobs {
  readonly #root: string;
  readonly #sync: boolean;
  readonly #folders: ObjectFolders;
  readonly #uploads: UploadFiles;
  readonly #spares: SpareFiles;
  readonly #growing = new Set<string>();
  readonly #recent = new RecentBytes(RECENT_BYTES);

  constructor(objects: string, uploads: string, folders: ObjectFolders, sync: boolean) {
    this.#root = objects;
    this.#sync = sync;
    this.#folders = folders;
    this.#uploads = new UploadFiles(uploads, sync);
    this.#spares = new SpareFiles(objects, (files) => void folders.removed(files));
  }

  async keep(bytes: Uint8Array, kind: BlobKind): Promise<string> {
    if (this.#sync) {
      const sink = await this.begin(kind);
      return finished(sink, () => sink.write([bytes]));
    }
    // Three quick calls: handing them to other threads would take longer than making them.
    const file = this.#folders.place(kind);
    const path = this.#path(file);
    try {
      const { fd, size } = this.#spares.take(path) ?? { fd: openSync(path, 'wx'), size: 0 };
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at);
        if (size > bytes.length) ftruncateSync(fd, bytes.length);
      } finally {
        closeSync(fd);
      }
      return file;
    } catch (thrown) {
      await this.discard(file);
      throw diskFault(thrown, path);
    }
  }

  async begin(kind: BlobKind): Promise<FileSink> {
    const file = this.#folders.place(kind);
    const discard = () => this.discard(file);
    const options = { flags: 'wx', at: 0, sync: this.#sync, undo: discard };
    try {
      return { ...(await fileSink(this.#path(file), options)), file };
    } catch (thrown) {
      await discard();
      throw thrown;
    }
  }

  async twin(file: string, size: number, kind: BlobKind): Promise<string | undefined> {
    const twin = this.#folders.place(kind);
    const path = this.#path(twin);
    try {
      if (!mayGrow(file) && !kind.growing && linked(this.#path(file), path)) return twin;
      await copyFile(this.#path(file), path, constants.COPYFILE_FICLONE);
      await truncate(path, size);
      if (this.#sync) await syncFile(path);
      // A file that was dropped meanwhile may have been written to as well.
      if (existsSync(this.#path(file))) return twin;
      await this.discard(twin);
      return undefined;
    } catch (thrown) {
      await this.discard(twin);
      if (diskCode(thrown) === 'ENOENT') return undefined;
      throw diskFault(thrown, path);
    }
  }

  async discard(file: string): Promise<void> {
    try {
      unlinkSync(this.#path(file));
    } catch {
      // It was never written, or the next start removes it.
    }
    await this.#folders.forget(file);
  }

  open(file: string, size: number): OpenBlob | undefined {
    const path = this.#path(file);
    if (size > SMALL || mayGrow(file)) return openFileBlob(path, size);
    const known = this.#recent.get(file);
    if (known?.length === size) return heldBlob(path, known);
    const bytes = readSmallFile(path, size);
    if (bytes === undefined) return undefined;
    this.#recent.add(file, bytes);
    return heldBlob(path, bytes);
  }

  async extend(file: string, size: number): Promise<Sink | undefined> {
    const path = this.#path(file);
    if (!existsSync(path)) return undefined;
    return fileSink(path, {
      flags: 'r+',
      at: size,
      sync: this.#sync,
      undo: (opened) => opened.truncate(size),
    });
  }

  isGrowing(file: string): boolean {
    return this.#growing.has(file);
  }

  noteGrowing(file: string): void {
    this.#growing.add(file);
  }

  beginPart(
    upload: string,
    number: number,
    size: number | undefined,
    placed: () => readonly PartPlace[],
  ): Promise<PartSink> {
    return this.#uploads.begin(upload, number, size, placed);
  }

  discardPart(upload: string, place: PartPlace): Promise<void> {
    return this.#uploads.discard(upload, place);
  }

  async assemble(
    upload: string,
    parts: readonly PlacedPart[],
    placed: readonly PartPlace[],
    kind: BlobKind,
  ): Promise<string> {
    const file = this.#folders.place(kind);
    if (await this.#uploads.linkShared(upload, parts, placed, this.#path(file))) return file;
    await this.#folders.forget(file);

    const sink = await this.begin(kind);
    return finished(sink, () => this.#uploads.copy(upload, parts, sink));
  }

  removeUpload(upload: string): Promise<void> {
    return this.#uploads.remove(upload);
  }

  note(kept: readonly Kept[], dropped: readonly Dropped[]): Promise<readonly Write[]> {
    return this.#folders.note(kept, dropped);
  }

  noted(kept: readonly Kept[], dropped: readonly Dropped[]): void {
    this.#folders.noted(kept, dropped);
  }

  async drop(dropped: readonly Dropped[]): Promise<void> {
    for (const { file } of dropped) this.#recent.remove(file);
    const files = dropped.filter((one) => !this.#maySpare(one)).map(({ file }) => file);
    if (files.length === 0) return;
    const removed = await Promise.all(files.map((file) => removeFile(this.#path(file))));
    for (const file of files) this.#growing.delete(file);
    await this.#folders.removed(files.filter((_, number) => removed[number]));
  }

  async close(): Promise<void> {
    await this.#spares.clear();
    this.#folders.close();
  }

  #maySpare({ file, size, replaced }: Dropped): boolean {
    const fits = replaced && size <= SMALL && !mayGrow(file) && !this.#sync;
    return fits && this.#spares.add(file);
  }

  #path(file: string): string {
    return `${this.#root}/${file}`;
  }
}

async function finished(sink: FileSink, write: () => Promise<void>): Promise<string> {
  try {
    await write();
    await sink.finish();
    return sink.file;
  } catch (thrown) {
    await sink.abandon();
    throw thrown;
  }
}

/** Whether both names have the same bytes now. Some file systems know no links, or allow only a few. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (thrown) {
    if (diskCode(thrown) === 'ENOENT') throw thrown;
    return false;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
