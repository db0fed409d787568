import type { Step } from '../plan/plan.ts';
import { priceOf } from '../plan/price-of.ts';
import type { Request } from '../plan/requests-for.ts';
import { type BudgetScope, type Charge, type Cost, chargesFor } from '../progress/budget.ts';
import { type Block, givenBack, nextBlock, pay, withBlock } from '../progress/purse.ts';
import { readBlock } from '../progress/read-block.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';
import { createRevision, readLatest } from './versions.ts';

type On = Pick<Suite, 'records' | 'instance' | 'now' | 'rules'>;

export function stepsIn(request: Request): readonly Step[] {
  return request.kind === 'job' ? [request.step] : request.steps;
}

/** Pays for a request out of what this instance has reserved; what is short when the budget is spent. */
export async function payFor(
  request: Request,
  backfill: BudgetScope['backfill'],
  on: On,
): Promise<{ readonly paid: readonly Charge[] } | { readonly short: Charge }> {
  const { limits, prices } = on.rules;
  const scope = { now: on.now(), ...(backfill && { backfill }) };
  const charges = chargesFor(costsOf(request, prices), limits, scope);
  for (;;) {
    const outcome = pay(on.instance.purse, charges);
    if ('paid' in outcome) {
      on.instance.purse = outcome.paid;
      return { paid: charges };
    }
    const { short } = outcome;
    const name = recordName('budget', ...short.name.split('/'));
    const last = await readLatest(name, { read: readNumbered }, on.records);
    const block = nextBlock(last, short, on.instance.purse);
    if (!block) return { short };
    if (await createRevision(name, { ...block, revision: block.index + 1 }, on.records)) {
      on.instance.purse = withBlock(on.instance.purse, short, block);
    }
  }
}

/** Nothing was carried out, so nothing was spent. */
export function giveBack(charges: readonly Charge[], { instance }: Pick<On, 'instance'>): void {
  instance.purse = givenBack(instance.purse, charges);
}

function costsOf(request: Request, prices: Readonly<Record<string, number>>): readonly Cost[] {
  return stepsIn(request).map(({ rule, operation }, index) => ({
    rule,
    requests: index === 0 ? 1 : 0,
    money: priceOf(operation, prices),
  }));
}

/** The index of a block is its revision, counted from 0. */
function readNumbered(text: string): Block & { readonly revision: number } {
  const block = readBlock(text);
  return { ...block, revision: block.index + 1 };
}
