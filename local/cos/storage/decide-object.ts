import type { Dropped } from './blobs.ts';
import type { ByteString } from './index-key.ts';
import { objectKey, tableKey } from './index-key.ts';
import { type Description, type ObjectRecord, readRecord, writeRecord } from './object-record.ts';
import type {
  Change,
  Condition,
  ConditionFailed,
  NoObject,
  RemoveOutcome,
  Stored,
  UpdateOutcome,
  WriteOptions,
} from './objects.ts';
import type { Write } from './ordered-index.ts';
import type { TableWrite } from './table.ts';
import type { Decision, View } from './writer.ts';

/** An object as far as it is known before it is its turn to be written. */
export type Draft = Omit<ObjectRecord, 'seq' | 'modified'>;

/** Makes the draft the object of its key. Its file is new, unless it is that of the object before. */
export function decideStore(
  view: View,
  draft: Draft,
  modified: number,
  { onlyIf, also }: WriteOptions,
): Decision<Stored | ConditionFailed> {
  const indexKey = objectKey(draft.bucket, draft.key);
  const replaced = recordAt(view, indexKey);
  if (failsCondition(replaced, onlyIf)) {
    return { outcome: { status: 'condition-failed', current: replaced } };
  }
  const record = { ...draft, modified, seq: view.nextSeq() };
  const line = writeRecord(record);
  const fresh = replaced?.file !== record.file;
  return {
    outcome: { status: 'stored', record, replaced },
    writes: [
      [indexKey, line],
      ...writesAlso(also, { seq: record.seq, before: replaced, after: record }),
    ],
    kept: [{ file: record.file, line, fresh }],
    dropped: replaced && fresh ? [droppedOf(replaced, true)] : [],
  };
}

export function decideUpdate(
  view: View,
  bucket: string,
  key: string,
  changes: Partial<Description>,
  also: WriteOptions['also'],
): Decision<UpdateOutcome> {
  const indexKey = objectKey(bucket, key);
  const before = recordAt(view, indexKey);
  if (!before) return NO_OBJECT;
  const record = { ...before, ...changes, seq: view.nextSeq() };
  const line = writeRecord(record);
  return {
    outcome: { status: 'updated', record },
    writes: [[indexKey, line], ...writesAlso(also, { seq: record.seq, before, after: record })],
    kept: [{ file: record.file, line, fresh: false }],
  };
}

export function decideRemove(
  view: View,
  bucket: string,
  key: string,
  also: WriteOptions['also'],
): Decision<RemoveOutcome> {
  const indexKey = objectKey(bucket, key);
  const before = recordAt(view, indexKey);
  if (!before) return NO_OBJECT;
  return {
    outcome: { status: 'removed', record: before },
    writes: [
      [indexKey, undefined],
      ...writesAlso(also, { seq: view.nextSeq(), before, after: undefined }),
    ],
    dropped: [droppedOf(before, false)],
  };
}

export function failsCondition(
  current: ObjectRecord | undefined,
  onlyIf: Condition | undefined,
): boolean {
  if (onlyIf === undefined) return false;
  return onlyIf === 'absent' ? current !== undefined : current?.etag !== onlyIf.etag;
}

export function writesTo(writes: readonly TableWrite[]): Write[] {
  return writes.map(({ table, key, value }) => [
    tableKey(table, key),
    value === undefined ? undefined : JSON.stringify(value),
  ]);
}

const NO_OBJECT: Decision<NoObject> = { outcome: { status: 'no-object' } };

function droppedOf({ file, size }: ObjectRecord, replaced: boolean): Dropped {
  return { file, size, replaced };
}

function recordAt(view: View, indexKey: ByteString): ObjectRecord | undefined {
  const text = view.get(indexKey);
  return text === undefined ? undefined : readRecord(text);
}

function writesAlso(also: WriteOptions['also'], change: Change): Write[] {
  return also ? writesTo(also(change)) : [];
}
