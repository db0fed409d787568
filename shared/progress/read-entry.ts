import type { DeadBecause, Entry, EntryState } from './entry.ts';
import { readSourceRef, readStepRef, readTrouble } from './read-step-ref.ts';
import type { Output } from './receipt.ts';
import { readRecord, type StoredRecord } from './record.ts';

const STATES = ['open', 'done', 'accepted', 'failed', 'postponed', 'dead'] as const;
const POSTPONED = ['over-budget', 'breaker-open', 'upload-under-way'] as const;
const DEAD: readonly DeadBecause[] = [
  'fault',
  'too-many-attempts',
  'ignored',
  'source-gone',
  'source-changed',
  'no-longer-planned',
];

/** An entry out of a store; it was written there as the JSON of the value. */
export function readEntry(text: string): Entry {
  const record = readRecord(text, 'entry of the ledger');
  return {
    step: readStepRef(record.nested('step')),
    source: readSourceRef(record.nested('source')),
    revision: record.count('revision'),
    attempt: record.count('attempt'),
    since: record.time('since'),
    changedAt: record.time('changedAt'),
    unsure: record.flag('unsure'),
    ...(record.has('trouble') && { trouble: readTrouble(record.nested('trouble')) }),
    state: readState(record.nested('state')),
  };
}

function readState(record: StoredRecord): EntryState {
  const is = record.word('is', STATES);
  switch (is) {
    case 'open':
      return { is, leaseUntil: record.time('leaseUntil'), ...readBuryAs(record) };
    case 'done':
      return { is, output: readOutput(record.nested('output')) };
    case 'accepted':
      return { is, jobId: record.text('jobId') };
    case 'failed':
      return { is, dueAt: record.time('dueAt'), ...readBuryAs(record) };
    case 'postponed': {
      const because = record.word('because', POSTPONED);
      return record.has('dueAt') ? { is, because, dueAt: record.time('dueAt') } : { is, because };
    }
    case 'dead': {
      const because = record.word('because', DEAD);
      return record.has('left') ? { is, because, left: record.text('left') } : { is, because };
    }
  }
}

function readBuryAs(record: StoredRecord): { readonly buryAs?: DeadBecause } {
  return record.has('buryAs') ? { buryAs: record.word('buryAs', DEAD) } : {};
}

function readOutput(record: StoredRecord): Output {
  const etag = record.text('etag');
  return {
    etag,
    ...(record.has('size') && { size: record.count('size') }),
    ...(record.has('width') && { width: record.count('width') }),
    ...(record.has('height') && { height: record.count('height') }),
  };
}
