import type { Fault } from '../core/fault.ts';

/** What stops asking altogether: it would befall the next request as well. */
export type Trip = 'failing' | 'throttled' | 'denied';

/** Whether asking makes sense at all, judged by what came of late. It belongs to one instance. */
export type Breaker =
  | { readonly state: 'closed'; readonly recent: readonly (Trip | 'fine')[] }
  | {
      readonly state: 'open';
      readonly because: Trip;
      readonly until: number;
      /** How often in a row it opened: each time for longer. */
      readonly times: number;
    }
  /** One request is under way to see. Unheard of by `until`, another may try. */
  | {
      readonly state: 'half-open';
      readonly because: Trip;
      readonly until: number;
      readonly times: number;
    };

export const CLOSED: Breaker = { state: 'closed', recent: [] };

const REMEMBERED = 20;
const ENOUGH_TO_JUDGE = 8;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
const TRIAL_MS = 60_000;

/** Whether one request may be sent now, and the breaker from then on; or when to come back. */
export function askThrough(
  breaker: Breaker,
  now: number,
):
  | { readonly may: true; readonly breaker: Breaker }
  | { readonly may: false; readonly because: Trip; readonly until: number } {
  if (breaker.state === 'closed') return { may: true, breaker };
  const { because, until, times } = breaker;
  if (now < until) return { may: false, because, until };
  return { may: true, breaker: { state: 'half-open', because, times, until: now + TRIAL_MS } };
}

/** The breaker after one answer. Answers that were on their way when it opened change nothing. */
export function heard(breaker: Breaker, outcome: Trip | 'fine', now: number): Breaker {
  switch (breaker.state) {
    case 'open':
      return breaker;
    case 'half-open':
      return outcome === 'fine' ? CLOSED : opened(outcome, breaker.times + 1, now);
    case 'closed': {
      const recent = [...breaker.recent, outcome].slice(-REMEMBERED);
      const bad = recent.filter((one) => one !== 'fine');
      if (recent.length < ENOUGH_TO_JUDGE || bad.length * 2 < recent.length) {
        return { state: 'closed', recent };
      }
      return opened(mostOf(bad), 1, now);
    }
  }
}

/** What an answer says about the service; a fault of one object or one job says nothing. */
export function tripOf(fault: Fault | undefined): Trip | 'fine' {
  switch (fault?.code) {
    case 'COS_DENIED':
      return 'denied';
    case 'COS_THROTTLED':
      return 'throttled';
    case 'COS_UNREACHABLE':
    case 'OUTCOME_UNKNOWN':
      return 'failing';
    default:
      return 'fine';
  }
}

function opened(because: Trip, times: number, now: number): Breaker {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
  return { state: 'open', because, times, until: now + pause };
}

function mostOf(trips: readonly Trip[]): Trip {
  const count = (trip: Trip) => trips.filter((one) => one === trip).length;
  return trips.reduce((most, trip) => (count(trip) > count(most) ? trip : most));
}
