import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BucketShelf, MemoryShelf, type ShelvedBucket } from './bucket-shelf.ts';
import { diskFault } from './disk-fault.ts';
import { fieldsOf, readFields, replaceFile } from './json-file.ts';
import { syncPath } from './sync-path.ts';

const FILE = /^([a-z0-9][a-z0-9.-]{0,99})\.json$/;

/** Buckets in a file each. The files are all there is to know of them: no index has to agree. */
export class FolderShelf implements BucketShelf {
  readonly #folder: string;
  readonly #sync: boolean;
  readonly #buckets: MemoryShelf;

  constructor(folder: string, sync: boolean) {
    this.#folder = folder;
    this.#sync = sync;
    this.#buckets = new MemoryShelf(readBuckets(folder));
  }

  get(name: string): ShelvedBucket | undefined {
    return this.#buckets.get(name);
  }

  list(): readonly ShelvedBucket[] {
    return this.#buckets.list();
  }

  async save(bucket: ShelvedBucket): Promise<void> {
    const documents = Object.fromEntries(bucket.documents);
    const text = JSON.stringify({ ...bucket, documents }, undefined, 2);
    await replaceFile(join(this.#folder, `${bucket.name}.json`), text, this.#sync);
    await this.#buckets.save(bucket);
  }

  async remove(name: string): Promise<void> {
    const path = join(this.#folder, `${name}.json`);
    try {
      await rm(path, { force: true });
      if (this.#sync) await syncPath(this.#folder);
    } catch (thrown) {
      throw diskFault(thrown, path);
    }
    await this.#buckets.remove(name);
  }
}

function readBuckets(folder: string): ShelvedBucket[] {
  return readdirSync(folder).flatMap((file) => {
    const name = FILE.exec(file)?.[1];
    return name === undefined ? [] : [readBucket(name, join(folder, file))];
  });
}

/** A file that a power cut left empty is still the file of a bucket. */
function readBucket(name: string, path: string): ShelvedBucket {
  const fields = readFields(path);
  const created = fields.get('created');
  const documents = fieldsOf(fields.get('documents'));
  return { name, created: typeof created === 'number' ? created : 0, documents };
}
