import fc from 'fast-check';
import type { Operation } from '../../shared/operations/operation.ts';
import type { Parameter, Parameters } from '../../shared/operations/parameter.ts';
import { readParameters } from '../../shared/operations/read-parameters.ts';

const whole = (min: number, max: number) => fc.integer({ min, max });

const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter(
    (text) => text.trim() !== '' && !text.startsWith('/') && !/[\u0000-\u001f\u007f]/.test(text),
  );

const point = fc.tuple(whole(0, 50_000), whole(0, 50_000));

const mask = fc.oneof(
  fc.record({ key }),
  fc.record({ url: fc.webUrl({ withQueryParameters: true, withFragments: true }) }),
  fc.record({
    polygons: fc.array(fc.array(point, { minLength: 3, maxLength: 12 }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
);

const link = fc.oneof(
  whole(1, 10_000).map((width) => `imageMogr2/thumbnail/${width}x`),
  whole(0, 360).map((degrees) => `imageMogr2/rotate/${degrees}`),
  fc.constantFrom('imageView2/1/w/400/h/600/q/85', 'imageMogr2/format/webp', 'imageSlim'),
);

const pipeline = fc.array(link, { minLength: 1, maxLength: 10 }).map((links) => links.join('|'));

function valueFor(parameter: Parameter): fc.Arbitrary<unknown> {
  switch (parameter.kind) {
    case 'flag':
      return fc.boolean();
    case 'whole':
      return whole(parameter.min, parameter.max);
    case 'pair':
      return fc.tuple(whole(parameter.min, parameter.max), whole(parameter.min, parameter.max));
    case 'choice':
      return fc.constantFrom(...parameter.of);
    case 'colour':
      return whole(0, 0xffffff).map((colour) => `#${colour.toString(16).padStart(6, '0')}`);
    case 'object':
      return key;
    case 'mask':
      return mask;
    case 'text':
      return pipeline;
  }
}

/** Parameters as a rules file may give them, each right by itself; some are left out. */
export function givenFor({ parameters }: Operation): fc.Arbitrary<Record<string, unknown>> {
  const required = Object.keys(parameters).filter((name) => parameters[name]?.required);
  const values = Object.entries(parameters).map(
    ([name, parameter]) => [name, valueFor(parameter)] as const,
  );
  return fc.record(Object.fromEntries(values), { requiredKeys: required });
}

/** Everything an operation may be asked, with defaults filled in. */
export function legalFor(operation: Operation): fc.Arbitrary<Parameters> {
  return givenFor(operation)
    .map((given) => readParameters(operation, given))
    .filter((read) => 'parameters' in read)
    .map((read) => ('parameters' in read ? read.parameters : {}));
}
