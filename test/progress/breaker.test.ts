import { describe, expect, test } from 'vitest';
import { Fault, type FaultCode } from '../../shared/core/fault.ts';
import {
  askThrough,
  type Breaker,
  CLOSED,
  heard,
  type Trip,
  tripOf,
} from '../../shared/progress/breaker.ts';

const hear = (outcomes: readonly (Trip | 'fine')[], from: Breaker = CLOSED, now = 0) =>
  outcomes.reduce<Breaker>((breaker, outcome) => heard(breaker, outcome, now), from);
const times = (count: number, outcome: Trip | 'fine'): (Trip | 'fine')[] =>
  Array(count).fill(outcome);

describe('a breaker', () => {
  test('lets everything through while things go well, and after too little to judge by', () => {
    for (const breaker of [CLOSED, hear(times(50, 'fine')), hear(times(7, 'failing'))]) {
      expect(askThrough(breaker, 0)).toEqual({ may: true, breaker });
    }
  });

  test('opens when half of the last answers were bad, for the most frequent reason', () => {
    const breaker = hear([...times(4, 'fine'), 'throttled', 'denied', 'denied', 'denied']);
    expect(breaker).toMatchObject({ state: 'open', because: 'denied' });
    expect(askThrough(breaker, 14_999)).toEqual({ may: false, because: 'denied', until: 15_000 });
  });

  test('forgets what is long past', () => {
    expect(hear([...times(9, 'fine'), ...times(8, 'failing')]).state).toBe('closed');
    expect(hear([...times(100, 'fine'), ...times(9, 'failing')]).state).toBe('closed');
    expect(hear([...times(100, 'fine'), ...times(10, 'failing')]).state).toBe('open');
  });

  test('is not moved by answers that were on their way when it opened', () => {
    const open = hear(times(8, 'failing'));
    expect(heard(open, 'fine', 1)).toBe(open);
    expect(heard(open, 'failing', 1)).toBe(open);
  });

  test('lets one request through after a while, and another if nothing is heard of that', () => {
    const first = askThrough(hear(times(8, 'failing')), 15_000);
    if (!first.may) throw new Error('no request was let through');
    expect(askThrough(first.breaker, 15_001)).toMatchObject({ may: false, until: 75_000 });
    expect(askThrough(first.breaker, 75_000)).toMatchObject({ may: true });
  });

  test('closes when that one went well, and opens for longer when it did not', () => {
    let now = 0;
    let breaker = hear(times(8, 'failing'));
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      if (breaker.state !== 'open') throw new Error(`it is ${breaker.state}`);
      pauses.push((breaker.until - now) / 1000);
      now = breaker.until;
      const trial = askThrough(breaker, now);
      if (!trial.may) throw new Error('no request was let through');
      expect(heard(trial.breaker, 'fine', now)).toBe(CLOSED);
      breaker = heard(trial.breaker, 'failing', now);
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 600, 600]);
  });
});

test.for<[FaultCode, Trip | 'fine']>([
  ['COS_DENIED', 'denied'],
  ['COS_THROTTLED', 'throttled'],
  ['COS_UNREACHABLE', 'failing'],
  ['OUTCOME_UNKNOWN', 'failing'],
  ['PARAMETER_INVALID', 'fine'],
  ['JOB_FAILED', 'fine'],
])('%s counts as %s', ([code, trip]) => {
  expect(tripOf(new Fault(code, 'It failed'))).toBe(trip);
  expect(tripOf(undefined)).toBe('fine');
});
