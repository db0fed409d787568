import type { Clock } from '../../../shared/core/clock.ts';
import { Fault } from '../../../shared/core/fault.ts';
import { appendTo } from './append.ts';
import { decideRemove, decideUpdate } from './decide-object.ts';
import {
  bytesOf,
  checkKey,
  isKey,
  markerBytes,
  mayBeginKey,
  objectKey,
  objectsOf,
  textOf,
} from './index-key.ts';
import { KeyedLock } from './keyed-lock.ts';
import { type ObjectRecord, readRecord } from './object-record.ts';
import type { ListOptions, ObjectPage, Objects, StoredObject } from './objects.ts';
import { type KeySpace, page, pageAfter } from './page.ts';
import { RunningHashes } from './running-hashes.ts';
import type { Keeper, State } from './state.ts';
import {
  draftOf,
  headOf,
  NO_BUCKET,
  plainKind,
  receiveNew,
  refusal,
  store,
} from './store-object.ts';

const MOST_LISTED = 1000;

/** Objects as the state of the moment has them. */
export function storedObjects(keeper: Keeper, clock: Clock): Objects {
  const appends = new KeyedLock();
  const hashes = new RunningHashes();
  return {
    async put(bucket, key, body, options = {}) {
      checkKey(key);
      const { state } = keeper;
      const refused = refusal(state, bucket, key, options);
      if (refused) return refused;

      const received = await receiveNew(state, body, plainKind(key), options);
      if ('status' in received) return received;
      const { place: file, size, crc64 } = received;
      const etag = received.md5.digest('hex');
      const draft = { ...draftOf(bucket, key, options.describe), size, etag, crc64, file };
      return store(state, clock, draft, options);
    },

    head: (bucket, key) => headOf(keeper.state, bucket, key),
    get: (bucket, key) => openObject(keeper.state, bucket, key),

    async update(bucket, key, changes, { also } = {}) {
      const { state } = keeper;
      if (!isKey(key)) return { status: 'no-object' };
      return state.writer.commit((view) =>
        state.shelf.get(bucket) ? decideUpdate(view, bucket, key, changes, also) : NO_BUCKET,
      );
    },

    async remove(bucket, key, { also } = {}) {
      const { state } = keeper;
      if (!isKey(key)) return { status: 'no-object' };
      return state.writer.commit((view) =>
        state.shelf.get(bucket) ? decideRemove(view, bucket, key, also) : NO_BUCKET,
      );
    },

    async copy(source, bucket, key, options = {}) {
      checkKey(key);
      const { state } = keeper;
      const refused = refusal(state, bucket, key, options);
      if (refused) return refused;

      const file = await state.blobs.twin(source.file, source.size, plainKind(key));
      if (file === undefined) return { status: 'source-gone' };
      const draft = { ...source, ...options.describe, bucket, key, file, appendable: false };
      return store(state, clock, draft, options);
    },

    async append(bucket, key, position, body, options = {}) {
      checkKey(key);
      return appends.run(objectKey(bucket, key), () =>
        appendTo({ state: keeper.state, hashes, clock, bucket, key, position, body, options }),
      );
    },

    list: (bucket, options = {}) => listed(keeper.state, bucket, options),
  };
}

function openObject(state: State, bucket: string, key: string): StoredObject | undefined {
  let missing: string | undefined;
  for (;;) {
    const record = headOf(state, bucket, key);
    if (!record) return undefined;
    const blob = state.blobs.open(record.file, record.size);
    if (blob) return { record, ...blob };
    // Between the look into the index and the opening another write may have replaced the bytes.
    if (record.file === missing) throw bytesAreGone(record);
    missing = record.file;
  }
}

function bytesAreGone({ bucket, key, file }: ObjectRecord): Fault {
  return new Fault('DATA_FOLDER_UNREADABLE', `The bytes of ${bucket}/${key} are gone`, {
    detail: { bucket, key, file },
    hint: 'Something else removed them from the data folder; store the object again.',
  });
}

function listed(state: State, bucket: string, options: ListOptions): ObjectPage {
  const prefix = bytesOf(options.prefix ?? '');
  if (!state.shelf.get(bucket) || !mayBeginKey(prefix)) {
    return { objects: [], prefixes: [], next: undefined };
  }
  const start = objectsOf(bucket);
  const space: KeySpace = {
    start,
    encode: (key) => key,
    keyOf: (indexKey) => indexKey.slice(start.length),
  };
  const delimiter = bytesOf(options.delimiter ?? '');
  const { marker, max = MOST_LISTED } = options;
  const from = marker ? pageAfter(space, markerBytes(marker), { prefix, delimiter }) : undefined;
  const { entries, prefixes, last } = page(state.index, space, { prefix, delimiter, from, max });
  return {
    objects: entries.map(([, text]) => readRecord(text)),
    prefixes: prefixes.map(textOf),
    next: last && textOf('prefix' in last ? last.prefix : space.keyOf(last.entry)),
  };
}
