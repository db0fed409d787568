/**
 * What goes wrong, decided by a list of numbers. When the list is used up, nothing goes wrong any
 * more: so every story comes to its end, and a shorter list is a simpler story.
 */
export class Chance {
  readonly #script: readonly number[];
  #next = 0;

  /** Numbers below 10,000. */
  constructor(script: readonly number[]) {
    this.#script = script;
  }

  /** Whether something happens that happens this often. */
  odd(percent: number): boolean {
    return this.#draw() >= 10_000 - percent * 100;
  }

  /** One of these, the first when nothing goes wrong any more. */
  oneOf<T>(first: T, ...others: readonly T[]): T {
    return [first, ...others][this.#draw() % (others.length + 1)] ?? first;
  }

  #draw(): number {
    return this.#script[this.#next++] ?? 0;
  }
}
