import { globShape } from './glob.ts';
import type { Effort } from './key-meeting.ts';
import { endOf, startOf } from './key-shape.ts';
import type { When } from './rule.ts';

/** All keys that begin and end so. This much of a rule a trigger or a permission can say. */
export interface Window {
  readonly prefix: string;
  readonly suffix: string;
}

/** A rule with more alternatives than this is seen as a whole: exact, it would help nobody. */
const MANY = 100;

/** To compare two windows is as much less than to try a character in a search. */
const COMPARISONS_PER_CHARACTER = 20;

/** Windows that together hold every key the rule could match, as narrow as they can be said. */
export function windowsOf(when: Pick<When, 'prefix' | 'suffix' | 'include'>): readonly Window[] {
  const prefixes = alternatives(when.prefix, commonStart);
  const suffixes = alternatives(when.suffix, commonEnd);
  const windows = narrowed(
    prefixes.map((prefix) => ({ prefix, suffix: '' })),
    suffixes.map((suffix) => ({ prefix: '', suffix })),
  );
  if (when.include.length === 0) return withoutCovered(windows);
  return withoutCovered(
    narrowed(
      windows,
      when.include.map((glob) => {
        const shape = globShape(glob);
        return { prefix: startOf(shape), suffix: endOf(shape) };
      }),
    ),
  );
}

/** Whether some key could be in both. */
export function windowsMeet(one: Window, other: Window): boolean {
  return (
    longerOf(one.prefix, other.prefix, 'startsWith') !== undefined &&
    longerOf(one.suffix, other.suffix, 'endsWith') !== undefined
  );
}

/** Whether some key could be in one of each. Where that is too much to look at, it is said to be. */
export function anyMeet(
  some: readonly Window[],
  others: readonly Window[],
  effort: Effort,
): boolean {
  effort.left -= (some.length * others.length) / COMPARISONS_PER_CHARACTER;
  if (effort.left <= 0) return true;
  return some.some((one) => others.some((other) => windowsMeet(one, other)));
}

/** Whether every key of the inner window is in the outer one as well. */
export function covers(outer: Window, inner: Window): boolean {
  return inner.prefix.startsWith(outer.prefix) && inner.suffix.endsWith(outer.suffix);
}

/** What all of these begin with. */
export function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same] === other[same]) same++;
    length = same;
  }
  // Half a character is no text: where two differ in its second half, they differ in it.
  return first.slice(0, length).replace(/\p{Surrogate}$/u, '');
}

/** What all of these end with. */
export function commonEnd(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first.at(-1 - same) === other.at(-1 - same)) same++;
    length = same;
  }
  return first.slice(first.length - length);
}

function alternatives(
  list: readonly string[],
  common: (texts: readonly string[]) => string,
): readonly string[] {
  if (list.length === 0) return [''];
  return list.length > MANY ? [common(list)] : list;
}

/** Keys that are in one of the windows of each list; the first list alone where that is too much. */
function narrowed(windows: readonly Window[], by: readonly Window[]): readonly Window[] {
  if (windows.length * by.length > MANY) return windows;
  return windows.flatMap((one) =>
    by.flatMap((other): Window[] => {
      const prefix = longerOf(one.prefix, other.prefix, 'startsWith');
      const suffix = longerOf(one.suffix, other.suffix, 'endsWith');
      return prefix === undefined || suffix === undefined ? [] : [{ prefix, suffix }];
    }),
  );
}

function longerOf(one: string, other: string, how: 'startsWith' | 'endsWith'): string | undefined {
  if (one[how](other)) return one;
  return other[how](one) ? other : undefined;
}

/** Windows that none of the others covers, each once. */
function withoutCovered(windows: readonly Window[]): readonly Window[] {
  return windows.filter(
    (one, at) =>
      !windows.some(
        (other, place) => place !== at && covers(other, one) && (place < at || !covers(one, other)),
      ),
  );
}
