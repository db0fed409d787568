import { after, type ByteString, beyond } from './index-key.ts';
import type { OrderedIndex } from './ordered-index.ts';

/** How keys, as bytes, stand in the index: behind `start`, in the same order. */
export interface KeySpace {
  readonly start: ByteString;
  readonly encode: (key: ByteString) => ByteString;
  readonly keyOf: (indexKey: ByteString) => ByteString;
}

export interface PageRequest {
  readonly prefix: ByteString;
  /** Empty when keys are not to be grouped. */
  readonly delimiter: ByteString;
  /** The first index key that may come; nothing to begin at the beginning. */
  readonly from: ByteString | undefined;
  readonly max: number;
}

export interface Page {
  readonly entries: readonly (readonly [indexKey: ByteString, value: string])[];
  readonly prefixes: readonly ByteString[];
  /** The last entry or common prefix, when there is more after it. */
  readonly last: { readonly entry: ByteString } | { readonly prefix: ByteString } | undefined;
}

/** One page of a list. What a common prefix stands for is jumped over, however much it is. */
export function page(index: OrderedIndex, space: KeySpace, request: PageRequest): Page {
  const { prefix, delimiter, max } = request;
  const entries: (readonly [ByteString, string])[] = [];
  const prefixes: ByteString[] = [];
  let last: Page['last'];
  if (max <= 0) return { entries, prefixes, last };

  const first = space.start + space.encode(prefix);
  const end = beyond(first);
  let from: ByteString | undefined = request.from && request.from > first ? request.from : first;
  while (from !== undefined && from < end) {
    const begin: ByteString = from;
    from = undefined;
    for (const [indexKey, value] of index.range(begin, end)) {
      if (entries.length + prefixes.length >= max) return { entries, prefixes, last };
      const common = commonPrefix(space.keyOf(indexKey), prefix, delimiter);
      if (common === undefined) {
        entries.push([indexKey, value]);
        last = { entry: indexKey };
      } else {
        prefixes.push(common);
        last = { prefix: common };
        from = beyond(space.start + space.encode(common));
        break;
      }
    }
  }
  return { entries, prefixes, last: undefined };
}

/** Where the page after this marker begins. A marker that is a common prefix stands for all of it. */
export function pageAfter(
  space: KeySpace,
  marker: ByteString,
  { prefix, delimiter }: Pick<PageRequest, 'prefix' | 'delimiter'>,
): ByteString {
  const key = space.start + space.encode(marker);
  const whole = marker.startsWith(prefix) && commonPrefix(marker, prefix, delimiter) === marker;
  return whole ? beyond(key) : after(key);
}

function commonPrefix(
  key: ByteString,
  prefix: ByteString,
  delimiter: ByteString,
): ByteString | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}
