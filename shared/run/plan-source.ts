import { allOver } from '../core/all-over.ts';
import type { Source } from '../core/object-ref.ts';
import { borrowedBy, borrowedName } from '../plan/borrowed.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Facts, Plan } from '../plan/plan.ts';
import type { Rule } from '../plan/rule.ts';
import { wroteIt } from '../progress/own-output.ts';
import { stepsAt } from './ledger.ts';
import type { Suite } from './ports.ts';

type On = Pick<Suite, 'records' | 'digest' | 'objects' | 'log'>;

/** What these rules make of a source, all facts looked up. */
export async function planSource(source: Source, rules: readonly Rule[], on: On): Promise<Plan> {
  const plan = makePlan(rules, source, await factsOf(source, rules, on));
  const { key, etag } = source;
  on.log.info('planned', {
    key,
    etag,
    steps: plan.steps.length,
    skips: plan.skips.map(({ rule, because }) => `${rule}: ${because}`),
  });
  return plan;
}

/** Pure rules are not asked about an object of ours, so nothing else is looked up about one. */
async function factsOf(source: Source, rules: readonly Rule[], on: On): Promise<Facts> {
  const writers = await stepsAt(source, on);
  if (writers.some((entry) => wroteIt(entry, source))) return { writtenByUs: true, borrowed: {} };
  const borrowed = await allOver(
    borrowedBy(rules, source).map(
      async (object) => [borrowedName(object), (await on.objects.head(object))?.etag] as const,
    ),
  );
  return { writtenByUs: false, borrowed: Object.fromEntries(borrowed) };
}
