import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault, type FaultCode } from '../../shared/core/fault.ts';
import {
  advance,
  type Checkpoint,
  explainCheckpoint,
  newCheckpoint,
  type PageOutcome,
  paused,
  reasonToRest,
  resumed,
} from '../../shared/progress/checkpoint.ts';
import type { Receipt } from '../../shared/progress/receipt.ts';
import { cutout } from './fixtures.ts';

const step = cutout();
const done: Receipt = { step, status: 'done', output: { etag: 'out1' } };
const failed = (code: FaultCode): Receipt => {
  return { step, status: 'failed', fault: new Fault(code, 'It failed') };
};
const skipped = (because: 'already-done' | 'in-progress' | 'waiting' | 'dead'): Receipt => {
  return { step, status: 'skipped', because };
};
const overBudget = (until?: number): Receipt => {
  return { step, status: 'skipped', because: 'over-budget', until };
};

const start = newCheckpoint('spring', { prefix: 'products/', maxSubmitted: 10 });
const page = (receipts: Receipt[], next: string | undefined = 'products/m'): PageOutcome => {
  return { seen: 3, receipts, unread: 0, next };
};

describe('after a page', () => {
  test('a backfill goes on at the next one, and counts', () => {
    const after = advance(start, page([done, done, failed('COS_DENIED'), skipped('already-done')]));
    expect(after).toEqual({
      ...start,
      cursor: 'products/m',
      seen: 3,
      submitted: 3,
      failed: 1,
      revision: 2,
    });
  });

  test('a backfill is finished when it was the last one, even with its last step paid for', () => {
    const after = advance(
      { ...start, submitted: 9 },
      { seen: 3, receipts: [done], unread: 0, next: undefined },
    );
    expect(after).toMatchObject({ state: 'finished', submitted: 10 });
  });

  test('a backfill tries it again where that can help, three times in all', () => {
    const held = page([done, skipped('in-progress')]);
    const once = advance(start, held);
    expect(once).toMatchObject({ cursor: '', tries: 1, seen: 0, submitted: 1 });
    const twice = advance(once, held);
    expect(twice).toMatchObject({ cursor: '', tries: 2, seen: 0 });
    expect(advance(twice, held)).toMatchObject({ cursor: 'products/m', tries: 0, seen: 3 });
  });

  test('steps that wait for their next try or are dead count as failed', () => {
    expect(advance(start, page([skipped('waiting'), skipped('dead')])).failed).toBe(2);
  });

  test('a backfill stops itself at its limit', () => {
    const after = advance({ ...start, submitted: 8 }, page([done, done]));
    expect(after).toMatchObject({ state: 'over-budget', cursor: 'products/m', submitted: 10 });
  });

  test('a backfill whose budget is spent keeps the page and stops', () => {
    const after = advance(start, page([done, overBudget()]));
    expect(after).toMatchObject({ state: 'over-budget', cursor: '', submitted: 1, tries: 0 });
  });

  test("a backfill keeps the page and rests until the day's budget is back", () => {
    const after = advance(start, page([done, overBudget(500), overBudget(900)]));
    expect(after).toMatchObject({ state: 'running', cursor: '', restUntil: 900, tries: 0 });
    expect(reasonToRest(after, 899)).toBe('resting');
    expect(reasonToRest(after, 900)).toBeUndefined();
    expect(advance(after, page([overBudget(900)]))).toBe(after);
  });

  test('nothing changes for a backfill that does not run', () => {
    for (const state of ['paused', 'finished', 'over-budget'] as const) {
      const checkpoint = { ...start, state };
      expect(advance(checkpoint, page([done]))).toBe(checkpoint);
      expect(reasonToRest(checkpoint, 0)).toBe(state);
    }
  });
});

test('whatever comes of pages, no page is left before it was tried, and counts only rise', () => {
  const receipt = fc.constantFrom<Receipt>(
    done,
    failed('COS_DENIED'),
    failed('COS_THROTTLED'),
    skipped('already-done'),
    skipped('in-progress'),
    skipped('waiting'),
    overBudget(),
    overBudget(99),
  );
  fc.assert(
    fc.property(fc.array(fc.array(receipt, { maxLength: 4 }), { maxLength: 30 }), (pages) => {
      let checkpoint: Checkpoint = start;
      for (const [index, receipts] of pages.entries()) {
        const after = advance(checkpoint, page(receipts, `page-${index}`));
        const postponed = receipts.some((one) => 'until' in one);
        if (after !== checkpoint) expect(after.revision).toBe(checkpoint.revision + 1);
        if (after.cursor !== checkpoint.cursor) expect(postponed).toBe(false);
        expect(after.tries).toBeLessThan(3);
        expect(after.submitted - checkpoint.submitted).toBeLessThanOrEqual(receipts.length);
        for (const count of ['seen', 'submitted', 'failed'] as const) {
          expect(after[count]).toBeGreaterThanOrEqual(checkpoint[count]);
        }
        if (after.submitted >= after.maxSubmitted) expect(after.state).not.toBe('running');
        checkpoint = after;
      }
    }),
  );
});

describe('a person', () => {
  const spent: Checkpoint = { ...start, state: 'over-budget', submitted: 7 };

  test('pauses a backfill and lets it go on', () => {
    const still = paused(start);
    expect(still).toEqual({ ...start, state: 'paused', revision: 2 });
    expect(paused(still)).toBe(still);
    expect(resumed(still, 10)).toEqual({ ...start, revision: 3 });
  });

  test('has to raise the limit of a backfill that is over its budget', () => {
    expect(resumed(spent, 10)).toBe(spent);
    expect(resumed({ ...spent, submitted: 12 }, 12).state).toBe('over-budget');
    expect(resumed(spent, 11)).toMatchObject({ state: 'running', maxSubmitted: 11, revision: 2 });
  });

  test('cannot wake a backfill that is finished or runs', () => {
    const finished: Checkpoint = { ...start, state: 'finished' };
    expect(resumed(finished, 99)).toBe(finished);
    expect(resumed(start, 99)).toBe(start);
  });

  test('reads how far it is', () => {
    expect(explainCheckpoint(start)).toBe(
      'spring: running\n  0 seen, 0 of at most 10 submitted, 0 failed, at the start',
    );
    const later: Checkpoint = { ...spent, seen: 40, failed: 1, cursor: 'products/m', tries: 1 };
    expect(explainCheckpoint(later)).toBe(
      [
        'spring: over-budget',
        '  40 seen, 7 of at most 10 submitted, 1 failed, at products/m, this page tried 1 of 3 times',
        '  Raise the limit to go on.',
      ].join('\n'),
    );
    expect(explainCheckpoint({ ...start, restUntil: 86_400_000 })).toContain(
      'not before 1970-01-02T00:00:00.000Z',
    );
    expect(explainCheckpoint({ ...start, state: 'finished', cursor: 'z' })).not.toContain('at z');
  });
});
