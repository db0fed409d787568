import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { type Charge, type Cost, chargesFor } from '../../shared/progress/budget.ts';
import {
  type Block,
  givenBack,
  nextBlock,
  type Purse,
  pay,
  withBlock,
} from '../../shared/progress/purse.ts';

const NOON = Date.UTC(2026, 0, 31, 12);
const MIDNIGHT = Date.UTC(2026, 1, 1);
const cost = (over: Partial<Cost> = {}): Cost => ({
  rule: 'goods',
  requests: 1,
  money: 0.07,
  ...over,
});

describe('a request is charged', () => {
  test('to the day, to its rule for the day, and to its backfill', () => {
    const charges = chargesFor(
      [cost(), cost({ rule: 'people', requests: 0 })],
      { perDay: { requests: 100, money: 5 }, perRule: { people: { money: 1 } } },
      { now: NOON, backfill: { name: 'spring 26', budget: { requests: 10 } } },
    );
    expect(charges).toEqual([
      { name: '2026-01-31/day/requests', limit: 100, amount: 1, until: MIDNIGHT },
      { name: '2026-01-31/day/money', limit: 5_000_000, amount: 140_000, until: MIDNIGHT },
      { name: 'backfill/spring%2026/requests', limit: 10, amount: 1, until: undefined },
      { name: '2026-01-31/rule/people/money', limit: 1_000_000, amount: 70_000, until: MIDNIGHT },
    ]);
  });

  test('to nothing where nothing is limited, however little is known of the price', () => {
    const limits = { perDay: {}, perRule: {} };
    expect(chargesFor([cost({ money: undefined })], limits, { now: NOON })).toEqual([]);
    expect(chargesFor([cost({ rule: 'constructor' })], limits, { now: NOON })).toEqual([]);
  });

  test('to nobody when money is limited and the price is unknown', () => {
    const limits = { perDay: { money: 5 }, perRule: {} };
    const charging = () => chargesFor([cost({ money: undefined })], limits, { now: NOON });
    expect(charging).toThrow(
      expect.objectContaining({
        code: 'PRICE_UNKNOWN',
        detail: expect.objectContaining({ rule: 'goods' }),
      }),
    );
    expect(charging).toThrow(Fault);
  });

  test('exactly: ten times a tenth is one, and next to nothing is not nothing', () => {
    const amount = (money: number) =>
      chargesFor([cost({ money })], { perDay: { money: 1 }, perRule: {} }, { now: NOON })[0]
        ?.amount;
    expect([0.1, 0.07, 0.29, 1e-12, 0].map(amount)).toEqual([100_000, 70_000, 290_000, 1, 0]);
  });

  test('to the new day from midnight on, in UTC', () => {
    const limits = { perDay: { requests: 1 }, perRule: {} };
    const names = [MIDNIGHT - 1, MIDNIGHT].map(
      (now) => chargesFor([cost()], limits, { now })[0]?.name,
    );
    expect(names).toEqual(['2026-01-31/day/requests', '2026-02-01/day/requests']);
  });
});

describe('a purse', () => {
  const charge = (name: string, amount: number): Charge => ({ name, amount, limit: 100, until: 0 });
  const full: Purse = new Map([
    ['a', 5],
    ['b', 1],
  ]);

  test('pays all of a request or nothing of it', () => {
    expect(pay(full, [charge('a', 2), charge('b', 2)])).toEqual({ short: charge('b', 2) });
    expect(pay(full, [charge('c', 1)])).toEqual({ short: charge('c', 1) });
    const outcome = pay(full, [charge('a', 2), charge('b', 1)]);
    expect(outcome).toEqual({
      paid: new Map([
        ['a', 3],
        ['b', 0],
      ]),
    });
    expect(full.get('a')).toBe(5);
  });

  test('takes back what was not used', () => {
    expect(givenBack(full, [charge('a', 2), charge('c', 1)])).toEqual(
      new Map([
        ['a', 7],
        ['b', 1],
        ['c', 1],
      ]),
    );
  });

  test('reserves a small part of a large limit, and of a small one by ones', () => {
    expect(nextBlock(undefined, { ...charge('a', 1), limit: 6400 }, new Map())).toEqual({
      index: 0,
      from: 0,
      upTo: 100,
    });
    expect(
      nextBlock({ index: 4, from: 4, upTo: 5 }, { ...charge('a', 1), limit: 6 }, new Map()),
    ).toEqual({ index: 5, from: 5, upTo: 6 });
  });

  test('reserves at least what is missing, and nothing where that is not left', () => {
    const last: Block = { index: 0, from: 0, upTo: 90 };
    expect(nextBlock(last, charge('a', 15), full)).toEqual({ index: 1, from: 90, upTo: 100 });
    expect(nextBlock(last, charge('a', 16), full)).toBeUndefined();
    expect(nextBlock({ ...last, upTo: 100 }, charge('a', 1), new Map())).toBeUndefined();
    expect(nextBlock(last, { ...charge('a', 1), limit: 50 }, new Map())).toBeUndefined();
    expect(nextBlock(undefined, { ...charge('a', 1), limit: 0 }, new Map())).toBeUndefined();
  });
});

test('several instances together never spend more than the limit, whoever dies and whenever', () => {
  const turn = fc.record({
    instance: fc.nat(3),
    amount: fc.integer({ min: 1, max: 9 }),
    /** Instances may see different versions of the rules. */
    limit: fc.constantFrom(0, 10, 100, 1000),
    does: fc.constantFrom('pay', 'pay', 'pay', 'pay late', 'die', 'give back'),
  });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 300, size: 'max' }), (turns) => {
      const stored: Block[] = [];
      const purses: Purse[] = [new Map(), new Map(), new Map(), new Map()];
      let stale: Block | undefined;
      let spent = 0;
      for (const [index, { instance, amount, limit, does }] of turns.entries()) {
        const charge: Charge = { name: 'day', limit, amount, until: 0 };
        const purse = purses[instance] ?? new Map();
        if (does === 'die') purses[instance] = new Map();
        const outcome = pay(purse, [charge]);
        if (does === 'give back' && spent >= amount && !('short' in outcome)) {
          purses[instance] = givenBack(outcome.paid, [charge]);
        } else if (does.startsWith('pay') && 'paid' in outcome) {
          spent += amount;
          purses[instance] = outcome.paid;
        } else if (does.startsWith('pay')) {
          // Whoever is late saw the store as it was some time ago.
          const block = nextBlock(does === 'pay late' ? stale : stored.at(-1), charge, purse);
          if (block && stored.length === block.index) {
            stored.push(block);
            purses[instance] = withBlock(purse, charge, block);
          }
        }
        if (index % 3 === 0) stale = stored.at(-1);
      }
      const highest = Math.max(0, ...turns.map(({ limit }) => limit));
      expect(spent).toBeLessThanOrEqual(highest);
      expect(stored.reduce((sum, { from, upTo }) => sum + upTo - from, 0)).toBe(
        stored.at(-1)?.upTo ?? 0,
      );
    }),
  );
});
