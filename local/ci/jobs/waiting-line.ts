/** The levels a job can have. A higher one goes first. */
const LEVELS = 3;

/** Jobs that wait in one queue, by their ids: by level, then as they came. */
export class WaitingLine {
  readonly #byLevel = Array.from({ length: LEVELS }, () => new Set<string>());

  get size(): number {
    return this.#byLevel.reduce((sum, ids) => sum + ids.size, 0);
  }

  add(id: string, level: number): void {
    this.#level(level).add(id);
  }

  /** The next takes its leave. */
  take(): string | undefined {
    for (let level = LEVELS - 1; level >= 0; level--) {
      const ids = this.#level(level);
      for (const id of ids) {
        ids.delete(id);
        return id;
      }
    }
    return undefined;
  }

  /** False when it does not wait here. */
  remove(id: string): boolean {
    return this.#byLevel.some((ids) => ids.delete(id));
  }

  #level(level: number): Set<string> {
    const ids = this.#byLevel[Math.min(Math.max(0, level), LEVELS - 1)];
    if (!ids) throw new RangeError(`There is no level ${level}`);
    return ids;
  }
}
