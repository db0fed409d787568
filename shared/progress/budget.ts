import { Fault } from '../core/fault.ts';
import type { Budget, Limits } from '../plan/rules.ts';

/** What one request will be counted as, for one of the rules it is asked for. */
export interface Cost {
  readonly rule: string;
  readonly requests: number;
  /** In the currency of the prices; nothing where there is no price. */
  readonly money: number | undefined;
}

/** One limit: what it counts, and how far. Money is counted in millionths, so that sums are exact. */
interface Counter {
  /** `2026-01-31/day/requests`; the name of its blocks, and new each day where the limit is. */
  readonly name: string;
  readonly limit: number;
}

/** How much of a counter a request takes. */
export interface Charge extends Counter {
  readonly amount: number;
  /** When a spent counter has room again: tomorrow, or nothing where a person has to raise it. */
  readonly until: number | undefined;
}

export interface BudgetScope {
  readonly now: number;
  /** A backfill is limited as a whole, whatever the day. */
  readonly backfill?: { readonly name: string; readonly budget: Budget };
}

const DAY_MS = 86_400_000;

/** What multiplying in floating point may add: 0.07 are 70,000 millionths and not 70,001. */
const TINY = 0.001;

/**
 * What a request takes from which limits: the day's, those of its rules (by the day as well), and
 * those of its backfill. Days are UTC. A limit in money over an unknown price is a fault, because
 * unknown is not free.
 */
export function chargesFor(
  costs: readonly Cost[],
  limits: Pick<Limits, 'perDay' | 'perRule'>,
  { now, backfill }: BudgetScope,
): Charge[] {
  const today = new Date(now).toISOString().slice(0, 10);
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  const charges = new Map<string, Charge>();
  for (const cost of costs) {
    // A rule may be called anything, `constructor` too.
    const perRule = Object.hasOwn(limits.perRule, cost.rule)
      ? limits.perRule[cost.rule]
      : undefined;
    const ofRule = `${today}/rule/${encodeURIComponent(cost.rule)}`;
    for (const charge of [
      ...chargesOf(`${today}/day`, limits.perDay, cost, tomorrow),
      ...(perRule ? chargesOf(ofRule, perRule, cost, tomorrow) : []),
      ...(backfill ? chargesOf(nameOf(backfill.name), backfill.budget, cost, undefined) : []),
    ]) {
      const amount = (charges.get(charge.name)?.amount ?? 0) + charge.amount;
      charges.set(charge.name, { ...charge, amount });
    }
  }
  return [...charges.values()];
}

function nameOf(backfill: string): string {
  return `backfill/${encodeURIComponent(backfill)}`;
}

function* chargesOf(
  name: string,
  budget: Budget,
  { rule, requests, money }: Cost,
  until: number | undefined,
): Generator<Charge> {
  if (budget.requests !== undefined) {
    yield { name: `${name}/requests`, limit: Math.floor(budget.requests), amount: requests, until };
  }
  if (budget.money === undefined) return;
  if (money === undefined) {
    throw new Fault('PRICE_UNKNOWN', `Rule "${rule}" has a budget in money and no price`, {
      detail: { rule, counter: name },
      hint: 'Give the price of each of its operations under "prices".',
    });
  }
  yield {
    name: `${name}/money`,
    limit: Math.floor(budget.money * 1_000_000 + TINY),
    amount: money > 0 ? Math.max(1, Math.ceil(money * 1_000_000 - TINY)) : 0,
    until,
  };
}
