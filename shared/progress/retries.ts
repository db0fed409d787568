/** How often something is tried, and how long to wait in between. */
export interface Retries {
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly factor: number;
  readonly longestPauseMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * A step: after 45 s, so that the platform's first redelivery a minute later finds it due, then 3,
 * 12 and 48 minutes and three hours; given up after some four hours.
 */
export const STEP_RETRIES: Retries = {
  attempts: 6,
  firstPauseMs: 45_000,
  factor: 4,
  longestPauseMs: 6 * HOUR,
};

/** A notice: whoever receives it may be down for a day. */
export const NOTICE_RETRIES: Retries = {
  attempts: 12,
  firstPauseMs: MINUTE / 2,
  factor: 3,
  longestPauseMs: 6 * HOUR,
};

/** How long to wait after the given attempt, counted from 1, came to nothing. */
export function pauseAfter(attempt: number, retries: Retries): number {
  return Math.min(retries.firstPauseMs * retries.factor ** (attempt - 1), retries.longestPauseMs);
}
