import type { Bucket } from './storage.ts';

/** A bucket with the documents kept for it. */
export interface ShelvedBucket extends Bucket {
  readonly documents: ReadonlyMap<string, unknown>;
}

/** All buckets there are. They are few, so they are kept in memory. */
export interface BucketShelf {
  get(name: string): ShelvedBucket | undefined;
  list(): readonly ShelvedBucket[];
  save(bucket: ShelvedBucket): Promise<void>;
  remove(name: string): Promise<void>;
}

export class MemoryShelf implements BucketShelf {
  readonly #buckets: Map<string, ShelvedBucket>;

  constructor(buckets: Iterable<ShelvedBucket> = []) {
    this.#buckets = new Map([...buckets].map((bucket) => [bucket.name, bucket]));
  }

  get(name: string): ShelvedBucket | undefined {
    return this.#buckets.get(name);
  }

  list(): readonly ShelvedBucket[] {
    return [...this.#buckets.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async save(bucket: ShelvedBucket): Promise<void> {
    this.#buckets.set(bucket.name, bucket);
  }

  async remove(name: string): Promise<void> {
    this.#buckets.delete(name);
  }
}
