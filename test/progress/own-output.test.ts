import { describe, expect, test } from 'vitest';
import type { StepId } from '../../shared/plan/plan.ts';
import type { Entry, EntryState } from '../../shared/progress/entry.ts';
import { type Found, isWorkOf, wroteIt } from '../../shared/progress/own-output.ts';
import { cutout, photo, takenAt } from './fixtures.ts';

const T = 2_000_000;
const { target } = cutout();
const object = (etag: string, modified = T + 5000): Found => ({ ...target, etag, modified });

const entry = (state: EntryState, over: Partial<Entry> = {}): Entry => ({
  ...takenAt(T),
  ...over,
  state,
});
const OPEN: EntryState = { is: 'open', leaseUntil: T + 90_000 };
const DONE: EntryState = { is: 'done', output: { etag: 'out1' } };
const FAILED: EntryState = { is: 'failed', dueAt: T };
const DEAD: EntryState = { is: 'dead', because: 'fault', left: 'out1' };

describe('an object at the target of a step', () => {
  test.for<[string, Entry, string, boolean]>([
    ['is ours while the step is open', entry(OPEN), 'any', true],
    ['is ours while a job has the step', entry({ is: 'accepted', jobId: 'a1' }), 'any', true],
    ['is ours when the step wrote it', entry(DONE), 'out1', true],
    ['is not ours when the step wrote something else', entry(DONE), 'any', false],
    ['is ours when it may come late', entry(DONE, { unsure: true }), 'any', true],
    ['is not ours when nothing was carried out', entry(FAILED), 'any', false],
    ['is ours when it may have been carried out', entry(FAILED, { unsure: true }), 'any', true],
    ['is ours when it stood there as the step was buried', entry(DEAD), 'out1', true],
    ['is not ours when it came after the step was buried', entry(DEAD), 'any', false],
  ])('%s', ([, step, etag, ours]) => {
    expect(wroteIt(step, object(etag))).toBe(ours);
    expect(wroteIt(step, { ...object(etag), key: 'cutouts/other.png' })).toBe(false);
    expect(wroteIt(step, { ...object(etag), bucket: 'other-1300001234' })).toBe(false);
  });

  test('that is the source itself is an output only with other bytes', () => {
    const swap = (state: EntryState, unsure = true) =>
      entry(state, { unsure, step: cutout({ target: photo() }) });
    const at = (etag: string) => ({ ...photo(), etag });

    expect(wroteIt(swap(OPEN), at('mug1'))).toBe(false);
    expect(wroteIt(swap(OPEN), at('out1'))).toBe(true);
    expect(wroteIt(swap(FAILED), at('any'))).toBe(true);
    expect(wroteIt(swap(FAILED, false), at('any'))).toBe(false);
    // A step at its end leaves the place to whoever uploads there next.
    expect(wroteIt(swap(DONE), at('out1'))).toBe(true);
    expect(wroteIt(swap(DONE), at('mug2'))).toBe(false);
    expect(wroteIt(swap(DEAD), at('mug2'))).toBe(false);
  });
});

describe('what is found at the target after a take-over', () => {
  const mine = entry(OPEN, { unsure: true });
  const other = (state: EntryState, over: Partial<Entry> = {}) =>
    entry(state, { step: cutout({ id: 'other' as StepId }), ...over });
  const late = { unsure: true, changedAt: T + 5000 };

  test.for<[string, Found, Entry[], boolean]>([
    ['is the work of an earlier attempt', object('x'), [], true],
    ['is the work of an earlier attempt, known as open', object('x'), [mine], true],
    ['is not, where it is elsewhere', { ...object('x'), key: 'a' }, [], false],
    ['is not, in the same second as the source', object('x', 1_000_999), [], false],
    ['is not, being older than the first claim', object('x', T - 60_001), [], false],
    ['is, as far as clocks may be apart', object('x', T - 60_000), [], true],
    ['is not, where another step wrote it', object('out1'), [other(DONE)], false],
    ['is, where another step wrote something else', object('x'), [other(DONE)], true],
    ['is not, while another step is open', object('x'), [other(OPEN)], false],
    ['is not, where another may have written it late', object('x'), [other(DONE, late)], false],
    [
      'is, where the other one ended long before',
      object('x', T + 65_001),
      [other(DONE, late)],
      true,
    ],
    ['is not, where it stood at the burial of another', object('out1'), [other(DEAD)], false],
  ])('%s', ([, found, others, isWork]) => {
    expect(isWorkOf(mine, found, others)).toBe(isWork);
  });

  test('is not its own source, uploaded once more', () => {
    const swap = entry(OPEN, { step: cutout({ target: photo() }) });
    expect(isWorkOf(swap, { ...photo(), modified: T + 5000 }, [])).toBe(false);
    expect(isWorkOf(swap, { ...photo(), etag: 'out1', modified: T + 5000 }, [])).toBe(true);
  });
});
