import type { CallbackEntry, CallbackTry, Heard, WaitingCallback } from './callback-entry.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * How long each further try waits. Nobody documents how often the service tries; whoever receives
 * callbacks must not depend on it.
 */
export const PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
];

/** How many tries are remembered, of a callback that is replayed again and again. */
const MOST_TRIES = 20;

/** The callback after a try: over, or waiting for the next. */
export function afterTry(
  entry: WaitingCallback,
  heard: Heard,
  now: number,
  pausesMs: readonly number[] = PAUSES_MS,
): CallbackEntry {
  const { state: _, dueAt: __, ...rest } = entry;
  const tries: readonly CallbackTry[] = [...entry.tries, { at: now, ...heard }].slice(-MOST_TRIES);
  const ended = (state: 'delivered' | 'given-up' | 'lost') =>
    ({ ...rest, tries, state, endedAt: now }) as const;

  if (heard.outcome === 'lost') return ended('lost');
  if (wasTaken(heard)) return ended('delivered');
  const pauseMs = heard.outcome === 'refused' ? undefined : pausesMs[entry.failures];
  if (pauseMs === undefined) return ended('given-up');
  const failures = entry.failures + 1;
  return { ...rest, tries, state: 'waiting', failures, dueAt: now + pauseMs };
}

function wasTaken(heard: Heard): boolean {
  if (heard.outcome === 'answered') return heard.status >= 200 && heard.status < 300;
  return heard.outcome === 'taken';
}
