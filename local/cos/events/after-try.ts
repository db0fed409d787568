import type { ErrorKind, EventEntry, WaitingEntry } from './event-entry.ts';

/** What became of one try. */
export type DeliveryOutcome = 'ok' | { readonly error: ErrorKind; readonly message: string };

/** How long the service keeps trying. */
export interface RetryPolicy {
  /** How often a code error is tried again. */
  readonly retries: number;
  /** Throttling and errors of the platform are tried again until the event is this old. */
  readonly maxAgeMs: number;
}

export const RETRY_POLICY: RetryPolicy = { retries: 2, maxAgeMs: 6 * 3_600_000 };
export const RETRY_EVERY_MS = 60_000;

const MAX_MESSAGE = 2_000;

/**
 * Whether another try a minute from now still falls into the time the service takes. While the
 * engine was off nobody could take an event, so its age starts anew when the engine does.
 */
export function leavesTimeForAnother(
  { since }: Pick<WaitingEntry, 'since'>,
  { maxAgeMs }: RetryPolicy,
  { now, openedAt }: { readonly now: number; readonly openedAt: number },
): boolean {
  return now + RETRY_EVERY_MS - Math.max(since, openedAt) <= maxAgeMs;
}

/** The entry after a try: delivered, waiting for the next one, or dead. */
export function afterTry(
  entry: WaitingEntry,
  outcome: DeliveryOutcome,
  policy: RetryPolicy,
  time: { readonly now: number; readonly openedAt: number },
): EventEntry {
  const { state: _, dueAt: __, inOrder: ___, ...rest } = entry;
  const tried = { ...rest, tries: entry.tries + 1 };
  if (outcome === 'ok') return { ...tried, state: 'delivered', at: time.now };

  const failed = {
    ...tried,
    codeErrors: entry.codeErrors + (outcome.error === 'code' ? 1 : 0),
    lastError: { kind: outcome.error, message: outcome.message.slice(0, MAX_MESSAGE) },
  };
  const dead = { ...failed, state: 'dead', at: time.now } as const;
  if (outcome.error === 'refused') return { ...dead, because: 'refused' };
  if (failed.codeErrors > policy.retries) return { ...dead, because: 'code-errors' };
  if (!leavesTimeForAnother(entry, policy, time)) return { ...dead, because: 'too-old' };
  return { ...failed, state: 'waiting', dueAt: time.now + RETRY_EVERY_MS, inOrder: false };
}
