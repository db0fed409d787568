import { includesAll } from './includes-all.ts';
import { type Effort, keyMeeting } from './key-meeting.ts';
import { matcherFor } from './matcher.ts';
import { isSwitchedOn } from './metadata.ts';
import type { Places } from './places.ts';
import type { Rule, When } from './rule.ts';
import { readsFrom, shapesOf, sourceNames } from './writer.ts';

/** An enabled rule that will never do anything, and why. */
export type Unreachable = { readonly rule: string } & (
  | { readonly because: 'no-such-bucket' | 'no-such-key' | 'no-such-size' | 'no-such-metadata' }
  /** Everything it asks for, another rule that counts before it asks for as well. */
  | { readonly because: 'nothing-left'; readonly by: string }
);

/** Characters tried before a rule is taken to be reachable. */
const EFFORT = 1_000_000;

/** Rules that ask for what cannot be, or for nothing that is not asked for already. */
export function findUnreachableRules(
  rules: readonly Rule[],
  places?: Pick<Places, 'sources'>,
): readonly Unreachable[] {
  const effort: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  const enabled = matcherFor(rules).ranked.filter((rule) => rule.enabled);
  return rules
    .filter((rule) => rule.enabled)
    .flatMap((rule): Unreachable[] => {
      const { name, when } = rule;
      const noBucket = readsFrom(rule, sources).length === 0;
      const because = noBucket ? 'no-such-bucket' : impossible(when, effort);
      if (because) return [{ rule: name, because }];
      const before = enabled.slice(0, enabled.indexOf(rule));
      const by = before.find((other) => leavesNothing(other, rule));
      return by ? [{ rule: name, because: 'nothing-left', by: by.name }] : [];
    });
}

function impossible(
  when: When,
  effort: Effort,
): 'no-such-key' | 'no-such-size' | 'no-such-metadata' | undefined {
  if (when.maxBytes !== undefined && when.maxBytes < Math.max(when.minBytes ?? 1, 1)) {
    return 'no-such-size';
  }
  const optedOut = when.unlessMetadata.map((name) => name.toLowerCase());
  const contradicts = Object.entries(when.metadata).some(
    ([name, value]) => optedOut.includes(name.toLowerCase()) && isSwitchedOn(value),
  );
  if (contradicts) return 'no-such-metadata';
  const { all, none } = shapesOf(when);
  return keyMeeting(all, none, effort) === 'never' ? 'no-such-key' : undefined;
}

/** Whether every step of a rule is one that the other, counting before it, has had made already. */
function leavesNothing(before: Rule, rule: Rule): boolean {
  return (
    includesAll(before.when, rule.when) &&
    before.overrides.every((override) => rule.overrides.includes(override)) &&
    rule.use.every(({ name, version }) =>
      before.use.some((theirs) => theirs.name === name && theirs.version === version),
    )
  );
}
