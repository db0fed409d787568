import type { PartPlace } from './blobs.ts';
import {
  after,
  type ByteString,
  beyond,
  isKey,
  isUploadId,
  partKey,
  partsOf,
  uploadKey,
} from './index-key.ts';
import { PLAIN, writeDescription } from './object-record.ts';
import type { OrderedIndex } from './ordered-index.ts';
import type { Part, Upload, UploadRef } from './uploads.ts';

/** A part and where its bytes are. */
export interface StoredPart extends Part {
  readonly place: PartPlace;
}

export function writeUpload(upload: Upload): string {
  const { bucket, key, id, initiated } = upload;
  return JSON.stringify({ key, bucket, id, initiated, ...writeDescription(upload) });
}

/** Only for text that `writeUpload` wrote. */
export function readUpload(text: string): Upload {
  return { ...PLAIN, ...JSON.parse(text) };
}

/** Where an upload is in the index, if it can be anywhere: its id comes from a client. */
export function placeOfUpload({ bucket, key, id }: UploadRef): ByteString | undefined {
  return isUploadId(id) && isKey(key) ? uploadKey(bucket, key, id) : undefined;
}

/** The parts of an upload in their order, from the one after `number` on. */
export function* partsAfter(
  index: OrderedIndex,
  upload: string,
  number = 0,
): IterableIterator<StoredPart> {
  const from = after(partKey(upload, number));
  for (const [, text] of index.range(from, beyond(partsOf(upload)))) yield JSON.parse(text);
}

export function placesOf(index: OrderedIndex, upload: string): readonly PartPlace[] {
  return Array.from(partsAfter(index, upload), ({ place }) => place);
}

export function partOf({ number, size, etag, crc64, modified }: StoredPart): Part {
  return { number, size, etag, crc64, modified };
}
