import type { MaskValue, ParameterValue } from '../../operations/parameter.ts';
import { globProblems } from '../../plan/glob.ts';
import { PLACEHOLDERS } from '../../plan/pattern.ts';
import { type PatternProblem, patternProblems } from '../../plan/pattern-problems.ts';
import type { CheckedFile } from '../checked-file.ts';
import { hintFor } from '../hint-for.ts';
import { type Finding, type Path, quoted } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** Keys with placeholders, and globs. */
export function* checkPatterns(checked: CheckedFile): Iterable<Finding> {
  for (const { path, output, operation } of outputsOf(checked)) {
    if (output.into) yield* patternFindings(output.into.pattern, [...path, 'into', 'key']);
    for (const [name, { kind }] of Object.entries(operation.parameters)) {
      const value = output.parameters[name];
      const at = [...path, 'with', name];
      if (kind === 'object' && typeof value === 'string') yield* patternFindings(value, at);
      if (kind === 'mask' && isKey(value)) yield* patternFindings(value.key, [...at, 'key']);
    }
  }
  for (const { name, when } of checked.rules.rules) {
    const path = [...checked.names.pathOf('rules', name), 'when'];
    for (const which of ['include', 'exclude'] as const) {
      for (const [index, glob] of when[which].entries()) {
        yield* globFindings(glob, [...path, which, index]);
      }
    }
  }
}

function isKey(value: ParameterValue | undefined): value is Extract<MaskValue, { key: string }> {
  return typeof value === 'object' && 'key' in value;
}

function* patternFindings(pattern: string, path: Path): Iterable<Finding> {
  for (const { at, text, because } of patternProblems(pattern)) {
    const message = because === 'unknown-placeholder' ? `Nothing is called ${text}` : SAYS[because];
    const hint = hintOf(because, text);
    yield { code: 'pattern', path, part: { at, text }, message, ...(hint ? { hint } : {}) };
  }
}

const SAYS: Readonly<Record<PatternProblem['because'], string>> = {
  empty: 'The key is empty',
  'too-long': 'The key is longer than 850 bytes',
  'odd-character': 'The key holds a character that does not survive its way through XML',
  'unknown-placeholder': 'Nothing has this name',
  'stray-brace': 'This brace belongs to no placeholder',
  'leading-slash': 'Keys begin with their first folder, not with a slash',
  'empty-segment': 'For some objects, nothing would stand between two slashes or at the end',
  'dotted-segment': 'For some objects, a folder or the name would be . or ..',
};

function hintOf(because: PatternProblem['because'], text: string): string | undefined {
  if (because === 'unknown-placeholder') {
    return hintFor(text.slice(1, -1), Object.keys(PLACEHOLDERS));
  }
  if (because === 'leading-slash') return 'Leave it out';
  return undefined;
}

function* globFindings(glob: string, path: Path): Iterable<Finding> {
  for (const { at, text, because } of globProblems(glob)) {
    const message = `${quoted(glob)} ${GLOB_SAYS[because]}`;
    yield { code: 'pattern', path, part: { at, text }, message };
  }
}

const GLOB_SAYS = {
  empty: 'is empty and matches nothing',
  'too-long': 'is longer than any key',
  'unclosed-brace': 'opens a brace and does not close it',
  'nested-brace': 'has braces within braces',
};
