import type { Exchange } from './connection.ts';

/**
 * What sending a request again would do. `safe`: nothing that is not done already; so a read, and a
 * record that is written. `paid`: it may be carried out, and paid, a second time.
 */
export type Again = 'safe' | 'paid';

export type NextMove =
  | { readonly move: 'take' }
  /** `throttled`: the service asked for it, so everybody waits. */
  | { readonly move: 'wait'; readonly atLeastMs: number; readonly throttled: boolean }
  | { readonly move: 'give-up' };

const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * What to do about an exchange. Only what time heals is tried again, and what costs money only where
 * the service says that it did not begin.
 */
export function nextMove(exchange: Exchange, tries: number, again: Again): NextMove {
  if (exchange.got === 'answer' && exchange.answer.status < 500 && !isThrottle(exchange)) {
    return { move: 'take' };
  }
  if (exchange.got === 'too-much') return { move: 'give-up' };
  const throttled = isThrottle(exchange);
  if (tries >= MOST_TRIES || (again === 'paid' && !throttled)) return { move: 'give-up' };
  return { move: 'wait', atLeastMs: retryAfterMs(exchange), throttled };
}

/** A pause of full jitter: anything up to a bound that doubles, so that those who wait come apart. */
export function pauseMs(tries: number, random: () => number): number {
  return random() * Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
}

/** 429 says it on any path; a 503 may also be an instance that broke while it was at work. */
export function isThrottle(exchange: Exchange): boolean {
  if (exchange.got !== 'answer') return false;
  const { status, body } = exchange.answer;
  return (
    status === 429 || (status === 503 && /<Code>\s*SlowDown\s*</.test(body.toString('latin1')))
  );
}

/** In seconds or as a date; nothing said is no wait. A year is not believed. */
function retryAfterMs(exchange: Exchange): number {
  if (exchange.got !== 'answer') return 0;
  const { date, 'retry-after': said = '' } = exchange.answer.headers;
  const ms = /^\d{1,9}$/.test(said)
    ? Number(said) * 1000
    : Date.parse(said) - Date.parse(date ?? '');
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}
