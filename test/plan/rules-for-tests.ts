import type { Source } from '../../shared/core/object-ref.ts';
import type { Facts } from '../../shared/plan/plan.ts';
import type { Output, Rule, Template, When } from '../../shared/plan/rule.ts';

/** An output that is like any other but for what is given. */
export function output(
  into: string | undefined,
  given: Partial<Output> & { bucket?: string } = {},
) {
  const { bucket, ...rest } = given;
  const made: Output = {
    operation: 'goods-matting',
    parameters: {},
    as: 'rule',
    whenItFails: 'retry',
    replaceSource: false,
    job: {},
    ...rest,
  };
  if (into === undefined) return made;
  return { ...made, into: { pattern: into, ...(bucket !== undefined && { bucket }) } };
}

/** `cutout@1` with an output for each pattern. */
export function template(
  outputs: string | readonly (string | Output)[],
  name = 'cutout',
  version = 1,
): Template {
  const list = typeof outputs === 'string' ? [outputs] : outputs;
  return {
    name,
    version,
    outputs: list.map((one) => (typeof one === 'string' ? output(one) : one)),
  };
}

const ALWAYS: When = {
  buckets: [],
  prefix: [],
  suffix: [],
  include: [],
  exclude: [],
  contentType: [],
  metadata: {},
  unlessMetadata: [],
};

export function when(given: Partial<When> = {}): When {
  return { ...ALWAYS, ...given };
}

/** A rule with what its `when` asks for, and the pattern, outputs or templates it uses. */
export function rule(
  name: string,
  asks: Partial<When>,
  use: string | readonly (string | Output)[] | { readonly templates: readonly Template[] },
  given: Partial<Rule> = {},
): Rule {
  const templates =
    typeof use === 'object' && 'templates' in use ? use.templates : [template(use, `of-${name}`)];
  return {
    name,
    enabled: true,
    priority: 0,
    when: when(asks),
    use: templates,
    overrides: [],
    ...given,
  };
}

/** A picture as it lands in the bucket, but for what is given. */
export function photo(given: Partial<Source> = {}): Source {
  return {
    bucket: 'studio-1300001234',
    region: 'ap-guangzhou',
    key: 'products/mug.jpg',
    etag: '9f86d081884c7d659a2feaa0c55ad015',
    size: 2048,
    contentType: 'image/jpeg',
    modified: Date.UTC(2024, 1, 3),
    metadata: {},
    ...given,
  };
}

/** Nothing had to be looked up, and a person uploaded it. */
export const FROM_USER: Facts = { writtenByUs: false, borrowed: {} };
