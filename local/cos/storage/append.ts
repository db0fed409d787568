import type { Hash } from 'node:crypto';
import type { Clock } from '../../../shared/core/clock.ts';
import { combineCrc64 } from '../../../shared/wire/crc64.ts';
import { extensionOf, type Sink } from './blobs.ts';
import { decideStore } from './decide-object.ts';
import { growingKey, objectKey } from './index-key.ts';
import { type ObjectRecord, readRecord } from './object-record.ts';
import type { AppendOutcome, Body, BodyRefusal, PutOptions } from './objects.ts';
import { type Received, receive } from './receive.ts';
import type { RunningHashes } from './running-hashes.ts';
import type { State } from './state.ts';
import { draftOf, headOf, NO_BUCKET, receiveNew, store } from './store-object.ts';
import type { Decision, View } from './writer.ts';

export interface Append {
  readonly state: State;
  readonly hashes: RunningHashes;
  readonly clock: Clock;
  readonly bucket: string;
  readonly key: string;
  readonly position: number;
  readonly body: Body;
  readonly options: Omit<PutOptions, 'onlyIf'>;
}

/** Only one append of an object is under way at a time; whoever is late finds the position taken. */
export async function appendTo(append: Append): Promise<AppendOutcome> {
  const { state, bucket, key, position } = append;
  if (!state.shelf.get(bucket)) return { status: 'no-bucket' };
  const before = headOf(state, bucket, key);
  return misplaced(before, position) ?? (before ? extend(append, before) : begin(append));
}

function misplaced(before: ObjectRecord | undefined, position: number): AppendOutcome | undefined {
  if (before && !before.appendable) return { status: 'not-appendable' };
  const size = before?.size ?? 0;
  return size === position ? undefined : { status: 'position-differs', size };
}

async function begin(append: Append): Promise<AppendOutcome> {
  const { state, hashes, clock, bucket, key, body, options } = append;
  const kind = { extension: extensionOf(key), growing: true };
  const received = await receiveNew(state, body, kind, options);
  if ('status' in received) return received;
  const { place: file, size, crc64, md5 } = received;
  const etag = md5.copy().digest('hex');
  const plain = draftOf(bucket, key, options.describe);
  const draft = { ...plain, size, etag, crc64, file, appendable: true };
  const outcome = await store(state, clock, draft, { onlyIf: 'absent', also: options.also });
  if (outcome.status === 'condition-failed') return overtaken(outcome.current);
  if (outcome.status === 'stored') hashes.keep(file, size, md5);
  return outcome;
}

/**
 * The new bytes are written behind the old ones and count once the record says so. For as long as
 * it does not, the file is noted as one whose end may have to be cut off.
 */
async function extend(append: Append, before: ObjectRecord): Promise<AppendOutcome> {
  const { state, hashes } = append;
  const { file, size } = before;
  if (!state.blobs.isGrowing(file)) {
    const note = [growingKey(file), objectKey(before.bucket, before.key)] as const;
    await state.writer.commit(() => ({ outcome: undefined, writes: [note] }));
    state.blobs.noteGrowing(file);
  }
  const whole = await hashes.take(file, size, () => state.blobs.open(file, size));
  const sink = whole && (await state.blobs.extend(file, size));
  if (!whole || !sink) return overtaken(headOf(state, before.bucket, before.key));
  const received = await receiveInto(sink, append, before, whole);
  if ('because' in received) return { status: 'body-refused', ...received };

  const etag = whole.copy().digest('hex');
  const outcome = await state.writer.commit((view) =>
    state.shelf.get(before.bucket) ? decideExtend(view, append, before, received, etag) : NO_BUCKET,
  );
  if (outcome.status === 'stored') hashes.keep(file, outcome.record.size, whole);
  return outcome;
}

async function receiveInto(
  sink: Sink,
  { body, options }: Append,
  { file }: ObjectRecord,
  whole: Hash,
): Promise<Received<string> | { readonly because: BodyRefusal }> {
  let begun = false;
  const begin = async () => {
    begun = true;
    return [sink, file] as const;
  };
  try {
    return await receive(body, options.expect ?? {}, { begin }, whole);
  } finally {
    if (!begun) await sink.abandon();
  }
}

function decideExtend(
  view: View,
  { clock, options }: Append,
  before: ObjectRecord,
  received: Received<string>,
  etag: string,
): Decision<AppendOutcome> {
  const text = view.get(objectKey(before.bucket, before.key));
  const current = text === undefined ? undefined : readRecord(text);
  if (current?.file !== before.file) return { outcome: overtaken(current) };
  const size = before.size + received.size;
  const crc64 = combineCrc64(before.crc64, received.crc64, received.size);
  const { outcome, ...decided } = decideStore(view, { ...current, size, etag, crc64 }, clock(), {
    also: options.also,
  });
  return outcome.status === 'stored' ? { ...decided, outcome } : { outcome: overtaken(current) };
}

/** Something else became the object of this key while the bytes came in. */
function overtaken(current: ObjectRecord | undefined): AppendOutcome {
  if (current && !current.appendable) return { status: 'not-appendable' };
  return { status: 'position-differs', size: current?.size ?? 0 };
}
