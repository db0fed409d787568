import type { Readable } from 'node:stream';

/** What is smaller than this is put together with its neighbours. */
const LITTLE_BYTES = 4 * 1024;
const TOGETHER_BYTES = 16 * 1024;

/**
 * The pieces of a body, the little ones put together: kept one by one, a thousand pieces of a byte
 * each would take hundreds of times their size. The stream is left as it is when nobody reads on.
 */
export async function* gathered(body: Readable): AsyncGenerator<Buffer> {
  let together = Buffer.alloc(0);
  let size = 0;
  for await (const piece of body.iterator({ destroyOnReturn: false })) {
    if (size > 0 && size + piece.length > together.length) {
      yield together.subarray(0, size);
      size = 0;
    }
    if (piece.length >= LITTLE_BYTES) {
      if (size > 0) yield together.subarray(0, size);
      size = 0;
      yield piece;
      continue;
    }
    if (size === 0) together = Buffer.allocUnsafe(TOGETHER_BYTES);
    piece.copy(together, size);
    size += piece.length;
  }
  if (size > 0) yield together.subarray(0, size);
}
