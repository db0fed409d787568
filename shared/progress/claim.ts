import { changed, type DeadBecause, type Entry } from './entry.ts';
import type { SkippedBecause } from './receipt.ts';
import { type Retries, STEP_RETRIES } from './retries.ts';
import { type SourceRef, type StepRef, sourceRefOf, stepRefOf } from './step-ref.ts';

/** Whether a step may be worked on now, and the entry to write before anything is done about it. */
export type Claim =
  | { readonly claim: 'taken'; readonly entry: Entry }
  /**
   * An earlier attempt may have been carried out: look for its output first (`isWorkOf`), and ask
   * only when there is none. With `buryAs`, do not ask even then, but bury the step.
   */
  | {
      readonly claim: 'taken-over';
      readonly entry: Entry;
      readonly buryAs: DeadBecause | undefined;
    }
  | { readonly claim: SkippedBecause };

export interface ClaimTerms {
  readonly now: number;
  /** Longer than whoever takes the step can live, by as much as clocks may differ. */
  readonly leaseMs: number;
  readonly retries?: Retries;
  /** Whether it may be done already though nobody took it: then its output is looked for first. */
  readonly mayBeDone?: boolean;
}

/** What to do about a step, given what the ledger holds of it. */
export function decideClaim(
  entry: Entry | undefined,
  step: StepRef,
  source: SourceRef,
  terms: ClaimTerms,
): Claim {
  if (!entry) {
    const first = firstEntry(step, source, terms);
    if (!first.unsure) return { claim: 'taken', entry: first };
    return { claim: 'taken-over', entry: first, buryAs: undefined };
  }
  const { state } = entry;
  switch (state.is) {
    case 'done':
    case 'accepted':
      return { claim: 'already-done' };
    case 'dead':
      return { claim: 'dead' };
    case 'open':
      if (terms.now < state.leaseUntil) return { claim: 'in-progress' };
      return taken(entry, entry.attempt + 1, true, state.buryAs, terms);
    case 'failed':
      if (terms.now < state.dueAt) return { claim: 'waiting' };
      return taken(entry, entry.attempt + 1, entry.unsure, state.buryAs, terms);
    case 'postponed':
      return taken(entry, entry.attempt, entry.unsure, undefined, terms);
  }
}

/** Whether whoever holds the entry still does, and for long enough to send a request and hear. */
export function isHeldFor(ms: number, entry: Entry, now: number): boolean {
  return entry.state.is === 'open' && now + ms <= entry.state.leaseUntil;
}

function firstEntry(step: StepRef, source: SourceRef, terms: ClaimTerms): Entry {
  const { now, leaseMs, mayBeDone = false } = terms;
  return {
    step: stepRefOf(step),
    source: sourceRefOf(source),
    revision: 1,
    attempt: 1,
    since: mayBeDone ? Math.min(now, source.modified) : now,
    changedAt: now,
    unsure: mayBeDone,
    state: { is: 'open', leaseUntil: now + leaseMs },
  };
}

function taken(
  entry: Entry,
  attempt: number,
  unsure: boolean,
  buryAs: DeadBecause | undefined,
  { now, leaseMs, retries = STEP_RETRIES }: ClaimTerms,
): Claim {
  const because = buryAs ?? (attempt > retries.attempts ? 'too-many-attempts' : undefined);
  const leaseUntil = now + leaseMs;
  const next = changed(entry, now, {
    attempt,
    unsure,
    state: because ? { is: 'open', leaseUntil, buryAs: because } : { is: 'open', leaseUntil },
  });
  return unsure
    ? { claim: 'taken-over', entry: next, buryAs: because }
    : { claim: 'taken', entry: next };
}
