import type { ByteString } from './index-key.ts';

/** `undefined` removes the entry. Of several writes of one key the last counts. */
export type Write = readonly [key: ByteString, value: string | undefined];

/** Texts by key, in the order of the keys' bytes. */
export interface OrderedIndex {
  get(key: ByteString): string | undefined;
  /** From `from` on, before `to`. Reading it may not be interleaved with commits. */
  range(
    from: ByteString,
    to: ByteString,
    options?: { readonly reverse?: boolean },
  ): IterableIterator<readonly [key: ByteString, value: string]>;
  /**
   * All of it or nothing. Afterwards every reader sees it. What `frees` room may use the last that
   * is left.
   */
  commit(writes: Iterable<Write>, options?: { readonly frees?: boolean }): Promise<void> | void;
}
