const MOST_BYTES = 32 * 1024;

/** What a process writes during one invocation, up to a limit. */
export class LogBuffer {
  readonly #pieces: Buffer[] = [];
  #held = 0;
  #dropped = 0;

  add(piece: Buffer): void {
    const room = Math.max(0, MOST_BYTES - this.#held);
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    if (kept.length > 0) this.#pieces.push(Buffer.from(kept));
    this.#held += kept.length;
    this.#dropped += piece.length - kept.length;
  }

  get text(): string {
    const text = Buffer.concat(this.#pieces).toString('utf8');
    return this.#dropped === 0 ? text : `${text}\n… ${this.#dropped} bytes more`;
  }
}

/**
 * Hands on what comes before a mark, and says when the mark has come. A mark may come in pieces, so
 * that as much as might be its beginning is held back.
 */
export class Output {
  readonly #onBytes: (piece: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);
  #mark: Buffer | undefined;
  #onMark: () => void = () => {};

  constructor(onBytes: (piece: Buffer) => void) {
    this.#onBytes = onBytes;
  }

  /** Resolves when the mark has come. */
  until(mark: string): Promise<void> {
    this.#mark = Buffer.from(mark);
    return new Promise((resolve) => {
      this.#onMark = resolve;
    });
  }

  take(piece: Buffer): void {
    if (!this.#mark) {
      this.#onBytes(piece);
      return;
    }
    const all = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const at = all.indexOf(this.#mark);
    if (at >= 0) {
      if (at > 0) this.#onBytes(all.subarray(0, at));
      this.#held = Buffer.alloc(0);
      this.#mark = undefined;
      this.#onMark();
      return;
    }
    const safe = Math.max(0, all.length - this.#mark.length);
    if (safe > 0) this.#onBytes(all.subarray(0, safe));
    this.#held = all.subarray(safe);
  }

  /** The process is gone: what was held back is no beginning of a mark. */
  flush(): void {
    if (this.#held.length > 0) this.#onBytes(this.#held);
    this.#held = Buffer.alloc(0);
    this.#mark = undefined;
    this.#onMark();
  }
}
