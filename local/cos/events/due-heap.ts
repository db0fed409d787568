interface Due<T> {
  readonly at: number;
  readonly turn: number;
  readonly value: T;
}

/** What is due at some time, the earliest first; of those due together, whichever came first. */
export class DueHeap<T> {
  readonly #heap: Due<T>[] = [];
  #turn = 0;

  get earliest(): number | undefined {
    return this.#heap[0]?.at;
  }

  push(at: number, value: T): void {
    const added = { at, turn: this.#turn++, value };
    let place = this.#heap.push(added) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (!above || isBefore(above, added)) break;
      this.#heap[place] = above;
      place = parent;
    }
    this.#heap[place] = added;
  }

  /** The earliest, if its time has come. */
  pop(now: number): { readonly at: number; readonly value: T } | undefined {
    const first = this.#heap[0];
    if (!first || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last && last !== first) this.#sink(last);
    return first;
  }

  /** Puts one where the first was. */
  #sink(moved: Due<T>): void {
    let place = 0;
    for (;;) {
      const left = this.#heap[2 * place + 1];
      const right = this.#heap[2 * place + 2];
      const below = left && right && isBefore(right, left) ? right : left;
      if (!below || isBefore(moved, below)) break;
      this.#heap[place] = below;
      place = 2 * place + (below === left ? 1 : 2);
    }
    this.#heap[place] = moved;
  }
}

function isBefore(a: Due<unknown>, b: Due<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.turn < b.turn);
}
