import { replacesItsSource } from './example-source.ts';
import { type Effort, keyMeeting } from './key-meeting.ts';
import type { Places } from './places.ts';
import type { Rule } from './rule.ts';
import { anyMeet, windowsOf } from './window.ts';
import {
  type OutputRef,
  readsFrom,
  shapesOf,
  share,
  sourceNames,
  writersOf,
  writesTo,
} from './writer.ts';

/** An output that some rule would pick up again. */
export interface Loop {
  readonly from: OutputRef;
  /** Names of rules, the writer's first: each picks up what the one before it writes. */
  readonly chain: readonly string[];
  /** Whether the chain ends where it began, and so would never end. */
  readonly closes: boolean;
  /** A key that is written and picked up; none where the patterns are too tangled to find one. */
  readonly example: string | undefined;
}

/** Characters tried before a check stops proving that patterns never meet, and says they might. */
const EFFORT = 3_000_000;

/**
 * Outputs that some rule would pick up again, through any number of rules: found when the rules
 * are read, before anything is paid. At most one for each output: the shortest chain that closes,
 * or the first reader of an output that leads nowhere.
 *
 * Without places, a bucket that rules write to by name counts as a source only if a rule names it.
 */
export function findLoops(
  rules: readonly Rule[],
  places?: Pick<Places, 'sources'>,
): readonly Loop[] {
  // That a rule picks up what it writes itself is the usual mistake, so that is tried for all first.
  const own: Effort = { left: EFFORT };
  const others: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  const readers = rules
    .filter(({ enabled }) => enabled)
    .map((rule) => ({
      rule,
      windows: windowsOf(rule.when),
      shapes: shapesOf(rule.when),
      from: readsFrom(rule, sources),
    }));

  const hops = writersOf(rules)
    .filter((writer) => !replacesItsSource(writer))
    .map((writer) => ({ writer, into: writesTo(writer, sources) }))
    .map(({ writer, into }) => ({
      writer,
      readers: readers.flatMap(({ rule, windows, shapes, from }) => {
        const effort = rule === writer.rule ? own : others;
        if (!share(into, from)) return [];
        if (!anyMeet(writer.targets, windows, effort)) return [];
        const meeting = keyMeeting([writer.shape, ...shapes.all], shapes.none, effort);
        return meeting === 'never' ? [] : [{ rule, meeting }];
      }),
    }));

  const next = new Map<Rule, Rule[]>();
  for (const { writer, readers } of hops) {
    const known = next.get(writer.rule) ?? [];
    next.set(writer.rule, [...known, ...readers.map(({ rule }) => rule)]);
  }
  return hops.flatMap(({ writer, readers }) => {
    const [first] = readers;
    if (!first) return [];
    const way = wayBack(
      readers.map(({ rule }) => rule),
      writer.rule,
      next,
    );
    const reader = readers.find(({ rule }) => rule === way?.[0]) ?? first;
    const example = typeof reader.meeting === 'object' ? reader.meeting.key : undefined;
    const chain = [writer.rule, ...(way ?? [reader.rule])].map(({ name }) => name);
    return [{ from: writer.ref, chain, closes: way !== undefined, example }];
  });
}

/** The shortest way from one of the readers to the rule that wrote, which is its last. */
function wayBack(
  from: readonly Rule[],
  to: Rule,
  next: ReadonlyMap<Rule, readonly Rule[]>,
): readonly Rule[] | undefined {
  if (from.includes(to)) return [to];
  const before = new Map<Rule, Rule | undefined>(from.map((rule) => [rule, undefined]));
  for (const rule of before.keys()) {
    const readers = next.get(rule) ?? [];
    if (readers.includes(to)) return [...wayTo(rule, before), to];
    for (const reader of readers) if (!before.has(reader)) before.set(reader, rule);
  }
  return undefined;
}

function wayTo(rule: Rule, before: ReadonlyMap<Rule, Rule | undefined>): readonly Rule[] {
  const way: Rule[] = [];
  for (let at: Rule | undefined = rule; at; at = before.get(at)) way.push(at);
  return way.reverse();
}
