import { bucketName } from './bucket-name.ts';
import { globShape } from './glob.ts';
import { ACROSS, anyOf, endOf, type Shape, startOf, text } from './key-shape.ts';
import type { Places } from './places.ts';
import type { Output, Rule, Template, When } from './rule.ts';
import { targetShape } from './target-shape.ts';
import { type Window, windowsOf } from './window.ts';

/** One output of one rule, as the checks name it. */
export interface OutputRef {
  readonly rule: string;
  readonly template: string;
  readonly version: number;
  /** Its place in the template's list, from 0. */
  readonly output: number;
  readonly pattern: string;
}

/** An output that is stored, with all that can be said about where. */
export interface Writer {
  readonly ref: OutputRef;
  readonly rule: Rule;
  readonly template: Template;
  readonly output: Output;
  readonly pattern: string;
  readonly shape: Shape;
  /** Windows that hold every source. */
  readonly sources: readonly Window[];
  /** Windows that hold every target. */
  readonly targets: readonly Window[];
}

/**
 * Every output that these rules store. What is disabled or only rendered writes nothing.
 * `patternOf` may say more about a pattern than the file does.
 */
export function writersOf(
  rules: readonly Rule[],
  patternOf: (pattern: string, template: Template) => string = (pattern) => pattern,
): readonly Writer[] {
  return rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const sources = windowsOf(rule.when);
      return rule.use.flatMap((template) =>
        template.outputs.flatMap((output, index): Writer[] => {
          if (!output.into) return [];
          const pattern = patternOf(output.into.pattern, template);
          const shapes = sources.map((window) => targetShape(pattern, window, template));
          const ref = {
            rule: rule.name,
            template: template.name,
            version: template.version,
            output: index,
            pattern: output.into.pattern,
          };
          const targets = shapes.map((shape) => ({ prefix: startOf(shape), suffix: endOf(shape) }));
          return [{ ref, rule, template, output, pattern, shape: anyOf(shapes), sources, targets }];
        }),
      );
    });
}

/** Whether anything the rule makes is kept. */
export function stores({ use }: Pick<Rule, 'use'>): boolean {
  return use.some(({ outputs }) => outputs.some(({ into }) => into !== undefined));
}

/** Shapes that a key must fit, and shapes it must not, for a rule to be for it. */
export function shapesOf(when: When): { readonly all: Shape[]; readonly none: Shape[] } {
  const all: Shape[] = [];
  if (when.prefix.length > 0) {
    all.push(anyOf(when.prefix.map((prefix) => [...text(prefix), ACROSS])));
  }
  if (when.suffix.length > 0) {
    all.push(anyOf(when.suffix.map((suffix) => [ACROSS, ...text(suffix)])));
  }
  if (when.include.length > 0) all.push(anyOf(when.include.map(globShape)));
  const none = when.exclude.length > 0 ? [anyOf(when.exclude.map(globShape))] : [];
  return { all, none };
}

/**
 * The names of the source buckets. Where the settings are not at hand, those that rules name, and
 * one without a name for those that no rule does.
 */
export function sourceNames(
  rules: readonly Rule[],
  places: Pick<Places, 'sources'> | undefined,
): readonly string[] {
  const names = places
    ? places.sources.map(({ bucket }) => bucketName(bucket))
    : ['', ...rules.flatMap(({ when }) => when.buckets)];
  return [...new Set(names)];
}

export function readsFrom(
  { when }: Pick<Rule, 'when'>,
  sources: readonly string[],
): readonly string[] {
  return when.buckets.length === 0
    ? sources
    : sources.filter((name) => when.buckets.includes(name));
}

export function writesTo(
  { rule, output }: Pick<Writer, 'rule' | 'output'>,
  sources: readonly string[],
): readonly string[] {
  const named = output.into?.bucket;
  return named === undefined ? readsFrom(rule, sources) : [named];
}

export function share(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name));
}
