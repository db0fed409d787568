import type { Clock } from '../../../shared/core/clock.ts';
import type { ShelvedBucket } from './bucket-shelf.ts';
import { beyond, checkBucketName, objectsOf, uploadsOf } from './index-key.ts';
import type { Keeper, State } from './state.ts';
import type { Bucket, Buckets } from './storage.ts';

/** Buckets as the state of the moment has them. They change while nothing else does. */
export function storedBuckets(keeper: Keeper, clock: Clock): Buckets {
  return {
    async create(name) {
      checkBucketName(name);
      const { writer, shelf } = keeper.state;
      return writer.alone(async () => {
        const there = shelf.get(name);
        if (there) return { status: 'exists', bucket: bucketOf(there) };
        const bucket = { name, created: clock(), documents: new Map<string, unknown>() };
        await shelf.save(bucket);
        return { status: 'created', bucket: bucketOf(bucket) };
      });
    },

    async remove(name) {
      const { state } = keeper;
      return state.writer.alone(async () => {
        if (!state.shelf.get(name)) return { status: 'no-bucket' };
        if (holdsAnything(state, name)) return { status: 'not-empty' };
        await state.shelf.remove(name);
        return { status: 'removed' };
      });
    },

    get(name) {
      const bucket = keeper.state.shelf.get(name);
      return bucket && bucketOf(bucket);
    },

    list: () => keeper.state.shelf.list().map(bucketOf),

    document: (bucket, name) => keeper.state.shelf.get(bucket)?.documents.get(name),

    async setDocument(name, documentName, document) {
      const { writer, shelf } = keeper.state;
      return writer.alone(async () => {
        const bucket = shelf.get(name);
        if (!bucket) return { status: 'no-bucket' };
        const documents = new Map(bucket.documents);
        if (document === undefined) documents.delete(documentName);
        else documents.set(documentName, document);
        await shelf.save({ ...bucket, documents });
        return { status: 'kept' };
      });
    },
  };
}

function bucketOf({ name, created }: ShelvedBucket): Bucket {
  return { name, created };
}

function holdsAnything({ index }: State, bucket: string): boolean {
  for (const start of [objectsOf(bucket), uploadsOf(bucket)]) {
    for (const _ of index.range(start, beyond(start))) return true;
  }
  return false;
}
