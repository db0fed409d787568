import { couldBothApply } from './both-apply.ts';
import { commonTargets, exampleKey, settled, sourceOf, targetOf } from './example-source.ts';
import { type Effort, keyMeeting } from './key-meeting.ts';
import type { Shape } from './key-shape.ts';
import type { Places } from './places.ts';
import type { Rule } from './rule.ts';
import { readingsOf, sourceShape } from './target-reading.ts';
import { anyMeet } from './window.ts';
import {
  type OutputRef,
  readsFrom,
  share,
  sourceNames,
  type Writer,
  writersOf,
  writesTo,
} from './writer.ts';

/** A source that shows it. Its bucket has no name where no rule names one. */
interface Example {
  readonly bucket: string;
  readonly key: string;
}

/** Two outputs that write one key; twice the same output where two of its own sources meet. */
export type Collision = {
  readonly outputs: readonly [OutputRef, OutputRef];
  readonly target: string;
} & (
  | { readonly how: 'certain'; readonly sources: readonly [Example] }
  | { readonly how: 'possible'; readonly sources: readonly [Example, Example] }
);

/** Characters tried before the check stops looking. What it has not found by then it does not say. */
const EFFORT = 3_000_000;

/**
 * Keys that would be written twice: `certain` where one source is enough, and the output that comes
 * later by priority is left out; `possible` where it takes two sources, and whoever comes later
 * overwrites. Each comes with sources that show it. Of an output, there are at most three: with
 * itself, and the first of either kind with an earlier one.
 */
export function findCollisions(
  rules: readonly Rule[],
  places?: Pick<Places, 'sources'>,
): readonly Collision[] {
  const effort: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  const writers = writersOf(rules, settled);
  const into = new Map(writers.map((writer) => [writer, writesTo(writer, sources)]));
  return writers.flatMap((writer, at) => {
    if (effort.left <= 0) return [];
    const others = writers
      .slice(0, at)
      .filter((other) => share(into.get(writer) ?? [], into.get(other) ?? []))
      .filter((other) => anyMeet(writer.targets, other.targets, effort));
    return [
      possible(writer, writer, sources, effort),
      first(others, (other) => certain(writer, other, sources, effort)),
      first(others, (other) => possible(writer, other, sources, effort)),
    ].filter((collision) => collision !== undefined);
  });
}

function first<T, F>(list: readonly T[], find: (one: T) => F | undefined): F | undefined {
  for (const one of list) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function certain(
  one: Writer,
  other: Writer,
  sources: readonly string[],
  effort: Effort,
): Collision | undefined {
  const buckets = readsFrom(one.rule, sources).filter((name) =>
    readsFrom(other.rule, sources).includes(name),
  );
  const [bucket] = buckets;
  if (bucket === undefined || sameStep(one, other)) return undefined;
  if (!anyMeet(one.sources, other.sources, effort)) return undefined;
  if (!couldBothApply(one.rule.when, other.rule.when)) return undefined;

  for (const shapes of commonSources(one, other, effort)) {
    const key = exampleKey([one.rule, other.rule], shapes, [], effort);
    const target = key === undefined ? undefined : targetOf(one, key);
    if (key === undefined || target === undefined || target !== targetOf(other, key)) continue;
    const outputs = [one.ref, other.ref] as const;
    return { outputs, target, how: 'certain', sources: [{ bucket, key }] };
  }
  return undefined;
}

/** An output of a template is one step, however many rules ask for it. */
function sameStep(one: Writer, other: Writer): boolean {
  return (
    one.ref.template === other.ref.template &&
    one.ref.version === other.ref.version &&
    one.ref.output === other.ref.output
  );
}

/** What sources look like of which both outputs might write the same key. */
function commonSources(one: Writer, other: Writer, effort: Effort): readonly (readonly Shape[])[] {
  if (one.pattern === other.pattern) return [[]];
  const meeting = keyMeeting([one.shape, other.shape], [], effort);
  if (typeof meeting === 'string') return [];
  const readings = readingsOf(one.pattern, meeting.key).slice(0, 10);
  const theirs = readingsOf(other.pattern, meeting.key).slice(0, 10);
  return readings.flatMap((mine) => theirs.map((their) => [mine, their].map(sourceShape)));
}

function possible(
  one: Writer,
  other: Writer,
  sources: readonly string[],
  effort: Effort,
): Collision | undefined {
  // Two sources of the same etag are the same bytes: it does not matter which of them is seen.
  if ([one, other].some(({ ref }) => ref.pattern.includes('{etag8}'))) return undefined;
  const buckets = bucketsOf(one, other, sources);
  if (!buckets) return undefined;
  const [mine, theirs] = buckets;

  for (const target of commonTargets(one, other, effort)) {
    const first = sourceOf(one, target, [], effort);
    if (first === undefined) continue;
    const not = mine === theirs ? [first] : [];
    const second = sourceOf(other, target, not, effort);
    if (second === undefined) continue;
    const examples = [
      { bucket: mine, key: first },
      { bucket: theirs, key: second },
    ] as const;
    return { outputs: [one.ref, other.ref], target, how: 'possible', sources: examples };
  }
  return undefined;
}

/** Buckets whose sources could meet in one target: two different ones where that can be. */
function bucketsOf(
  one: Writer,
  other: Writer,
  sources: readonly string[],
): readonly [string, string] | undefined {
  const into = writesTo(one, sources).find((name) => writesTo(other, sources).includes(name));
  const originsOf = ({ rule, output }: Writer) =>
    output.into?.bucket === undefined ? [into ?? ''] : readsFrom(rule, sources);
  const theirs = originsOf(other);
  const pairs = originsOf(one).flatMap((mine) => theirs.map((their) => [mine, their] as const));
  return pairs.find(([mine, their]) => mine !== their) ?? pairs[0];
}
