import type { Source } from '../../shared/core/object-ref.ts';
import { operationNamed } from '../../shared/operations/catalogue.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { matcherFor } from '../../shared/plan/matcher.ts';
import type { Step } from '../../shared/plan/plan.ts';
import { reasonOf } from '../../shared/plan/reason-to-skip.ts';
import type { Rule, Template } from '../../shared/plan/rule.ts';
import { workOf } from '../../shared/plan/step-id.ts';

/** What is known of an upload before it is there. */
export type Expected = Pick<Source, 'bucket' | 'region' | 'key' | 'size' | 'contentType'>;

export interface UploadSteps {
  /** The upload, as far as it is known; its etag is not. */
  readonly source: Source;
  /** Of the rules that take this upload; none where no rule does. */
  readonly templates: readonly Template[];
  /** What the upload itself can do, in one request. */
  readonly now: readonly Step[];
  /** How many outputs are for its event to see to. */
  readonly later: number;
}

/** Two uploads that have nothing in common but what is known before the bytes are there. */
const SOME = { etag: 'a'.repeat(32), modified: Date.UTC(2001, 0, 1) };
const OTHER = { etag: 'b'.repeat(32), modified: Date.UTC(2012, 11, 31) };

/**
 * What an upload can be made to do by itself: steps that are the same whatever the bytes will be, that
 * need no other object, and that fit into one request. The event of the upload finishes the rest.
 */
export function uploadSteps(rules: readonly Rule[], expected: Expected): UploadSteps {
  const source = { ...expected, ...SOME, metadata: {} };
  const planned = (one: Source) => makePlan(rules, one, { writtenByUs: false, borrowed: {} });
  const { steps, skips } = planned(source);
  const certain = new Set(planned({ ...source, ...OTHER }).steps.map(workOf));
  const now: Step[] = [];
  for (const step of steps) {
    if (certain.has(workOf(step)) && canBeDoneAtUpload(step) && fitTogether([...now, step])) {
      now.push(step);
    }
  }
  const waiting = skips.filter(({ because }) => because.endsWith('-missing'));
  const taking = matcherFor(rules).ranked.filter((rule) => reasonOf(rule, source) === undefined);
  const templates = taking.flatMap(({ use }) => use);
  return { source, templates, now, later: steps.length - now.length + waiting.length };
}

function canBeDoneAtUpload({ call, operation, replacesSource }: Step): boolean {
  const methods = operationNamed(operation)?.methods ?? [];
  return (
    call.via === 'pic-operations' &&
    call.borrows.length === 0 &&
    !replacesSource &&
    methods.includes('upload')
  );
}

function fitTogether(steps: readonly Step[]): boolean {
  const allowed = steps.map(
    ({ operation }) => operationNamed(operation)?.rulesPerRequest.upload ?? 1,
  );
  return steps.length <= Math.min(...allowed);
}
