import { type Effort, keyMeeting } from './key-meeting.ts';
import { ACROSS, PLAIN, type Shape, text, WITHIN } from './key-shape.ts';
import { keyFor, patternParts } from './pattern.ts';
import type { Rule, Template } from './rule.ts';
import { readingsOf, sourceShape } from './target-reading.ts';
import { shapesOf, type Writer } from './writer.ts';

/** Every example has these bytes and this day, so that nothing but its key tells it from another. */
const BYTES = { etag: '9f86d081884c7d659a2feaa0c55ad015', modified: Date.UTC(2024, 1, 3) };

/** The pattern, for such a source: it asks for nothing but the key any more. */
export function settled(pattern: string, template: Template): string {
  const names = ['template', 'version', 'etag8', 'yyyy', 'mm', 'dd'] as const;
  return names.reduce((text, name) => {
    const value = keyFor(`{${name}}`, { key: 'a', ...BYTES }, template) ?? '';
    return text.replaceAll(`{${name}}`, () => value);
  }, pattern);
}

/** What a writer with a settled pattern writes for a source. */
export function targetOf({ pattern, template }: Writer, key: string): string | undefined {
  return keyFor(pattern, { key, ...BYTES }, template);
}

/** Whether every target is its source. Sources that differ in folder, stem and ending show it. */
export function writesItsSource(writer: Writer): boolean {
  return writer.sources.every(({ prefix, suffix }) =>
    ['mug', 'mug.b', 'x/mug']
      .map((middle) => prefix + middle + suffix)
      .every((key) => targetOf(writer, key) === key),
  );
}

/** Whether all it does is to replace its sources, as it says: no mistake, for they are known as ours. */
export function replacesItsSource(writer: Writer): boolean {
  const { replaceSource, into } = writer.output;
  return replaceSource && into?.bucket === undefined && writesItsSource(writer);
}

/** A key that all of these rules are for, that has these shapes, and is none of those. */
export function exampleKey(
  rules: readonly Rule[],
  shapes: readonly Shape[],
  not: readonly string[],
  effort: Effort,
): string | undefined {
  const wanted = rules.map(({ when }) => shapesOf(when));
  const all = [...shapes, ...wanted.flatMap((one) => one.all)];
  const none = [...not.map(text), ...wanted.flatMap((one) => one.none)];
  const meeting = keyMeeting(all, none, effort);
  return typeof meeting === 'string' ? undefined : meeting.key;
}

/** A source, other than some, of which the writer writes just this target. */
export function sourceOf(
  writer: Writer,
  target: string,
  not: readonly string[],
  effort: Effort,
): string | undefined {
  for (const reading of readingsOf(writer.pattern, target)) {
    const key = exampleKey([writer.rule], [sourceShape(reading)], not, effort);
    if (key !== undefined && targetOf(writer, key) === target) return key;
  }
  return undefined;
}

/** Some targets that both could write, among them such as can be read in more than one way. */
export function commonTargets(one: Writer, other: Writer, effort: Effort): readonly string[] {
  if (one !== other) {
    const meeting = keyMeeting([one.shape, other.shape], [], effort);
    return typeof meeting === 'string' ? [] : [meeting.key];
  }
  const twisted = separatorsIn(one.pattern).map((mark) => [
    ...[PLAIN, ACROSS, ...text('/'), PLAIN, WITHIN],
    ...[...text(mark), PLAIN, WITHIN],
  ]);
  return [[], ...twisted.map((shape) => [shape])].flatMap((shapes) => {
    const source = exampleKey([one.rule], shapes, [], effort);
    const target = source === undefined ? undefined : targetOf(one, source);
    return target === undefined ? [] : [target];
  });
}

/** Texts between two placeholders that may well stand in what either is replaced by. */
function separatorsIn(pattern: string): readonly string[] {
  const parts = patternParts(pattern);
  const marks = parts.flatMap((part, at) => {
    const [next, after] = [parts[at + 1], parts[at + 2]];
    if ('text' in part || !next) return [];
    if (!('text' in next)) return [next.along === '.' ? '.' : part.along];
    return after && !('text' in after) ? [next.text] : [];
  });
  return [...new Set(marks)].filter((mark) => !mark.includes('/'));
}
