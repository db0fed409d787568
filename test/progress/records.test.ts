import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { newCheckpoint } from '../../shared/progress/checkpoint.ts';
import type { Delivery } from '../../shared/progress/delivery.ts';
import type { Entry, EntryState } from '../../shared/progress/entry.ts';
import { readBlock } from '../../shared/progress/read-block.ts';
import { readCheckpoint } from '../../shared/progress/read-checkpoint.ts';
import { readDelivery } from '../../shared/progress/read-delivery.ts';
import { readEntry } from '../../shared/progress/read-entry.ts';
import { readJob } from '../../shared/progress/read-job.ts';
import { readRun } from '../../shared/progress/read-run.ts';
import type { Run } from '../../shared/progress/run.ts';
import { clip, takenAt } from './fixtures.ts';

const STATES: readonly EntryState[] = [
  { is: 'open', leaseUntil: 9 },
  { is: 'open', leaseUntil: 9, buryAs: 'ignored' },
  { is: 'done', output: { etag: 'out1' } },
  { is: 'done', output: { etag: 'out1', size: 5, width: 2, height: 3 } },
  { is: 'accepted', jobId: 'a1' },
  { is: 'failed', dueAt: 9 },
  { is: 'failed', dueAt: 9, buryAs: 'fault' },
  { is: 'postponed', because: 'over-budget' },
  { is: 'postponed', because: 'breaker-open', dueAt: 9 },
  { is: 'dead', because: 'source-gone' },
  { is: 'dead', because: 'too-many-attempts', left: 'out1' },
];
const trouble = { code: 'COS_DENIED', message: 'No such role' };
const entry: Entry = { ...takenAt(5), trouble };
const delivery: Delivery = {
  id: 'a.done',
  type: 'job.done',
  target: 'shop',
  body: '{}',
  state: 'given-up',
  attempts: 12,
  dueAt: 5,
  lastStatus: 500,
};
const { lastStatus: _, ...unanswered } = delivery;
const run: Run = {
  id: 'r1',
  caller: 'shop',
  object: { bucket: 'studio-1300001234', region: 'ap-guangzhou', key: 'a.jpg' },
  template: 'cutout@2',
  state: 'waiting',
  steps: [],
  createdAt: 5,
  changedAt: 5,
};
const carriedOut: Run = { ...run, state: 'carried-out', steps: [entry.step] };

const READERS: readonly [string, (text: string) => unknown, readonly object[]][] = [
  ['entry', readEntry, [takenAt(5), ...STATES.map((state) => ({ ...entry, state }))]],
  ['job', readJob, [clip(), clip({ state: 'failed', trouble })]],
  ['checkpoint', readCheckpoint, [newCheckpoint('spring', { prefix: 'a/', maxSubmitted: 5 })]],
  ['delivery', readDelivery, [delivery, unanswered]],
  ['run', readRun, [run, carriedOut, { ...run, state: 'refused', trouble }]],
  ['block', readBlock, [{ index: 0, from: 0, upTo: 5 }]],
];

describe.for(READERS)('the record of a %s', ([, read, values]) => {
  test.for([...values.entries()])('is read as it was written, case %#', ([, value]) => {
    expect(read(JSON.stringify(value))).toEqual(value);
  });

  test('is read with nothing that does not belong to it', () => {
    for (const value of values) {
      const more = `{"__proto__":{"admin":true},"constructor":1,${JSON.stringify(value).slice(1)}`;
      expect(read(more)).toEqual(value);
      expect(Reflect.get(Object(read(more)), 'admin')).toBeUndefined();
    }
  });

  test('is refused when a field is missing or of another kind', () => {
    for (const value of values) {
      for (const path of pathsOf(value)) {
        for (const other of [null, -1, 1.5, [], {}, 'no word of ours', true]) {
          const broken = JSON.stringify(withAt(value, path, other));
          refusesOrKeepsKind(() => read(broken), path, other);
        }
      }
    }
  });

  test('is refused when it tells of a time beyond all dates', () => {
    for (const value of values) {
      for (const path of pathsOf(value)) {
        if (!/At$|Until$|^since$|^modified$/.test(path.at(-1) ?? '')) continue;
        expect(() => read(JSON.stringify(withAt(value, path, 8.64e15 + 1)))).toThrow(Fault);
      }
    }
  });

  test('is refused by name, whatever stands there instead', () => {
    const big = `{"id":"${'<a>'.repeat(3_500_000)}"}`;
    for (const text of ['', 'null', '[]', '"x"', '5', '{', '{}', '\u0000', '\ud800', big]) {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'RECORD_UNREADABLE' }));
    }
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => read(deep)).toThrow(Fault);
    expect(() => read(`{"step":${deep}}`)).toThrow(Fault);
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => read(text)).toThrow(Fault);
      }),
    );
  });
});

/** Anything but a fault, or a value of the right kind where there happened to be one, is wrong. */
function refusesOrKeepsKind(read: () => unknown, path: readonly string[], other: unknown): void {
  try {
    const seen = path.reduce<unknown>((value, name) => Reflect.get(Object(value), name), read());
    expect(seen).toEqual(other);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    expect(thrown.code).toBe('RECORD_UNREADABLE');
  }
}

function pathsOf(value: object): string[][] {
  return Object.entries(value).flatMap(([name, part]) => {
    const nested = typeof part === 'object' && part !== null ? pathsOf(part) : [];
    return [[name], ...nested.map((path) => [name, ...path])];
  });
}

function withAt(value: object, [name = '', ...path]: readonly string[], other: unknown): object {
  const part: unknown = Reflect.get(value, name);
  const inner = path.length > 0 && typeof part === 'object' && part !== null;
  return { ...value, [name]: inner ? withAt(part, path, other) : other };
}
