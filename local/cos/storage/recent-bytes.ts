/** The bytes of small files that were read lately: what is read once is often read again. */
export class RecentBytes {
  readonly #most: number;
  /** The longest unread first. */
  readonly #files = new Map<string, Buffer>();
  #held = 0;

  /** `most` bytes are held at once. */
  constructor(most: number) {
    this.#most = most;
  }

  get(file: string): Buffer | undefined {
    const bytes = this.#files.get(file);
    if (bytes === undefined) return undefined;
    this.#files.delete(file);
    this.#files.set(file, bytes);
    return bytes;
  }

  /** Of a file that never changes. */
  add(file: string, bytes: Buffer): void {
    this.remove(file);
    this.#files.set(file, bytes);
    this.#held += weightOf(bytes);
    for (const oldest of this.#files.keys()) {
      if (this.#held <= this.#most) return;
      this.remove(oldest);
    }
  }

  remove(file: string): void {
    const bytes = this.#files.get(file);
    if (bytes === undefined) return;
    this.#files.delete(file);
    this.#held -= weightOf(bytes);
  }
}

/** An empty file has to be remembered as well. */
const ENTRY_BYTES = 512;

function weightOf({ length }: Buffer): number {
  return ENTRY_BYTES + length;
}
