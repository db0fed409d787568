import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobKind, type Dropped, GROWING_PREFIX, type Kept } from './blobs.ts';
import { diskFault } from './disk-fault.ts';
import { droppedKey, folderKey } from './index-key.ts';
import type { Write } from './ordered-index.ts';
import { REGISTER, Register } from './register.ts';
import { syncPath } from './sync-path.ts';

/** After so many files the next folder is begun: few enough to check one by one after a kill. */
const FILES_PER_FOLDER = 1000;

export const FOLDER_NAME = /^[0-9]{6,}$/;

interface Folder {
  /** Files that belong to an object. */
  live: number;
  /** Files ever begun here. */
  made: number;
  /** Files that are written and not committed yet. */
  pending: number;
  /** Full and settled: every file in it belongs to an object or is in the list of dropped ones. */
  sealed: boolean;
}

/** What the index says of a sealed folder. Of others it says nothing: they are checked at the start. */
export interface SealedFolder {
  readonly live: number;
}

/**
 * Objects lie in numbered folders that fill up one after the other. Each has a register beside the
 * bytes: a line for every object, and another for every change of what is said about it.
 */
export class ObjectFolders {
  readonly #root: string;
  readonly #sync: boolean;
  readonly #folders = new Map<string, Folder>();
  readonly #registers = new Map<string, Register>();
  /** Sealed folders that changed since the index heard of them. */
  readonly #changed = new Set<string>();
  /** Index entries about things that are gone. */
  #settled: string[] = [];
  #current: string | undefined;
  #last = 0;

  constructor(root: string, sync: boolean) {
    this.#root = root;
    this.#sync = sync;
  }

  /** Takes in a sealed folder that was found at the start. */
  async adopt(name: string, { live }: SealedFolder): Promise<void> {
    this.#last = Math.max(this.#last, Number(name));
    this.#folders.set(name, { live, made: FILES_PER_FOLDER, pending: 0, sealed: true });
    await this.#removeEmpty(name);
  }

  /** Takes in a folder that was checked at the start. One of them goes on to be filled. */
  async adoptChecked(name: string, live: number): Promise<void> {
    await this.adopt(name, { live });
    const folder = this.#folders.get(name);
    if (!folder) return;
    if (this.#current === undefined && live < FILES_PER_FOLDER) {
      this.#current = name;
      folder.made = live;
      folder.sealed = false;
    } else {
      this.#changed.add(name);
    }
  }

  /** A name for a new file. Its folder waits for it until it is kept or forgotten. */
  place({ extension, growing }: BlobKind): string {
    const [name, folder] = this.#open();
    folder.made += 1;
    folder.pending += 1;
    if (folder.made >= FILES_PER_FOLDER) this.#current = undefined;
    return `${name}/${growing ? GROWING_PREFIX : ''}${randomBytes(8).toString('hex')}${extension}`;
  }

  /** A file that was placed will not be kept, and is gone. */
  async forget(file: string): Promise<void> {
    const [name, folder] = this.#of(file);
    folder.pending -= 1;
    this.#seal(name, folder);
    await this.#removeEmpty(name);
  }

  async note(kept: readonly Kept[], dropped: readonly Dropped[]): Promise<readonly Write[]> {
    const lines = new Map<string, string>();
    const changes = new Map<string, { added: number; removed: number }>();
    const changesOf = (name: string) => {
      const there = changes.get(name) ?? { added: 0, removed: 0 };
      changes.set(name, there);
      return there;
    };
    for (const { file, line, fresh } of kept) {
      const name = folderOf(file);
      lines.set(name, `${lines.get(name) ?? ''}${line}\n`);
      if (fresh) changesOf(name).added += 1;
    }
    for (const { file } of dropped) changesOf(folderOf(file)).removed += 1;

    for (const [name, text] of lines) this.#append(name, text);
    if (this.#sync) await Promise.all([...lines.keys()].map((name) => this.#flush(name)));

    const writes: Write[] = dropped.map(({ file }) => [droppedKey(file), '']);
    for (const key of this.#settled) writes.push([key, undefined]);
    this.#settled = [];
    for (const name of new Set([...changes.keys(), ...this.#changed])) {
      const folder = this.#folders.get(name);
      if (!folder) continue;
      const { added, removed } = changes.get(name) ?? { added: 0, removed: 0 };
      if (!folder.sealed && !isFull(folder, folder.pending - added)) continue;
      const sealed: SealedFolder = { live: folder.live + added - removed };
      writes.push([folderKey(name), JSON.stringify(sealed)]);
    }
    this.#changed.clear();
    return writes;
  }

  noted(kept: readonly Kept[], dropped: readonly Dropped[]): void {
    for (const { file, fresh } of kept) {
      const [name, folder] = this.#of(file);
      if (!fresh) continue;
      folder.live += 1;
      folder.pending -= 1;
      this.#seal(name, folder);
    }
    for (const { file } of dropped) this.#of(file)[1].live -= 1;
  }

  /** Dropped files that are removed by now. */
  async removed(files: readonly string[]): Promise<void> {
    const names = [...new Set(files.map(folderOf))];
    const settle = () => {
      for (const file of files) this.#settled.push(droppedKey(file));
    };
    // Nobody waits for that: a file that a power cut brings back is still in the list.
    if (this.#sync) void this.#areRemoved(names).then(settle, () => undefined);
    else settle();
    for (const name of names) await this.#removeEmpty(name);
  }

  close(): void {
    for (const register of this.#registers.values()) register.close();
  }

  #open(): [string, Folder] {
    const current = this.#current === undefined ? undefined : this.#folders.get(this.#current);
    if (this.#current !== undefined && current) return [this.#current, current];

    const name = String(this.#last + 1).padStart(6, '0');
    const path = join(this.#root, name);
    try {
      mkdirSync(path);
    } catch (thrown) {
      throw diskFault(thrown, path);
    }
    this.#last += 1;
    this.#current = name;
    const folder = { live: 0, made: 0, pending: 0, sealed: false };
    this.#folders.set(name, folder);
    return [name, folder];
  }

  #of(file: string): [string, Folder] {
    const name = folderOf(file);
    const folder = this.#folders.get(name) ?? { live: 0, made: 0, pending: 0, sealed: false };
    return [name, folder];
  }

  #seal(name: string, folder: Folder): void {
    if (folder.sealed || !isFull(folder, folder.pending)) return;
    folder.sealed = true;
    this.#changed.add(name);
    this.#registers.get(name)?.close();
    this.#registers.delete(name);
  }

  #append(name: string, lines: string): void {
    const register = this.#registers.get(name) ?? new Register(join(this.#root, name));
    register.append(lines);
    if (this.#folders.get(name)?.sealed) register.close();
    else this.#registers.set(name, register);
  }

  /** The folder, and with a new folder also its place in the one above, are on disk. */
  async #flush(name: string): Promise<void> {
    await Promise.all([
      syncPath(join(this.#root, name, REGISTER)),
      syncPath(join(this.#root, name)),
      syncPath(this.#root),
    ]);
  }

  async #areRemoved(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => syncPath(join(this.#root, name))));
  }

  async #removeEmpty(name: string): Promise<void> {
    const folder = this.#folders.get(name);
    if (!folder?.sealed || folder.live > 0 || folder.pending > 0) return;
    this.#registers.get(name)?.close();
    this.#registers.delete(name);
    this.#folders.delete(name);
    await rm(join(this.#root, name), { recursive: true, force: true }).catch(() => undefined);
    this.#settled.push(folderKey(name));
  }
}

function isFull(folder: Folder, pending: number): boolean {
  return folder.made >= FILES_PER_FOLDER && pending === 0;
}

function folderOf(file: string): string {
  return file.slice(0, file.indexOf('/'));
}
