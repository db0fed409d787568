import { type Receipt, reasonToReplay } from './receipt.ts';

export const CHECKPOINT_STATES = ['running', 'paused', 'finished', 'over-budget'] as const;

/** How far a backfill is. */
export interface Checkpoint {
  readonly backfill: string;
  readonly prefix: string;
  readonly cursor: string;
  readonly state: (typeof CHECKPOINT_STATES)[number];
  /** Objects on the pages behind us. */
  readonly seen: number;
  /** Steps asked for: what may cost money. */
  readonly submitted: number;
  /** Steps, or whole objects, on the pages behind us that came to nothing so far; the ledger knows which steps are tried again. */
  readonly failed: number;
  readonly maxSubmitted: number;
  /** How often the page at `cursor` was tried in vain. */
  readonly tries: number;
  /** Not before this time, because a budget of the day is spent or the service fails. */
  readonly restUntil: number;
  /** Rises by one with each save. */
  readonly revision: number;
}

/** What came of the page at the cursor. */
export interface PageOutcome {
  /** Objects on the page. */
  readonly seen: number;
  readonly receipts: readonly Receipt[];
  /** Objects of which no steps came: they could not be looked up, or nothing could be written down. */
  readonly unread: number;
  /** Where the next page starts; nothing after the last one. */
  readonly next: string | undefined;
}

const MOST_TRIES = 3;

export function newCheckpoint(
  backfill: string,
  { prefix, maxSubmitted }: Pick<Checkpoint, 'prefix' | 'maxSubmitted'>,
): Checkpoint {
  return {
    backfill,
    prefix,
    maxSubmitted,
    cursor: '',
    state: 'running',
    seen: 0,
    submitted: 0,
    failed: 0,
    tries: 0,
    restUntil: 0,
    revision: 1,
  };
}

/**
 * The checkpoint after a page: at the next page, or at this page again where trying again soon can
 * help, three times at most. What is over its budget or not asked for while the service fails keeps
 * the page and counts as no try. Nothing changed gives the very same checkpoint back.
 */
export function advance(checkpoint: Checkpoint, outcome: PageOutcome): Checkpoint {
  if (checkpoint.state !== 'running') return checkpoint;
  const { receipts, seen, unread, next } = outcome;
  const submitted = checkpoint.submitted + receipts.filter(mayCost).length;
  const kept = { ...checkpoint, submitted, revision: checkpoint.revision + 1 };

  const postponed = receipts.filter((receipt) => 'until' in receipt);
  if (postponed.some(({ until }) => until === undefined)) return { ...kept, state: 'over-budget' };
  if (postponed.length > 0) {
    const restUntil = Math.max(...postponed.map(({ until }) => until ?? 0));
    const changed = submitted > checkpoint.submitted || restUntil > checkpoint.restUntil;
    return changed ? withinBudget({ ...kept, restUntil }) : checkpoint;
  }

  const tries = checkpoint.tries + 1;
  if (tries < MOST_TRIES && (unread > 0 || reasonToReplay(receipts)))
    return withinBudget({ ...kept, tries });

  const behind = {
    ...kept,
    tries: 0,
    seen: checkpoint.seen + seen,
    failed: checkpoint.failed + unread + receipts.filter(cameToNothing).length,
  };
  if (next === undefined) return { ...behind, state: 'finished' };
  return withinBudget({ ...behind, cursor: next });
}

/** The checkpoint when time ran out within a page: at this page again, which counts as no try. */
export function halfway(checkpoint: Checkpoint, receipts: readonly Receipt[]): Checkpoint {
  const { submitted, revision } = checkpoint;
  const more = receipts.filter(mayCost).length;
  if (checkpoint.state !== 'running' || more === 0) return checkpoint;
  return withinBudget({ ...checkpoint, submitted: submitted + more, revision: revision + 1 });
}

/**
 * The backfill going on as a person decided: after a pause, or with a higher limit. A backfill that
 * is over its budget needs a higher one than it had, for part of a limit may be reserved and lost.
 */
export function resumed(checkpoint: Checkpoint, maxSubmitted: number): Checkpoint {
  const { state, submitted, revision } = checkpoint;
  if (state === 'running' || state === 'finished' || maxSubmitted <= submitted) return checkpoint;
  if (state === 'over-budget' && maxSubmitted <= checkpoint.maxSubmitted) return checkpoint;
  return { ...checkpoint, state: 'running', maxSubmitted, restUntil: 0, revision: revision + 1 };
}

/** The backfill as a person paused it. */
export function paused(checkpoint: Checkpoint): Checkpoint {
  if (checkpoint.state !== 'running') return checkpoint;
  return { ...checkpoint, state: 'paused', revision: checkpoint.revision + 1 };
}

export type RestBecause = 'paused' | 'finished' | 'over-budget' | 'resting';

/** Why no page of this backfill may be started now; nothing when one may. */
export function reasonToRest(checkpoint: Checkpoint, now: number): RestBecause | undefined {
  if (checkpoint.state !== 'running') return checkpoint.state;
  return now < checkpoint.restUntil ? 'resting' : undefined;
}

/** Progress for people. */
export function explainCheckpoint(checkpoint: Checkpoint): string {
  const { backfill, state, seen, submitted, maxSubmitted, failed, cursor, tries } = checkpoint;
  const where = state === 'finished' ? '' : `, at ${cursor === '' ? 'the start' : cursor}`;
  const again = tries > 0 ? `, this page tried ${tries} of ${MOST_TRIES} times` : '';
  const rest =
    checkpoint.restUntil > 0 && state === 'running'
      ? `, not before ${new Date(checkpoint.restUntil).toISOString()}`
      : '';
  return [
    `${backfill}: ${state}`,
    `  ${seen} seen, ${submitted} of at most ${maxSubmitted} submitted, ${failed} failed${where}${again}${rest}`,
    ...(state === 'over-budget' ? ['  Raise the limit to go on.'] : []),
  ].join('\n');
}

function withinBudget(checkpoint: Checkpoint): Checkpoint {
  const { submitted, maxSubmitted } = checkpoint;
  return submitted < maxSubmitted ? checkpoint : { ...checkpoint, state: 'over-budget' };
}

/** A failed step counts as well: it may have been carried out. */
function mayCost({ status }: Receipt): boolean {
  return status === 'done' || status === 'accepted' || status === 'failed';
}

function cameToNothing(receipt: Receipt): boolean {
  if (receipt.status === 'failed') return true;
  if (receipt.status !== 'skipped') return false;
  return receipt.because === 'waiting' || receipt.because === 'dead';
}
