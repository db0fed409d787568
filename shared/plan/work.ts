import type { Method, Operation } from '../operations/operation.ts';
import { borrowedPatterns, operationOf } from './borrowed.ts';
import { bucketBeside, bucketName } from './bucket-name.ts';
import { ACROSS, text } from './key-shape.ts';
import type { Place, Places } from './places.ts';
import { type Span, spanOf } from './resource.ts';
import type { Output, Rule, Template } from './rule.ts';
import { targetShape } from './target-shape.ts';
import { windowsOf } from './window.ts';
import { readsFrom, sourceNames } from './writer.ts';

/** One output of a rule with all the objects it may have to do with. */
export interface Work {
  readonly operation: Operation;
  /** How the service is asked once the source is stored. */
  readonly method: Exclude<Method, 'upload'>;
  readonly buckets: readonly Place[];
  readonly sources: readonly Span[];
  readonly outputs: readonly Span[];
  readonly borrowed: readonly Span[];
}

/** What there is to do for enabled rules, whatever is uploaded. */
export function worksOf(rules: readonly Rule[], places: Pick<Places, 'sources'>): readonly Work[] {
  const names = sourceNames(rules, places);
  return rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) => {
      const reads = readsFrom(rule, names);
      const buckets = places.sources.filter(({ bucket }) => reads.includes(bucketName(bucket)));
      return rule.use.flatMap((template) =>
        template.outputs.map((output) => workOf(rule, template, output, buckets)),
      );
    })
    .filter(({ sources }) => sources.length > 0);
}

function workOf(rule: Rule, template: Template, output: Output, buckets: readonly Place[]): Work {
  const operation = operationOf(output);
  const windows = windowsOf(rule.when);
  const spans = (pattern: string, place: Place) =>
    windows.map((window) => spanOf(place, targetShape(pattern, window, template)));
  const whole = (place: Place) => spanOf(place, [ACROSS]);
  const masks = borrowedPatterns(operation, output.parameters);
  const anyMask =
    rule.overrides.includes('mask') &&
    Object.values(operation.parameters).some(({ kind }) => kind === 'mask');
  return {
    operation,
    method: methodOf(output),
    buckets,
    sources: buckets.flatMap((place) =>
      windows.map(({ prefix }) => spanOf(place, [...text(prefix), ACROSS])),
    ),
    outputs: buckets.flatMap((place) => {
      if (!output.into) return [];
      const { pattern, bucket: name } = output.into;
      const bucket = name === undefined ? place.bucket : bucketBeside(place.bucket, name);
      return spans(pattern, { ...place, bucket });
    }),
    borrowed: buckets.flatMap((place) =>
      anyMask ? [whole(place)] : masks.flatMap(({ pattern }) => spans(pattern, place)),
    ),
  };
}

function methodOf({ into, as }: Output): Work['method'] {
  if (!into) return 'download';
  return as === 'job' ? 'job' : 'cloud';
}
