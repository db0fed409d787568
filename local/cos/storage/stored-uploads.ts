import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/core/clock.ts';
import type { PartPlace } from './blobs.ts';
import { completeUpload } from './complete-upload.ts';
import {
  beyond,
  bytesOf,
  checkKey,
  escapeUploadKey,
  keyOfUpload,
  laterOf,
  markerBytes,
  mayBeginKey,
  partKey,
  textOf,
  uploadKey,
  uploadsOf,
  uploadsOfKey,
} from './index-key.ts';
import { KeyedLock } from './keyed-lock.ts';
import { PLAIN } from './object-record.ts';
import { type KeySpace, page, pageAfter } from './page.ts';
import { receive } from './receive.ts';
import type { Keeper, State } from './state.ts';
import { NO_BUCKET } from './store-object.ts';
import {
  partOf,
  partsAfter,
  placeOfUpload,
  placesOf,
  readUpload,
  type StoredPart,
  writeUpload,
} from './upload-record.ts';
import type {
  AbortOutcome,
  CreateOutcome,
  ListUploadsOptions,
  PartPage,
  PutPartOutcome,
  Upload,
  UploadPage,
  UploadRef,
  Uploads,
} from './uploads.ts';
import type { Decision, View } from './writer.ts';

const MOST_LISTED = 1000;
const MOST_PARTS = 10_000;

/** Uploads in parts as the state of the moment has them. */
export function storedUploads(keeper: Keeper, clock: Clock): Uploads {
  const ending = new KeyedLock();
  return {
    async create(bucket, key, describe) {
      checkKey(key);
      const { state } = keeper;
      const id = randomBytes(16).toString('hex');
      const upload = { ...PLAIN, ...describe, bucket, key, id, initiated: clock() };
      const writes = [[uploadKey(bucket, key, id), writeUpload(upload)]] as const;
      return state.writer.commit<CreateOutcome>(() =>
        state.shelf.get(bucket) ? { outcome: { status: 'created', upload }, writes } : NO_BUCKET,
      );
    },

    get: (upload) => find(keeper.state, upload),

    async put(upload, number, body, expect = {}) {
      const { state } = keeper;
      if (!isPartNumber(number) || !find(state, upload)) return NO_UPLOAD.outcome;
      await ended(ending, upload);
      if (!find(state, upload)) return NO_UPLOAD.outcome;

      const received = await receive(body, expect, {
        begin: async () => {
          const placed = () => placesOf(state.index, upload.id);
          const sink = await state.blobs.beginPart(upload.id, number, expect.size, placed);
          return [sink, sink.place];
        },
      });
      if ('because' in received) {
        await sweep(state, upload, []);
        return { status: 'body-refused', ...received };
      }
      const { place, size, crc64 } = received;
      const etag = received.md5.digest('hex');
      const part = { number, size, etag, crc64, modified: clock(), place };
      await ended(ending, upload);
      return keepPart(state, upload, part);
    },

    parts: (upload, options = {}) => partPage(keeper.state, upload, options),
    list: (bucket, options = {}) => uploadPage(keeper.state, bucket, options),

    complete: (upload, parts, options = {}) =>
      ending.run(upload.id, () =>
        completeUpload({ state: keeper.state, clock, upload, parts, options }),
      ),

    abort: (upload) => ending.run(upload.id, () => abort(keeper.state, upload)),
  };
}

const NO_UPLOAD = { outcome: { status: 'no-upload' } } as const;

function isPartNumber(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= MOST_PARTS;
}

function find(state: State, upload: UploadRef): Upload | undefined {
  const place = placeOfUpload(upload);
  const text = place && state.shelf.get(upload.bucket) && state.index.get(place);
  return text === undefined ? undefined : readUpload(text);
}

/** Parts wait while the upload is being completed or aborted, and then find it gone or as it was. */
async function ended(ending: KeyedLock, { id }: UploadRef): Promise<void> {
  while (ending.busy(id)) await ending.idle(id);
}

async function keepPart(
  state: State,
  upload: UploadRef,
  part: StoredPart,
): Promise<PutPartOutcome> {
  let replaced: StoredPart | undefined;
  const decide = (view: View): Decision<PutPartOutcome> => {
    const place = placeOfUpload(upload);
    if (!place || view.get(place) === undefined) return NO_UPLOAD;
    const indexKey = partKey(upload.id, part.number);
    const before = view.get(indexKey);
    replaced = before === undefined ? undefined : JSON.parse(before);
    return {
      outcome: { status: 'stored', part: partOf(part) },
      writes: [[indexKey, JSON.stringify(part)]],
    };
  };
  try {
    const outcome = await state.writer.commit(decide);
    if (outcome.status !== 'stored') await sweep(state, upload, [part.place]);
    else if (replaced) await state.blobs.discardPart(upload.id, replaced.place);
    return outcome;
  } catch (thrown) {
    await state.blobs.discardPart(upload.id, part.place);
    throw thrown;
  }
}

/** A part that was on its way while its upload ended may have left a folder for it. */
async function sweep(state: State, upload: UploadRef, places: readonly PartPlace[]): Promise<void> {
  if (!find(state, upload)) await state.blobs.removeUpload(upload.id, places);
}

async function abort(state: State, upload: UploadRef): Promise<AbortOutcome> {
  await state.writer.commit(() => ({ outcome: undefined })); // parts on their way are in
  const place = placeOfUpload(upload);
  if (!place || !find(state, upload)) return NO_UPLOAD.outcome;
  const placed = [...partsAfter(state.index, upload.id)];
  const gone = [place, ...placed.map(({ number }) => partKey(upload.id, number))];
  const writes = gone.map((key) => [key, undefined] as const);
  await state.writer.commit(() => ({ outcome: undefined, writes }));
  await state.blobs.removeUpload(
    upload.id,
    placed.map((part) => part.place),
  );
  return { status: 'aborted' };
}

function partPage(
  state: State,
  upload: UploadRef,
  { after = 0, max = MOST_LISTED }: { after?: number; max?: number },
): PartPage {
  if (max <= 0 || after >= MOST_PARTS || !find(state, upload))
    return { parts: [], next: undefined };
  const parts = [];
  for (const part of partsAfter(state.index, upload.id, Math.max(0, after))) {
    if (parts.length === max) return { parts, next: parts.at(-1)?.number };
    parts.push(partOf(part));
  }
  return { parts, next: undefined };
}

function uploadPage(state: State, bucket: string, options: ListUploadsOptions): UploadPage {
  const prefix = bytesOf(options.prefix ?? '');
  if (!state.shelf.get(bucket) || !mayBeginKey(prefix)) {
    return { uploads: [], prefixes: [], next: undefined };
  }
  const space: KeySpace = { start: uploadsOf(bucket), encode: escapeUploadKey, keyOf: keyOfUpload };
  const delimiter = bytesOf(options.delimiter ?? '');
  const from = uploadsFrom(space, bucket, prefix, delimiter, options);
  const { max = MOST_LISTED } = options;
  const { entries, prefixes, last } = page(state.index, space, { prefix, delimiter, from, max });
  const uploads = entries.map(([, text]) => readUpload(text));
  return { uploads, prefixes: prefixes.map(textOf), next: markersOf(last, uploads) };
}

function uploadsFrom(
  space: KeySpace,
  bucket: string,
  prefix: string,
  delimiter: string,
  { keyMarker, idMarker }: ListUploadsOptions,
): string | undefined {
  if (!keyMarker) return undefined;
  const marker = markerBytes(keyMarker);
  const ofKey = uploadsOfKey(bucket, marker);
  if (idMarker) return `${ofKey}${idMarker.slice(0, 32)}\0`;
  return laterOf(pageAfter(space, marker, { prefix, delimiter }), beyond(ofKey));
}

function markersOf(
  last: ReturnType<typeof page>['last'],
  uploads: readonly Upload[],
): UploadPage['next'] {
  if (!last) return undefined;
  if ('prefix' in last) return { keyMarker: textOf(last.prefix), idMarker: undefined };
  const upload = uploads.at(-1);
  return upload && { keyMarker: upload.key, idMarker: upload.id };
}
