import { operationNamed } from '../operations/catalogue.ts';
import type { Plan } from './plan.ts';
import { requestsFor } from './requests-for.ts';

/**
 * Why nobody can say yet what a call costs: no price is given, or the service bills by what is in
 * the object, which is known only when it is done.
 */
type UnknownCost = 'no-price' | 'per-minute' | 'per-gigabyte';

/** All calls under one price key. */
interface CostLine {
  readonly priceKey: string;
  readonly calls: number;
  readonly money: number | UnknownCost;
}

/** What carrying out some plans would take, were nothing of it done yet. */
export interface Estimate {
  readonly sources: number;
  readonly calls: number;
  readonly requests: number;
  /** Calls that are made, and paid, each time somebody downloads. */
  readonly renderings: number;
  /** In the order of the alphabet. */
  readonly lines: readonly CostLine[];
  /** In the currency of the prices. Unknown as soon as one line is: what is not known is not free. */
  readonly money: number | 'unknown';
  /** What the known lines come to. */
  readonly knownMoney: number;
}

/** Pure; the prices are those of the user's own contract, for one call, by price key. */
export function estimate(
  plans: readonly Plan[],
  prices: Readonly<Record<string, number>>,
): Estimate {
  const counts = new Map<string, number>();
  for (const { operation } of plans.flatMap(({ steps }) => steps)) {
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  const lines = linesOf(counts, prices);
  const known = lines.flatMap(({ money }) => (typeof money === 'number' ? [money] : []));
  const knownMoney = rounded(known.reduce((sum, money) => sum + money, 0));
  return {
    sources: plans.length,
    calls: plans.reduce((calls, { steps }) => calls + steps.length, 0),
    requests: plans.reduce((sum, plan) => sum + requestsFor(plan.source, plan.steps).length, 0),
    renderings: plans.reduce((sum, { renderings }) => sum + renderings.length, 0),
    lines,
    money: known.length === lines.length ? knownMoney : 'unknown',
    knownMoney,
  };
}

/** The estimate as people read it. */
export function explainEstimate(costs: Estimate): string {
  const { sources, calls, requests, renderings, lines, money, knownMoney } = costs;
  const whole = `${count(sources, 'object')}: ${count(calls, 'call')} in ${count(requests, 'request')}`;
  const atLeast = knownMoney > 0 ? `, at least ${knownMoney}` : '';
  return [
    whole,
    ...lines.map((line) => `  ${line.priceKey}: ${count(line.calls, 'call')}, ${said(line.money)}`),
    ...(renderings > 0 ? [`  ${count(renderings, 'rendering')}, paid at each download`] : []),
    `cost: ${money === 'unknown' ? `unknown${atLeast}` : money}`,
  ].join('\n');
}

/** Operations may share a price key; how the service bills is the same for all that do. */
function linesOf(
  counts: ReadonlyMap<string, number>,
  prices: Readonly<Record<string, number>>,
): readonly CostLine[] {
  const lines = new Map<string, CostLine>();
  for (const [name, more] of counts) {
    const operation = operationNamed(name);
    const priceKey = operation?.priceKey ?? name;
    const calls = (lines.get(priceKey)?.calls ?? 0) + more;
    const price = Object.hasOwn(prices, priceKey) ? prices[priceKey] : undefined;
    const money = price === undefined ? 'no-price' : costOf(calls, price, operation?.billedPer);
    lines.set(priceKey, { priceKey, calls, money });
  }
  return [...lines.values()].sort((one, other) => (one.priceKey < other.priceKey ? -1 : 1));
}

function costOf(
  calls: number,
  price: number,
  billedPer: 'call' | 'minute' | 'gigabyte' | undefined,
): number | UnknownCost {
  if (billedPer === 'minute') return 'per-minute';
  if (billedPer === 'gigabyte') return 'per-gigabyte';
  return rounded(calls * price);
}

function said(money: CostLine['money']): string {
  switch (money) {
    case 'no-price':
      return 'unknown: no price is given';
    case 'per-minute':
      return 'unknown: billed per minute';
    case 'per-gigabyte':
      return 'unknown: billed per gigabyte';
    default:
      return String(money);
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** Sums of a price such as 0.1 carry digits that no bill has. */
function rounded(money: number): number {
  return Number(money.toPrecision(12));
}
