import { LineCounter } from 'yaml';
import { CHECKS } from './checks.ts';
import type { Finding, Problem } from './problem.ts';
import type { Flaw, Span, Spot } from './spot.ts';

/** Flaws as problems of the file, in the order of its lines. */
export function problemsIn(text: string, file: string, flaws: readonly Flaw[]): readonly Problem[] {
  const placeOf = placesIn(text);
  return flaws
    .map(
      ({ code, span, message, hint }): Problem => ({
        file,
        ...placeOf(span),
        severity: CHECKS[code].severity,
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
      }),
    )
    .sort((one, other) => one.line - other.line || one.column - other.column);
}

/** From offsets to lines and columns. What reaches over several lines is cut at its first. */
function placesIn(text: string): (span: Span) => Pick<Problem, 'line' | 'column' | 'length'> {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    counter.addNewLine(at + 1);
  }
  return ({ start, end }) => {
    const from = Math.min(start, text.length);
    const { line, col: column } = counter.linePos(from);
    const lineEnd = (counter.lineStarts[line] ?? text.length + 1) - 1;
    return { line, column, length: Math.max(1, Math.min(end, lineEnd) - from) };
  };
}

/** The flaw at a finding's place, unless something there could not be read in the first place. */
export function flawOf(finding: Finding, root: Spot, text: string): readonly Flaw[] {
  const { code, path, at, part, message, hint } = finding;
  let spot = root;
  for (const name of path) {
    const next = spot.children.get(name);
    if (!next) break;
    spot = next;
  }
  if (spot.flawed) return [];
  const span = part ? partOf(spot.value, part, text) : spanOf(spot, at === 'key');
  return [{ code, span, message, ...(hint === undefined ? {} : { hint }) }];
}

/** A name says better what is meant than the many lines behind it. */
function spanOf(spot: Spot, atKey: boolean): Span {
  const several = spot.children.size > 0;
  if (!atKey && !several) return spot.value;
  if (spot.key) return spot.key;
  const [first] = spot.children.values();
  return first?.key ?? spot.value;
}

/** A part of a text, where the text is written as it is; else all of it. */
function partOf(value: Span, part: NonNullable<Finding['part']>, text: string): Span {
  const quote = /["']/.test(text.charAt(value.start)) ? 1 : 0;
  const start = value.start + quote + part.at;
  const written = part.text !== '' && start < value.end && text.startsWith(part.text, start);
  return written ? { start, end: start + part.text.length } : value;
}
