import { createHash } from 'node:crypto';
import type { Clock } from '../../../shared/core/clock.ts';
import { combineCrc64 } from '../../../shared/wire/crc64.ts';
import { partKey } from './index-key.ts';
import type { State } from './state.ts';
import { plainKind, refusal, store } from './store-object.ts';
import { partsAfter, placeOfUpload, readUpload, type StoredPart } from './upload-record.ts';
import type { CompleteOptions, CompleteOutcome, NoUpload, Part, UploadRef } from './uploads.ts';

export interface Completion {
  readonly state: State;
  readonly clock: Clock;
  readonly upload: UploadRef;
  readonly parts: readonly Pick<Part, 'number' | 'etag'>[];
  readonly options: CompleteOptions;
}

/** Nothing else happens to the upload meanwhile: whoever calls holds it. */
export async function completeUpload(completion: Completion): Promise<CompleteOutcome> {
  const { state, clock, upload, parts, options } = completion;
  const place = placeOfUpload(upload);
  await state.writer.commit(() => ({ outcome: undefined })); // parts on their way are in
  const text = place && state.index.get(place);
  if (!place || text === undefined) return NO_UPLOAD;

  const stored = new Map<number, StoredPart>();
  for (const part of partsAfter(state.index, upload.id)) stored.set(part.number, part);
  const chosen = chooseParts(stored, parts, options.minPartSize ?? 0);
  if ('status' in chosen) return chosen;
  const { bucket, key, id, initiated: _, ...described } = readUpload(text);
  const refused = refusal(state, bucket, key, options);
  if (refused) return refused;

  const placed = Array.from(stored.values(), (part) => part.place);
  const file = await state.blobs.assemble(id, chosen, placed, plainKind(key));
  const facts = { ...wholeOf(chosen), parts: chosen.length, appendable: false };
  const draft = { ...described, ...facts, bucket, key, file };
  const gone = [place, ...Array.from(stored.keys(), (number) => partKey(id, number))];
  const outcome = await store(state, clock, draft, options, gone);
  if (outcome.status === 'stored') await state.blobs.removeUpload(id, placed);
  return outcome;
}

const NO_UPLOAD: NoUpload = { status: 'no-upload' };

/** The parts a completion names, or what is wrong with the first one that is wrong. */
function chooseParts(
  stored: ReadonlyMap<number, StoredPart>,
  named: readonly Pick<Part, 'number' | 'etag'>[],
  minPartSize: number,
): readonly StoredPart[] | Exclude<CompleteOutcome, { status: 'stored' }> {
  const chosen: StoredPart[] = [];
  for (const { number, etag } of named) {
    const before = chosen.at(-1);
    if (before && before.number >= number) return { status: 'parts-unordered', number };
    const part = stored.get(number);
    if (part?.etag !== etag) return { status: 'part-unknown', number };
    chosen.push(part);
  }
  const small = chosen.slice(0, -1).find(({ size }) => size < minPartSize);
  if (small) return { status: 'part-too-small', number: small.number, size: small.size };
  return chosen.length > 0 ? chosen : { status: 'no-parts' };
}

/** What the whole has, from what its parts have: not a byte is read again. */
function wholeOf(parts: readonly StoredPart[]): {
  readonly size: number;
  readonly etag: string;
  readonly crc64: string;
} {
  const md5 = createHash('md5');
  let size = 0;
  let crc64 = '0';
  for (const part of parts) {
    md5.update(part.etag, 'hex');
    crc64 = combineCrc64(crc64, part.crc64, part.size);
    size += part.size;
  }
  return { size, etag: `${md5.digest('hex')}-${parts.length}`, crc64 };
}
