import type { Chance } from './chance.ts';

/** One effect of a path: between any two of them, whoever walks the path may be cut off. */
type Effect = () => unknown;

export type Path<T> = Generator<Effect, T, unknown>;

/** Has the effect carried out when the agenda comes to it, and hands on what came of it. */
export function* act<T>(effect: () => T): Path<T> {
  return (yield effect) as T;
}

/** Somebody walking a path, on a clock of their own. */
export interface Walker {
  /** How far its clock is ahead. */
  readonly skewMs: number;
  /** Called when it is cut off. */
  readonly onKill: () => void;
}

/** How often in a hundred effects something befalls a walker, and in a hundred requests the service. */
export interface Weather {
  readonly kills: number;
  readonly pauses: number;
  readonly failures: number;
}

const LATENCY_MS = [20, 3, 300, 900, 4000, 30_000, 100_000] as const;

/** What happens when. Effects of different walkers interleave as chance has it. */
export class Agenda {
  now: number;
  killed = 0;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #due: { readonly at: number; readonly run: () => void }[] = [];

  constructor(now: number, chance: Chance, weather: Weather) {
    this.now = now;
    this.#chance = chance;
    this.#weather = weather;
  }

  get isEmpty(): boolean {
    return this.#due.length === 0;
  }

  in(ms: number, run: () => void): void {
    this.#due.push({ at: this.now + ms, run });
  }

  /** The next thing that is due; false when there is none. */
  step(): boolean {
    let first = 0;
    for (const [index, { at }] of this.#due.entries()) {
      if (at < (this.#due[first]?.at ?? 0)) first = index;
    }
    const [next] = this.#due.splice(first, 1);
    if (!next) return false;
    this.now = Math.max(this.now, next.at);
    next.run();
    return true;
  }

  /** Walks a path, one effect at a time; `onEnd` hears what it returned, or nothing if cut off. */
  walk<T>(walker: Walker, path: Path<T>, onEnd: (result: T | undefined) => void): void {
    const kill = () => {
      this.killed += 1;
      walker.onKill();
      onEnd(undefined);
    };
    const goOn = (heard: unknown) => {
      const next = path.next(heard);
      if (next.done) return onEnd(next.value);
      this.in(this.#latency(), () => {
        if (this.#chance.odd(this.#weather.kills)) return kill();
        const result = next.value();
        if (this.#chance.odd(this.#weather.kills)) return kill();
        goOn(result);
      });
    };
    goOn(undefined);
  }

  #latency(): number {
    return this.#chance.odd(this.#weather.pauses)
      ? this.#chance.oneOf(...LATENCY_MS)
      : LATENCY_MS[0];
  }
}
