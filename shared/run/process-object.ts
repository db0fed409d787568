import type { ObjectRef } from '../core/object-ref.ts';
import { couldMatch } from '../plan/matcher.ts';
import type { Rule } from '../plan/rule.ts';
import type { Receipt } from '../progress/receipt.ts';
import { planSource } from './plan-source.ts';
import { type SubmitOn, type SubmitTerms, submit } from './submit.ts';

/** An object that is there becomes receipts, by these rules. Most objects are none of their business. */
export async function processObject(
  object: ObjectRef,
  rules: readonly Rule[],
  on: SubmitOn,
  terms: SubmitTerms = {},
): Promise<readonly Receipt[]> {
  if (!couldMatch(rules, object)) return [];
  const source = await on.objects.head(object);
  if (!source) return [];
  const plan = await planSource(source, rules, on);
  return submit(source, plan.steps, on, terms);
}
