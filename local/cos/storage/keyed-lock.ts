/** Work on one key waits for the work before it; work on other keys does not. */
export class KeyedLock {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.idle(key);
    const now = before.then(work);
    const settled = now.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await now;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }

  busy(key: string): boolean {
    return this.#last.has(key);
  }

  /** When what is under way on the key now has ended. */
  async idle(key: string): Promise<void> {
    await this.#last.get(key);
  }
}
