import { Fault } from '../core/fault.ts';
import { type ObjectRef, type Source, sameObject } from '../core/object-ref.ts';
import type { LookedUp } from '../operations/operation.ts';
import { type Asked, askedBy, borrowedName } from './borrowed.ts';
import { bucketBeside } from './bucket-name.ts';
import { titleOf } from './overrides.ts';
import { keyFor } from './pattern.ts';
import type { Facts, Rendering, SkipReason, Step } from './plan.ts';
import type { Into, Output, Rule, Template } from './rule.ts';
import { stepId } from './step-id.ts';

/** One output of a rule as a line of the plan, or why there is none. */
export function draftOf(
  rule: Rule,
  template: Template,
  output: Output,
  source: Source,
  facts: Facts,
): Step | Rendering | SkipReason {
  const asked = askedBy(rule, template, output, source);
  const { operation, parameters } = asked;
  const { maxBytes } = operation.input;
  if (maxBytes !== undefined && source.size > maxBytes) return 'input-too-large';
  const borrowed = lookedUp(asked, facts);
  if (typeof borrowed === 'string') return borrowed;

  const { whenItFails, replaceSource, job } = output;
  const names = { rule: rule.name, template: titleOf(template), operation: operation.name };
  const how = { borrowed, fallBack: whenItFails === 'original', job };
  if (!output.into) {
    const call = operation.callOf(parameters, { ...how, via: 'download' });
    if (call.via !== 'download') throw otherWay(operation.name, 'download');
    return { ...names, call };
  }

  const target = targetOf(output.into, template, source);
  // In the output of a job the service would put a value of its own in the place of `${…}`.
  if (!target || (output.as === 'job' && target.key.includes('${'))) return 'target-unnameable';
  const replacesSource = sameObject(target, source);
  if (replacesSource && !replaceSource) return 'overwrites-source';

  const via = output.as === 'job' ? 'job' : 'pic-operations';
  const call = operation.callOf(parameters, { ...how, via });
  if (call.via === 'download') throw otherWay(operation.name, via);
  const id = stepId(source, names.template, call, target);
  return { id, ...names, call, target, replacesSource, whenItFails };
}

/** What was found of the masks and backgrounds, by parameter. */
function lookedUp(
  { wanted }: Asked,
  facts: Facts,
): LookedUp | 'mask-missing' | 'background-missing' {
  const found: [parameter: string, LookedUp[string]][] = [];
  for (const { parameter, as, object } of wanted) {
    const etag = object && etagOf(object, facts);
    if (!object || etag === undefined) return `${as}-missing`;
    found.push([parameter, { object, etag }]);
  }
  return Object.fromEntries(found);
}

function etagOf(object: ObjectRef, { borrowed }: Facts): string | undefined {
  const name = borrowedName(object);
  return Object.hasOwn(borrowed, name) ? borrowed[name] : undefined;
}

/** The service writes into buckets of the source's region only, so that is where a target is. */
function targetOf(into: Into, template: Template, source: Source): ObjectRef | undefined {
  const key = keyFor(into.pattern, source, template);
  if (key === undefined) return undefined;
  const { region } = source;
  const bucket =
    into.bucket === undefined ? source.bucket : bucketBeside(source.bucket, into.bucket);
  return { bucket, region, key };
}

function otherWay(operation: string, via: string): Fault {
  return new Fault('PARAMETER_INVALID', `${operation} cannot be asked for by ${via}`, {
    detail: { operation, via },
  });
}
