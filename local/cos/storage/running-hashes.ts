import { createHash, type Hash } from 'node:crypto';
import type { OpenBlob } from './blobs.ts';

const MOST = 64;

/**
 * Half-finished MD5 sums of objects that were appended to, so that the next append need not read
 * all that is there again. Forgotten ones are computed anew.
 */
export class RunningHashes {
  readonly #hashes = new Map<string, { readonly size: number; readonly hash: Hash }>();

  /** A hash of the first `size` bytes of the file, to go on with; nothing when the file is gone. */
  async take(
    file: string,
    size: number,
    open: () => OpenBlob | undefined,
  ): Promise<Hash | undefined> {
    const known = this.#hashes.get(file);
    if (known?.size === size) return known.hash.copy();
    const bytes = open()?.read();
    if (!bytes) return undefined;
    const hash = createHash('md5');
    for await (const piece of Buffer.isBuffer(bytes) ? [bytes] : bytes) hash.update(piece);
    return hash;
  }

  keep(file: string, size: number, hash: Hash): void {
    this.#hashes.delete(file);
    this.#hashes.set(file, { size, hash });
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > MOST && oldest !== undefined) this.#hashes.delete(oldest);
  }
}
