import type { Clock } from '../core/clock.ts';

/** One call of a function, as far as the platform tells about it. */
export interface Invocation {
  readonly requestId: string;
  readonly leftMs: number;
}

/** The platform's own limit where nobody says another. */
const USUAL_LIMIT_MS = 3000;

/** What the platform hands over beside the event. What remains is told by some runtimes only. */
export function readInvocation(context: unknown, beganAt: number, now: Clock): Invocation {
  const told = typeof context === 'object' && context !== null ? context : {};
  const field = (name: string): unknown => Reflect.get(told, name);
  const limit = Number(field('time_limit_in_ms')) || USUAL_LIMIT_MS;
  const remaining = field('getRemainingTimeInMillis');
  const left = typeof remaining === 'function' ? Number(remaining.call(told)) : Number.NaN;
  const requestId = field('request_id');
  return {
    requestId: typeof requestId === 'string' ? requestId : '',
    leftMs: Math.max(0, Number.isFinite(left) ? left : beganAt + limit - now()),
  };
}
