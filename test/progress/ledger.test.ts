import { describe, expect, test } from 'vitest';
import { Fault, type FaultCode } from '../../shared/core/fault.ts';
import type { StepId } from '../../shared/plan/plan.ts';
import { isHeldFor } from '../../shared/progress/claim.ts';
import type { Entry } from '../../shared/progress/entry.ts';
import type { Receipt } from '../../shared/progress/receipt.ts';
import { pauseAfter, STEP_RETRIES } from '../../shared/progress/retries.ts';
import {
  buried,
  type Holder,
  reasonToHearAgain,
  revived,
  settled,
} from '../../shared/progress/settle.ts';
import { isDue, reasonToBury } from '../../shared/progress/sweep.ts';
import { claimAt, cutout, LEASE_MS, photo, takenAt } from './fixtures.ts';

const T = 2_000_000;
const done = (etag = 'out1'): Receipt => ({ step: cutout(), status: 'done', output: { etag } });
const accepted = (jobId: string): Receipt => ({ step: cutout(), status: 'accepted', jobId });
const failed = (code: FaultCode): Receipt => ({
  step: cutout(),
  status: 'failed',
  fault: new Fault(code, 'It failed'),
});
const settledBy = (entry: Entry, receipt: Receipt, by: Holder, now = T) =>
  settled(entry, receipt, by, { now });
const settledByHolder = (entry: Entry, receipt: Receipt, now = T) =>
  settledBy(entry, receipt, { attempt: entry.attempt }, now);

describe('a claim', () => {
  test('takes a step nobody knows of, and remembers of it what is needed to plan it again', () => {
    const planned = { ...cutout(), call: 'not remembered' };
    expect(claimAt(T, undefined, planned)).toEqual({
      claim: 'taken',
      entry: {
        step: cutout(),
        source: photo(),
        revision: 1,
        attempt: 1,
        since: T,
        changedAt: T,
        unsure: false,
        state: { is: 'open', leaseUntil: T + LEASE_MS },
      },
    });
  });

  test('is refused while somebody holds the step', () => {
    expect(claimAt(T + LEASE_MS - 1, takenAt(T))).toEqual({ claim: 'in-progress' });
  });

  test('takes over when the lease is over, and has to look first', () => {
    const claim = claimAt(T + LEASE_MS, takenAt(T));
    expect(claim).toMatchObject({
      claim: 'taken-over',
      buryAs: undefined,
      entry: { revision: 2, attempt: 2, since: T, unsure: true },
    });
  });

  test.for<[string, Receipt]>([
    ['done', done()],
    ['with a job', accepted('a1')],
  ])('is refused for a step that is %s', ([, receipt]) => {
    expect(claimAt(T * 9, settledByHolder(takenAt(T), receipt))).toEqual({ claim: 'already-done' });
  });

  test('waits for growing pauses, and looks first where an answer was lost', () => {
    const throttled = settledByHolder(takenAt(T), failed('COS_THROTTLED'));
    const lost = settledByHolder(takenAt(T), failed('OUTCOME_UNKNOWN'));
    const due = T + pauseAfter(1, STEP_RETRIES);

    expect(claimAt(due - 1, throttled)).toEqual({ claim: 'waiting' });
    expect(claimAt(due, throttled)).toMatchObject({ claim: 'taken', entry: { attempt: 2 } });
    expect(claimAt(due, lost)).toMatchObject({ claim: 'taken-over', entry: { attempt: 2 } });

    const again = settledByHolder(takenAt(due, throttled), failed('COS_THROTTLED'), due);
    expect(claimAt(due + pauseAfter(1, STEP_RETRIES), again)).toEqual({ claim: 'waiting' });
  });

  test('costs no attempt when the step was postponed, and need not wait', () => {
    const receipt: Receipt = {
      step: cutout(),
      status: 'skipped',
      because: 'over-budget',
      until: T * 2,
    };
    const postponed = settledByHolder(takenAt(T), receipt);
    expect(claimAt(T, postponed)).toMatchObject({ claim: 'taken', entry: { attempt: 1 } });
  });

  test('comes to an end for a step that kills whoever takes it', () => {
    let now = T;
    let claim = claimAt(now);
    for (let attempts = 1; attempts < STEP_RETRIES.attempts; attempts += 1) {
      now += LEASE_MS;
      claim = claimAt(now, 'entry' in claim ? claim.entry : undefined);
      expect(claim).toMatchObject({ claim: 'taken-over', buryAs: undefined });
    }
    // Even whoever is to bury it may be cut off, and the next one still knows.
    for (let attempts = 0; attempts < 3; attempts += 1) {
      now += LEASE_MS;
      claim = claimAt(now, 'entry' in claim ? claim.entry : undefined);
      expect(claim).toMatchObject({ claim: 'taken-over', buryAs: 'too-many-attempts' });
    }
  });

  test('that is to bury a step keeps its reason when it is taken over itself', () => {
    const refused = settledByHolder(takenAt(T), failed('PARAMETER_INVALID'));
    const burying = takenAt(T * 2, refused);
    expect(claimAt(T * 3, burying)).toMatchObject({ claim: 'taken-over', buryAs: 'fault' });
  });

  test('lets a request be sent only while the lease leaves room for the answer', () => {
    const entry = takenAt(T);
    expect(isHeldFor(10_000, entry, T + LEASE_MS - 10_000)).toBe(true);
    expect(isHeldFor(10_000, entry, T + LEASE_MS - 9999)).toBe(false);
    expect(isHeldFor(1, settledByHolder(entry, done()), T)).toBe(false);
  });
});

describe('an outcome', () => {
  test('is not heard of a worker that was believed dead', () => {
    const second = takenAt(T + LEASE_MS, takenAt(T));
    for (const late of [done(), failed('COS_DENIED'), accepted('a1')]) {
      expect(settledBy(second, late, { attempt: 1 })).toBe(second);
    }
    expect(settledBy(second, done(), { attempt: 2 }).state.is).toBe('done');
  });

  test('is heard of the job that has the step, and of no other', () => {
    const waiting = settledByHolder(takenAt(T), accepted('second'));
    expect(settledBy(waiting, failed('JOB_FAILED'), { jobId: 'first' })).toBe(waiting);
    expect(settledBy(waiting, done(), { attempt: 1 })).toBe(waiting);
    expect(settledBy(waiting, done(), { jobId: 'second' }).state.is).toBe('done');
  });

  test('of a job has to be told again while somebody is about to hand the step to it', () => {
    const open = takenAt(T);
    const waiting = settledByHolder(open, accepted('a1'));
    expect(reasonToHearAgain(open)?.code).toBe('STEP_HELD');
    expect(settledBy(open, done(), { jobId: 'a1' })).toBe(open);
    expect(reasonToHearAgain(waiting)).toBeUndefined();
  });

  test('that comes twice changes nothing', () => {
    const once = settledByHolder(takenAt(T), failed('COS_THROTTLED'));
    expect(settledByHolder(once, failed('COS_THROTTLED'))).toBe(once);
    const finished = settledByHolder(takenAt(T), done());
    expect(settledByHolder(finished, done('other'))).toBe(finished);
  });

  test('gives the step back when its job failed', () => {
    const waiting = settledByHolder(takenAt(T), accepted('a1'));
    const back = settledBy(waiting, failed('JOB_FAILED'), { jobId: 'a1' });
    expect(claimAt(T * 2, back)).toMatchObject({ claim: 'taken', entry: { attempt: 2 } });
  });

  test.for<[string, FaultCode, object]>([
    ['what time does not heal is dead at once', 'COS_DENIED', { is: 'dead', because: 'fault' }],
    ['a cancelled job is not sent again', 'JOB_CANCELLED', { is: 'dead', because: 'fault' }],
    [
      'unless it may have been carried out: then it is looked for once more',
      'PARAMETER_INVALID',
      { is: 'failed', buryAs: 'fault' },
    ],
  ])('%s', ([, code, state]) => {
    const entry = settledByHolder(takenAt(T), failed(code));
    expect(entry.state).toMatchObject(state);
    expect(entry.trouble).toEqual({ code, message: 'It failed' });
  });

  test('is remembered and left where failing is to be ignored', () => {
    const taken = takenAt(T, undefined, cutout({ whenItFails: 'ignore' }));
    const entry = settledByHolder(taken, failed('COS_THROTTLED'));
    expect(entry.state).toEqual({ is: 'dead', because: 'ignored' });
    expect(claimAt(T * 9, entry)).toEqual({ claim: 'dead' });
  });

  test('is a dead letter when the last attempt failed, which a person can have tried again', () => {
    let now = T;
    let entry: Entry | undefined;
    for (let attempt = 1; attempt <= STEP_RETRIES.attempts; attempt += 1) {
      entry = settledByHolder(takenAt(now, entry), failed('COS_THROTTLED'), now);
      now += STEP_RETRIES.longestPauseMs;
    }
    if (!entry) throw new Error('no attempt was made');
    expect(entry.state).toEqual({ is: 'dead', because: 'too-many-attempts' });
    expect(entry.trouble?.code).toBe('COS_THROTTLED');

    const again = revived(entry, now);
    expect(claimAt(now, again)).toMatchObject({ claim: 'taken', entry: { attempt: 1 } });
    expect(revived(again, now)).toBe(again);
  });

  test('keeps a message short', () => {
    const fault = new Fault('COS_THROTTLED', 'x'.repeat(100_000));
    const entry = settledByHolder(takenAt(T), { step: cutout(), status: 'failed', fault });
    expect(entry.trouble?.message).toHaveLength(500);
  });
});

describe('burying', () => {
  test('is for whoever holds the step', () => {
    const entry = takenAt(T + LEASE_MS, takenAt(T));
    expect(buried(entry, 'source-gone', undefined, { attempt: 1 }, T)).toBe(entry);
    expect(buried(entry, 'source-gone', undefined, { attempt: 2 }, T).state).toEqual({
      is: 'dead',
      because: 'source-gone',
    });
    expect(buried(entry, 'source-gone', 'out1', { attempt: 2 }, T).state).toMatchObject({
      left: 'out1',
    });
  });

  test.for<[string, { etag: string } | undefined, string[], string | undefined]>([
    ['the source is gone', undefined, [], 'source-gone'],
    ['the source is another one now', { etag: 'mug2' }, [cutout().id], 'source-changed'],
    ['the rules do not ask for it any more', { etag: 'mug1' }, ['other'], 'no-longer-planned'],
    ['never while it is still planned', { etag: 'mug1' }, ['other', cutout().id], undefined],
  ])('%s', ([, source, ids, because]) => {
    const steps = ids.map((id) => ({ id: id as StepId }));
    expect(reasonToBury(takenAt(T), source, { steps })).toBe(because);
  });
});

describe('the sweep', () => {
  const open = takenAt(T);
  const outcome = (receipt: Receipt) => settledByHolder(open, receipt);
  const postponed = (until: number | undefined) =>
    outcome({ step: cutout(), status: 'skipped', because: 'over-budget', until });

  test.for<[string, Entry, number, boolean]>([
    ['leaves a step that is held', open, T + LEASE_MS - 1, false],
    ['takes up a step whose holder was cut off', open, T + LEASE_MS, true],
    ['leaves a step that is done', outcome(done()), T * 9, false],
    ['leaves a step to its job', outcome(accepted('a1')), T * 9, false],
    [
      'leaves a failed step before its pause is over',
      outcome(failed('COS_THROTTLED')),
      T + 1,
      false,
    ],
    ['takes up a failed step that is due', outcome(failed('COS_THROTTLED')), T + 45_000, true],
    ['leaves the dead', outcome(failed('COS_DENIED')), T * 9, false],
    ['leaves a postponed step until then', postponed(T + 5), T + 4, false],
    ['takes up a postponed step from then on', postponed(T + 5), T + 5, true],
    ['leaves to a person what a person has to decide', postponed(undefined), T * 9, false],
  ])('%s', ([, entry, now, due]) => {
    expect(isDue(entry, now)).toBe(due);
  });
});

test('pauses grow up to the longest', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempt) => pauseAfter(attempt, STEP_RETRIES) / 1000);
  expect(pauses).toEqual([45, 180, 720, 2880, 11_520, 21_600, 21_600]);
});
