import { Fault } from '../core/fault.ts';
import type { ObjectRef, Source } from '../core/object-ref.ts';
import { operationNamed } from '../operations/catalogue.ts';
import type { Operation } from '../operations/operation.ts';
import type { Parameters, ParameterValue } from '../operations/parameter.ts';
import { isFolderMarker, matcherFor } from './matcher.ts';
import { parametersFor, templatesFor } from './overrides.ts';
import { keyFor } from './pattern.ts';
import { reasonOf } from './reason-to-skip.ts';
import type { Output, Rule, Template } from './rule.ts';

/** An object that an output needs besides its source; none where its key cannot be named. */
export interface Wanted {
  readonly parameter: string;
  readonly as: 'mask' | 'background';
  readonly object: ObjectRef | undefined;
}

/** What an output asks of its operation, for one source. */
export interface Asked {
  readonly operation: Operation;
  readonly parameters: Parameters;
  readonly wanted: readonly Wanted[];
}

/** Under what name `Facts.borrowed` holds the etag of an object. */
export function borrowedName({ bucket, key }: Pick<ObjectRef, 'bucket' | 'key'>): string {
  return `${bucket}/${key}`;
}

/** The masks and backgrounds to look up before planning, each once. Most sources have none. */
export function borrowedBy(rules: readonly Rule[], source: Source): readonly ObjectRef[] {
  const found = new Map<string, ObjectRef>();
  if (isFolderMarker(source)) return [];
  for (const rule of matcherFor(rules).ranked) {
    if (reasonOf(rule, source)) continue;
    for (const template of templatesFor(rule, source)) {
      for (const output of template.outputs) {
        for (const { object } of askedBy(rule, template, output, source).wanted) {
          if (object) found.set(borrowedName(object), object);
        }
      }
    }
  }
  return [...found.values()];
}

export function askedBy(rule: Rule, template: Template, output: Output, source: Source): Asked {
  const operation = operationOf(output);
  const parameters = parametersFor(rule, output, operation, source);
  const wanted = borrowedPatterns(operation, parameters).map(
    ({ parameter, as, pattern }): Wanted => {
      const key = keyFor(pattern, source, template);
      const { bucket, region } = source;
      return { parameter, as, object: key === undefined ? undefined : { bucket, region, key } };
    },
  );
  return { operation, parameters, wanted };
}

export function operationOf({ operation: name }: Output): Operation {
  const operation = operationNamed(name);
  if (operation) return operation;
  throw new Fault('RULES_INVALID', `No operation is called "${name}"`, {
    detail: { operation: name },
    hint: 'Check the rules file with the version of Darkroom that is to run it',
  });
}

/** The masks and backgrounds that parameters name by key. The service reads both from the source's bucket. */
export function borrowedPatterns(
  operation: Operation,
  parameters: Parameters,
): readonly (Omit<Wanted, 'object'> & { readonly pattern: string })[] {
  return Object.entries(operation.parameters).flatMap(([parameter, { kind }]) => {
    const pattern = keyPattern(kind, parameters[parameter]);
    const as = kind === 'mask' ? 'mask' : 'background';
    return pattern === undefined ? [] : [{ parameter, as, pattern }];
  });
}

/** A mask may also be an address or polygons: then there is nothing to look up. */
function keyPattern(kind: string, value: ParameterValue | undefined): string | undefined {
  if (kind === 'object' && typeof value === 'string') return value;
  const namesKey = kind === 'mask' && typeof value === 'object' && 'key' in value;
  return namesKey ? value.key : undefined;
}
