import type { Clock } from './clock.ts';

/** How much of an invocation is left, with a reserve kept for saving state. */
export class Deadline {
  readonly #endsAt: number;
  readonly #now: Clock;

  constructor(budgetMs: number, reserveMs: number, now: Clock) {
    this.#endsAt = now() + budgetMs - reserveMs;
    this.#now = now;
  }

  leavesRoomFor(ms: number): boolean {
    return this.#now() + ms <= this.#endsAt;
  }

  /** For work that may take no more than this part of what is left. */
  part(share: number): Deadline {
    return new Deadline(this.leftMs() * share, 0, this.#now);
  }

  /** For the time limit of a request that may take whatever is left. */
  leftMs(): number {
    return Math.max(0, this.#endsAt - this.#now());
  }
}
