import { exampleKey, settled, targetOf, writesItsSource } from './example-source.ts';
import { type Effort, keyMeeting } from './key-meeting.ts';
import type { Places } from './places.ts';
import type { Rule } from './rule.ts';
import {
  type OutputRef,
  readsFrom,
  shapesOf,
  sourceNames,
  type Writer,
  writersOf,
} from './writer.ts';

/** An output that would be written over its own source, though it does not say `replaceSource`. */
export interface Overwrite {
  readonly from: OutputRef;
  /** Whether that is so for every source, or only for such as the example. */
  readonly always: boolean;
  /** A source whose target is itself. */
  readonly example: string;
}

/** Characters tried before the check stops looking. What it has not found by then it does not say. */
const EFFORT = 1_000_000;

/** Targets equal to their source: a plan leaves such an output out, so a person should know. */
export function findOverwrites(
  rules: readonly Rule[],
  places?: Pick<Places, 'sources'>,
): readonly Overwrite[] {
  const effort: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  return writersOf(rules, settled).flatMap((writer): Overwrite[] => {
    const { rule, output, ref: from } = writer;
    const bucket = output.into?.bucket;
    const stays = bucket === undefined || readsFrom(rule, sources).includes(bucket);
    if (output.replaceSource || !stays) return [];
    const example = overwritten(writer, effort);
    const always = bucket === undefined && writesItsSource(writer);
    return example === undefined ? [] : [{ from, always, example }];
  });
}

function overwritten(writer: Writer, effort: Effort): string | undefined {
  const { all, none } = shapesOf(writer.rule.when);
  const meeting = keyMeeting([writer.shape, ...all], none, effort);
  const candidates = [
    typeof meeting === 'string' ? undefined : meeting.key,
    exampleKey([writer.rule], [], [], effort),
  ];
  return candidates.find((key) => key !== undefined && targetOf(writer, key) === key);
}
