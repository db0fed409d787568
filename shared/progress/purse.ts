import type { Charge } from './budget.ts';

/**
 * What one instance has reserved of each counter and not yet spent. An instance that dies takes the
 * rest of its blocks with it: a limit may be missed by a few blocks, and is never exceeded.
 */
export type Purse = ReadonlyMap<string, number>;

/**
 * A part of a limit, reserved for one instance. Blocks of a counter lie end to end; a store writes a
 * block only where there is none of its index yet, so no part of a limit is reserved twice, even by
 * instances that were given different limits.
 */
export interface Block {
  /** From 0. */
  readonly index: number;
  readonly from: number;
  readonly upTo: number;
}

/** Into how many blocks a limit is cut: what a few instances can leave unspent stays small. */
const SHARES = 64;

/** The purse after paying, or the first charge it is too light for. */
export function pay(
  purse: Purse,
  charges: readonly Charge[],
): { readonly paid: Purse } | { readonly short: Charge } {
  const paid = new Map(purse);
  for (const charge of charges) {
    const left = (paid.get(charge.name) ?? 0) - charge.amount;
    if (left < 0) return { short: charge };
    paid.set(charge.name, left);
  }
  return { paid };
}

/** The purse after a request was refused so that nothing was carried out. */
export function givenBack(purse: Purse, charges: readonly Charge[]): Purse {
  return charges.reduce((full, { name, amount }) => put(full, name, amount), purse);
}

/** The purse with a block that was reserved for it. */
export function withBlock(purse: Purse, { name }: Pick<Charge, 'name'>, block: Block): Purse {
  return put(purse, name, block.upTo - block.from);
}

/**
 * The block to reserve next, after the last one there is; nothing when what is left of the limit
 * does not cover the charge: then the budget is spent.
 */
export function nextBlock(
  last: Block | undefined,
  charge: Charge,
  purse: Purse,
): Block | undefined {
  const from = last?.upTo ?? 0;
  const missing = charge.amount - (purse.get(charge.name) ?? 0);
  const upTo = Math.min(from + Math.max(missing, Math.ceil(charge.limit / SHARES)), charge.limit);
  if (upTo <= from || upTo - from < missing) return undefined;
  return { index: (last?.index ?? -1) + 1, from, upTo };
}

function put(purse: Purse, name: string, amount: number): Purse {
  return new Map(purse).set(name, (purse.get(name) ?? 0) + amount);
}
