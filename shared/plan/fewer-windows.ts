import { commonEnd, commonStart, type Window, windowsMeet } from './window.ts';

/** A window that stands for some narrower ones it was made of. */
export interface Group extends Window {
  /** How many they are. */
  readonly holds: number;
}

/**
 * Windows of which no two meet, that hold all of these. Two that meet are made one, for whatever
 * held the one and whatever held the other would meet as well: there is no narrower way.
 */
export function apart(windows: readonly Window[]): readonly Group[] {
  return windows
    .map(({ prefix, suffix }) => ({ prefix, suffix, holds: 1 }))
    .reduce<readonly Group[]>(joinedInto, []);
}

/** These groups with two of them made one, and with that all that then meets it. It stands last. */
export function withJoined(groups: readonly Group[], one: Group, other: Group): readonly Group[] {
  const others = groups.filter((group) => group !== one && group !== other);
  return joinedInto(others, around(one, other));
}

/** The longest end of a suffix that begins with a dot, as the suffix of a trigger does. */
export function dotted(suffix: string): string {
  const dot = suffix.indexOf('.');
  return dot < 0 ? '' : suffix.slice(dot);
}

/** At most so many windows around these, cut short at one length of the prefix. */
export function coarser(windows: readonly Window[], most: number): readonly Window[] {
  const cutAt = (length: number, suffixes: boolean): readonly Window[] => {
    const cut = windows.map(({ prefix, suffix }) => ({
      prefix: prefix.slice(0, length),
      suffix: suffixes ? suffix : '',
    }));
    return [
      ...new Map(cut.map((window) => [`${window.prefix} ${window.suffix}`, window])).values(),
    ];
  };
  const longest = windows.reduce((length, { prefix }) => Math.max(length, prefix.length), 0);
  const suffixes = cutAt(0, true).length <= most;
  // The longer the prefixes, the more windows: so the best length is found by halving.
  let [fits, tooLong] = [0, longest + 1];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (cutAt(middle, suffixes).length <= most) fits = middle;
    else tooLong = middle;
  }
  return cutAt(fits, suffixes);
}

function around(one: Group, other: Group): Group {
  return {
    prefix: commonStart([one.prefix, other.prefix]),
    suffix: dotted(commonEnd([one.suffix, other.suffix])),
    holds: one.holds + other.holds,
  };
}

/** A group and those it does not meet; what it meets becomes a part of it. */
function joinedInto(groups: readonly Group[], added: Group): readonly Group[] {
  const meeting = groups.filter((group) => windowsMeet(group, added));
  if (meeting.length === 0) return [...groups, added];
  const rest = groups.filter((group) => !meeting.includes(group));
  // What was joined is wider, so it may meet others in turn.
  return joinedInto(rest, meeting.reduce(around, added));
}
