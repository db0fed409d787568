import { bucketName } from './bucket-name.ts';
import { type Effort, keyMeeting, type Meeting } from './key-meeting.ts';
import { ACROSS, type Shape, text } from './key-shape.ts';
import { type Places, RECORD_SUFFIX } from './places.ts';
import type { Rule } from './rule.ts';
import { type OutputRef, readsFrom, shapesOf, sourceNames, writersOf, writesTo } from './writer.ts';

/** Characters tried before what cannot be ruled out is said to be so. */
const EFFORT = 1_000_000;

type Where = Pick<Places, 'sources' | 'state'>;

/** Outputs that could be written among Darkroom's own records, and perhaps over one. */
export function findOutputsInState(
  rules: readonly Rule[],
  places: Where,
): readonly { readonly from: OutputRef; readonly example: string | undefined }[] {
  const effort: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  const state = [...text(places.state.prefix), ACROSS];
  return writersOf(rules)
    .filter((writer) => writesTo(writer, sources).includes(bucketName(places.state.bucket)))
    .flatMap(({ ref: from, shape }) => {
      const meeting = keyMeeting([shape, state], [], effort);
      return meeting === 'never' ? [] : [{ from, example: keyOf(meeting) }];
    });
}

/** Rules that would take a record for a source. Each record written would make another. */
export function findRulesOverState(
  rules: readonly Rule[],
  places: Where,
): readonly { readonly rule: string; readonly example: string | undefined }[] {
  const effort: Effort = { left: EFFORT };
  const sources = sourceNames(rules, places);
  const record: Shape = [...text(places.state.prefix), ACROSS, ...text(RECORD_SUFFIX)];
  return rules
    .filter((rule) => rule.enabled)
    .filter((rule) => readsFrom(rule, sources).includes(bucketName(places.state.bucket)))
    .flatMap(({ name, when }) => {
      const { all, none } = shapesOf(when);
      const meeting = keyMeeting([...all, record], none, effort);
      return meeting === 'never' ? [] : [{ rule: name, example: keyOf(meeting) }];
    });
}

function keyOf(meeting: Meeting): string | undefined {
  return typeof meeting === 'object' ? meeting.key : undefined;
}
