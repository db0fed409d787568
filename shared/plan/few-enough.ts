import { apart, type Group, withJoined } from './fewer-windows.ts';
import { type Window, windowsMeet } from './window.ts';

/** Windows of one bucket that triggers must hold, and windows they had better keep clear of. */
export interface Wish {
  readonly wanted: readonly Window[];
  readonly unwanted: readonly Window[];
}

/** One list with two of its groups made one, and how much wider that makes what they hold. */
interface Option {
  readonly at: number;
  readonly groups: readonly Group[];
  readonly widens: number;
}

/** To fire for what nobody uploaded is worse than to fire for any upload. */
const UNWANTED = 1000;

/**
 * For each wish, windows of which no two meet; of all wishes together no more than so many, if that
 * can be. Step by step, those two are made one by which what is wanted is widened least.
 */
export function fewEnough(wishes: readonly Wish[], most: number): readonly (readonly Window[])[] {
  let lists = wishes.map(({ wanted }) => apart(wanted));
  while (lists.reduce((sum, { length }) => sum + length, 0) > most) {
    const [first, ...options] = lists.flatMap((groups, at) =>
      optionsFor(groups, at, wishes[at]?.unwanted ?? []),
    );
    if (!first) break;
    const best = options.reduce((least, one) => (one.widens < least.widens ? one : least), first);
    lists = lists.map((groups, at) => (at === best.at ? best.groups : groups));
  }
  return lists.map((groups) => groups.map(({ prefix, suffix }) => ({ prefix, suffix })));
}

function optionsFor(
  groups: readonly Group[],
  at: number,
  unwanted: readonly Window[],
): readonly Option[] {
  return groups.flatMap((one, index) =>
    groups.slice(index + 1).map((other) => {
      const fewer = withJoined(groups, one, other);
      return { at, groups: fewer, widens: widening(groups, fewer, unwanted) };
    }),
  );
}

function widening(
  before: readonly Group[],
  after: readonly Group[],
  unwanted: readonly Window[],
): number {
  const whole = after.at(-1);
  if (!whole) return 0;
  const parts = before.filter((group) => !after.includes(group));
  const newlyMet = unwanted.filter(
    (window) => windowsMeet(window, whole) && !parts.some((part) => windowsMeet(window, part)),
  );
  const lost = parts.reduce(
    (sum, part) => sum + part.holds * (narrowness(part) - narrowness(whole)),
    0,
  );
  return lost + UNWANTED * newlyMet.length;
}

/**
 * How many tenths of tenths of a bucket a window is likely to hold, as a guess: a folder is a tenth
 * of what it is in, the beginning of a name not quite so little, an ending about a half.
 */
function narrowness({ prefix, suffix }: Window): number {
  const folders = prefix.split('/');
  const begun = folders.at(-1)?.length ?? 0;
  return folders.length - 1 + begun / (begun + 1) + (suffix.split('.').length - 1) / 4;
}
