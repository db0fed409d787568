interface Due {
  readonly at: number;
  /** What was set first goes first. */
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only when nobody has anything to do, from one thing that is due to the next. */
export class Clockwork {
  now: number;
  #orders = 0;
  /** A heap: no one is due before the one at half its index. */
  readonly #due: Due[] = [];

  constructor(now: number) {
    this.now = now;
  }

  at(ms: number, run: () => void): void {
    const due: Due = { at: ms, order: this.#orders++, run };
    const heap = this.#due;
    let index = heap.push(due) - 1;
    for (let up = (index - 1) >> 1; index > 0; up = (index - 1) >> 1) {
      const above = heap[up];
      if (!above || isBefore(above, due)) break;
      heap[index] = above;
      index = up;
    }
    heap[index] = due;
  }

  in(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.in(ms, resolve));
  }

  /** All clocks at once, as when a machine slept: what was due meanwhile is late. */
  jump(ms: number): void {
    this.now += ms;
  }

  /** The next thing that is due, and all that follows from it at once; false when nothing is due. */
  async next(): Promise<boolean> {
    const first = this.#takeFirst();
    if (!first) return false;
    this.now = Math.max(this.now, first.at);
    first.run();
    await new Promise((resolve) => setImmediate(resolve));
    return true;
  }

  #takeFirst(): Due | undefined {
    const heap = this.#due;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (!below || isBefore(last, below)) break;
      heap[index] = below;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
