import { replacesItsSource } from './example-source.ts';
import { type Effort, keyMeeting, type Meeting } from './key-meeting.ts';
import type { Places } from './places.ts';
import type { Rule } from './rule.ts';
import { anyMeet, windowsOf } from './window.ts';
import {
  type OutputRef,
  readsFrom,
  shapesOf,
  share,
  sourceNames,
  type Writer,
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
  const effort: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  const readers = rules
    .filter(({ enabled }) => enabled)
    .map((rule) => ({ rule, windows: windowsOf(rule.when), from: readsFrom(rule, sources) }));

  const hops = writersOf(rules)
    .filter((writer) => !replacesItsSource(writer))
    .map((writer) => ({
      writer,
      readers: readers.flatMap(({ rule, windows, from }) => {
        if (!share(writesTo(writer, sources), from) || !anyMeet(writer.targets, windows)) return [];
        const meeting = picksUp(rule, writer, effort);
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

function picksUp(reader: Rule, writer: Writer, effort: Effort): Meeting {
  const { all, none } = shapesOf(reader.when);
  return keyMeeting([writer.shape, ...all], none, effort);
}

/** The shortest way from one of the readers to the rule that wrote, which is its last. */
function wayBack(
  from: readonly Rule[],
  to: Rule,
  next: ReadonlyMap<Rule, readonly Rule[]>,
): readonly Rule[] | undefined {
  const before = new Map<Rule, Rule | undefined>(from.map((rule) => [rule, undefined]));
  for (const rule of before.keys()) {
    if (rule === to) {
      const way: Rule[] = [];
      for (let at: Rule | undefined = rule; at; at = before.get(at)) way.push(at);
      return way.reverse();
    }
    for (const reader of next.get(rule) ?? []) if (!before.has(reader)) before.set(reader, rule);
  }
  return undefined;
}
