interface Bucket {
  readonly left: number;
  readonly at: number;
}

/**
 * How often each caller may ask, as this instance has seen it. What must never be exceeded, money, is
 * counted by all instances together; this spares the service a caller that runs wild.
 */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  /** Seconds to wait before asking again; nothing when the caller may ask now. */
  take(caller: string, perMinute: number, now: number): number | undefined {
    const perMs = perMinute / 60_000;
    const known = this.#buckets.get(caller) ?? { left: perMinute, at: now };
    const passed = Math.max(0, now - known.at);
    const left = Math.min(perMinute, known.left + passed * perMs);
    const mayAsk = left >= 1;
    this.#buckets.set(caller, { left: mayAsk ? left - 1 : left, at: now });
    return mayAsk ? undefined : Math.max(1, Math.ceil((1 - left) / perMs / 1000));
  }
}
