import { Fault } from '../../shared/core/fault.ts';
import type { ObjectRef, Source } from '../../shared/core/object-ref.ts';
import { bucketName } from '../../shared/plan/bucket-name.ts';
import type { Output, Template } from '../../shared/plan/rule.ts';
import { templateNamed } from '../../shared/plan/template-reference.ts';
import type { Suite } from '../../shared/run/ports.ts';

// What a request names, found; or the fault that it is not there.

export function templateOf(reference: string, { rules }: Pick<Suite, 'rules'>): Template {
  const template = templateNamed(reference, rules.templates);
  if (template) return template;
  throw new Fault('NOT_THERE', `No template is called "${reference}"`);
}

/** Which output of a template, counted from 1. */
export function outputOf(template: Template, number: number): Output {
  const output = template.outputs[number - 1];
  if (output) return output;
  const { name, outputs } = template;
  throw new Fault(
    'NOT_THERE',
    `${name} has ${outputs.length} outputs, and none is number ${number}`,
  );
}

/** An object in a source bucket; the records of Darkroom are nobody's object. */
export function objectOf(
  { bucket: name, key }: { readonly bucket?: string | undefined; readonly key: string },
  { places }: Pick<Suite, 'places'>,
): ObjectRef {
  const place =
    name === undefined
      ? places.sources[0]
      : places.sources.find(({ bucket }) => bucketName(bucket) === name);
  if (!place) throw new Fault('NOT_THERE', `No source bucket is called "${name}"`);
  const { state } = places;
  if (place.bucket === state.bucket && key.startsWith(state.prefix)) {
    throw new Fault('NOT_THERE', `There is no object ${key}`);
  }
  return { ...place, key };
}

export async function sourceOf(
  object: ObjectRef,
  { objects }: Pick<Suite, 'objects'>,
): Promise<Source> {
  const source = await objects.head(object);
  if (source) return source;
  throw new Fault('NOT_THERE', `There is no object ${object.key} in ${bucketName(object.bucket)}`);
}
