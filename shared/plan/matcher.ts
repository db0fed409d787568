import type { ObjectRef } from '../core/object-ref.ts';
import { reasonByKey } from './reason-to-skip.ts';
import type { Rule } from './rule.ts';

/** Rules in the order they count, ready to be asked about many objects. */
export interface Matcher {
  /** Highest priority first; equal ones in the order of the file. */
  readonly ranked: readonly Rule[];
  /** Whether a rule could be for this object, by bucket and key alone. */
  couldMatch(object: Pick<ObjectRef, 'bucket' | 'key'>): boolean;
}

const matchers = new WeakMap<readonly Rule[], Matcher>();

/** The matcher of these rules: made once for each list, for lists of rules never change. */
export function matcherFor(rules: readonly Rule[]): Matcher {
  const known = matchers.get(rules);
  if (known) return known;
  const matcher = newMatcher(rules);
  matchers.set(rules, matcher);
  return matcher;
}

/** Whether any rule could be for this object. Spares most objects every further question. */
export function couldMatch(
  rules: readonly Rule[],
  object: Pick<ObjectRef, 'bucket' | 'key'>,
): boolean {
  return matcherFor(rules).couldMatch(object);
}

/** A folder made in a console: an object without content whose key ends like a folder's. */
export function isFolderMarker({ key }: Pick<ObjectRef, 'key'>): boolean {
  return key === '' || key.endsWith('/');
}

function newMatcher(rules: readonly Rule[]): Matcher {
  const ranked = [...rules].sort((one, other) => other.priority - one.priority);
  const enabled = ranked.filter((rule) => rule.enabled);
  return {
    ranked,
    couldMatch: (object) =>
      !isFolderMarker(object) &&
      enabled.some(({ when }) => reasonByKey(when, object) === undefined),
  };
}
