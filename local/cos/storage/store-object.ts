import type { Clock } from '../../../shared/core/clock.ts';
import { type BlobKind, extensionOf } from './blobs.ts';
import { type Draft, decideStore, failsCondition } from './decide-object.ts';
import { type ByteString, isKey, objectKey } from './index-key.ts';
import { type ObjectRecord, PLAIN } from './object-record.ts';
import type {
  Body,
  BodyRefused,
  ConditionFailed,
  NoBucket,
  PutOptions,
  Stored,
  WriteOptions,
} from './objects.ts';
import { type Received, receive } from './receive.ts';
import type { State } from './state.ts';
import type { Decision, View } from './writer.ts';

export const NO_BUCKET = { outcome: { status: 'no-bucket' } } as const;

export function plainKind(key: string): BlobKind {
  return { extension: extensionOf(key), growing: false };
}

/** Takes the body of an object into a new file. */
export async function receiveNew(
  { blobs }: State,
  body: Body,
  kind: BlobKind,
  { expect = {} }: Pick<PutOptions, 'expect'>,
): Promise<Received<string> | BodyRefused> {
  const received = await receive(body, expect, {
    keep: (bytes) => blobs.keep(bytes, kind),
    begin: async () => {
      const sink = await blobs.begin(kind);
      return [sink, sink.file];
    },
  });
  return 'because' in received ? { status: 'body-refused', ...received } : received;
}

/** All of a draft but what its bytes say. */
export function draftOf(
  bucket: string,
  key: string,
  describe: PutOptions['describe'],
): Omit<Draft, 'size' | 'etag' | 'crc64' | 'file'> {
  return { ...PLAIN, ...describe, bucket, key, parts: undefined, appendable: false };
}

/** What can be said before the body is read. It is decided again when it is the write's turn. */
export function refusal(
  state: State,
  bucket: string,
  key: string,
  { onlyIf }: WriteOptions,
): NoBucket | ConditionFailed | undefined {
  if (!state.shelf.get(bucket)) return { status: 'no-bucket' };
  const current = onlyIf && headOf(state, bucket, key);
  return failsCondition(current, onlyIf) ? { status: 'condition-failed', current } : undefined;
}

/**
 * Commits a draft whose bytes are new, and with it that the index entries `gone` are no more. When
 * it is not stored, its bytes go.
 */
export async function store(
  state: State,
  clock: Clock,
  draft: Draft,
  options: WriteOptions,
  gone: readonly ByteString[] = [],
): Promise<Stored | NoBucket | ConditionFailed> {
  const decide = (view: View): Decision<Stored | NoBucket | ConditionFailed> => {
    if (!state.shelf.get(draft.bucket)) return NO_BUCKET;
    const decided = decideStore(view, draft, clock(), options);
    if (gone.length === 0 || decided.outcome.status !== 'stored') return decided;
    const removals = gone.map((key) => [key, undefined] as const);
    return { ...decided, writes: [...(decided.writes ?? []), ...removals] };
  };
  try {
    const outcome = await state.writer.commit(decide);
    if (outcome.status !== 'stored') await state.blobs.discard(draft.file);
    return outcome;
  } catch (thrown) {
    await state.blobs.discard(draft.file);
    throw thrown;
  }
}

export function headOf(state: State, bucket: string, key: string): ObjectRecord | undefined {
  if (!isKey(key) || !state.shelf.get(bucket)) return undefined;
  return state.records.get(objectKey(bucket, key));
}
