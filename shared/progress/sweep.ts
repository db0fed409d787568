import type { Source } from '../core/object-ref.ts';
import type { Step } from '../plan/plan.ts';
import type { DeadBecause, Entry } from './entry.ts';

/** Whether the sweep should take this step up: nobody else is bound to come back to it. */
export function isDue({ state }: Entry, now: number): boolean {
  switch (state.is) {
    case 'open':
      return state.leaseUntil <= now;
    case 'failed':
      return state.dueAt <= now;
    case 'postponed':
      return state.dueAt !== undefined && state.dueAt <= now;
    case 'done':
    case 'accepted':
    case 'dead':
      return false;
  }
}

/**
 * Why a due step cannot be tried again, given its source as it stands and what the rules make of it
 * today; nothing when the plan still holds the step.
 */
export function reasonToBury(
  { step, source }: Entry,
  now: Pick<Source, 'etag'> | undefined,
  plan: { readonly steps: readonly Pick<Step, 'id'>[] },
): DeadBecause | undefined {
  if (!now) return 'source-gone';
  if (now.etag !== source.etag) return 'source-changed';
  return plan.steps.some(({ id }) => id === step.id) ? undefined : 'no-longer-planned';
}
