import type { EngineClock } from '../../server/clock.ts';
import { isMoment, moment, need, shape, whole } from './kinds.ts';
import { defineRoute, refused } from './route.ts';

/** About a century. */
const FAR_MS = 3_000_000_000_000;

function stateOf(clock: EngineClock) {
  const ms = clock.now();
  return { now: new Date(ms).toISOString(), ms, frozen: clock.frozen };
}

/** What is due meanwhile happens at once: retries, the end of keys. */
function move(clock: EngineClock, to: number) {
  if (!isMoment(to)) throw refused(['the clock goes from 1970 to 9999']);
  clock.set(to);
  return stateOf(clock);
}

export const CLOCK_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/clock',
    says: "The engine's time, and whether it stands still.",
    run: ({ clock }) => stateOf(clock),
  }),
  defineRoute({
    method: 'PUT',
    path: '/clock',
    says: 'Sets it. It goes on from there, unless it is frozen.',
    body: shape({ to: need(moment, 'the new time') }),
    run: ({ clock }, { body: { to } }) => move(clock, to),
  }),
  defineRoute({
    method: 'POST',
    path: '/clock/advance',
    says: 'Moves it, frozen or not. What falls due on the way happens at once.',
    body: shape({ ms: need(whole(-FAR_MS, FAR_MS), 'how far, in milliseconds') }),
    run: ({ clock }, { body: { ms } }) => move(clock, clock.now() + ms),
  }),
  defineRoute({
    method: 'POST',
    path: '/clock/freeze',
    says: 'Stops it.',
    run({ clock }) {
      clock.freeze();
      return stateOf(clock);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/clock/thaw',
    says: 'Lets it go on from where it stands.',
    run({ clock }) {
      clock.thaw();
      return stateOf(clock);
    },
  }),
];
