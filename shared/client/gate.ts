import type { Clock } from '../core/clock.ts';
import type { Limits } from '../plan/rules.ts';

export type Sleep = (ms: number) => Promise<void>;

/** Lets requests to one region through: so many at once, so many a second. */
export interface Gate {
  /** False when it would open only after the given time. */
  enter(region: string, withinMs: number): Promise<boolean>;
  leave(region: string): void;
  /** Nobody goes through for a while: the service asked for it. */
  rest(region: string, ms: number): void;
}

interface Region {
  /** When the next one would be due if all came evenly. */
  dueAt: number;
  restsUntil: number;
  inside: number;
  readonly waiting: (() => void)[];
}

/** As much may come at once after a pause. */
const BURST_MS = 200;

/** A timer that is set to more goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function openGate(
  { requestsPerSecond, inFlight }: Pick<Limits, 'requestsPerSecond' | 'inFlight'>,
  now: Clock,
  sleep: Sleep,
): Gate {
  const regions = new Map<string, Region>();
  const everyMs = 1000 / requestsPerSecond;

  const regionNamed = (name: string): Region => {
    const known = regions.get(name);
    if (known) return known;
    const region = { dueAt: 0, restsUntil: 0, inside: 0, waiting: [] };
    regions.set(name, region);
    return region;
  };

  const leave = (name: string) => {
    const region = regionNamed(name);
    const next = region.waiting.shift();
    // Whoever waits longest takes the place over, so the number inside stays.
    if (next) next();
    else region.inside -= 1;
  };

  return {
    async enter(name, withinMs) {
      const region = regionNamed(name);
      const until = now() + withinMs;
      if (region.inside < inFlight) region.inside += 1;
      else if (!(await turnCame(region, withinMs))) return false;

      const due = Math.max(region.dueAt, now() - BURST_MS);
      const at = Math.max(due, region.restsUntil);
      if (at > until) {
        leave(name);
        return false;
      }
      region.dueAt = due + everyMs;
      if (at > now()) await sleep(at - now());
      return true;
    },
    leave,
    rest(name, ms) {
      const region = regionNamed(name);
      region.restsUntil = Math.max(region.restsUntil, now() + ms);
    },
  };
}

/** Waits for a place; false when none came free in time. */
function turnCame({ waiting }: Region, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const turn = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(
      () => {
        waiting.splice(waiting.indexOf(turn), 1);
        resolve(false);
      },
      Math.min(withinMs, LONGEST_TIMER_MS),
    );
    waiting.push(turn);
  });
}
