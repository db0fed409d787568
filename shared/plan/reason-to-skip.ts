import type { ObjectRef, Source } from '../core/object-ref.ts';
import { bucketName } from './bucket-name.ts';
import { globTest } from './glob.ts';
import { isSwitchedOn, metadataOf } from './metadata.ts';
import { optsOut, templatesFor } from './overrides.ts';
import type { SkipReason } from './plan.ts';
import type { Rule, When } from './rule.ts';

type Test = (key: string) => boolean;

interface Globs {
  readonly include: readonly Test[];
  readonly exclude: readonly Test[];
}

/** Rules are values that never change, so what their globs mean is worked out once for each. */
const globsOf = new WeakMap<When, Globs>();

/** Why a rule leaves the source alone, or nothing when it applies. */
export function reasonOf(rule: Rule, source: Source): SkipReason | undefined {
  if (!rule.enabled) return 'rule-disabled';
  const because = reasonToSkip(rule.when, source);
  if (because) return because;
  if (optsOut(rule, source)) return 'opted-out';
  return templatesFor(rule, source).length === 0 ? 'no-such-template' : undefined;
}

/** What a `when` does not find in the source: the first of it, in the order of the rules file. */
export function reasonToSkip(when: When, source: Source): SkipReason | undefined {
  return reasonByKey(when, source) ?? reasonByContent(when, source);
}

/** The reasons that bucket and key alone can give: known before anything is asked about the object. */
export function reasonByKey(
  when: When,
  { bucket, key }: Pick<ObjectRef, 'bucket' | 'key'>,
): SkipReason | undefined {
  const { buckets, prefix, suffix } = when;
  if (buckets.length > 0 && !buckets.includes(bucketName(bucket))) return 'other-bucket';
  if (prefix.length > 0 && !prefix.some((start) => key.startsWith(start))) return 'outside-prefix';
  if (suffix.length > 0 && !suffix.some((end) => key.endsWith(end))) return 'other-suffix';
  const { include, exclude } = compiledGlobs(when);
  if (include.length > 0 && !include.some((fits) => fits(key))) return 'not-included';
  if (exclude.some((fits) => fits(key))) return 'excluded';
  return undefined;
}

function reasonByContent(when: When, source: Source): SkipReason | undefined {
  const { minBytes = 0, maxBytes, contentType, metadata, unlessMetadata } = when;
  // Nothing can be made of no bytes, so that is too small for any rule.
  if (source.size < Math.max(minBytes, 1)) return 'too-small';
  if (maxBytes !== undefined && source.size > maxBytes) return 'too-large';
  if (contentType.length > 0 && !contentType.some((type) => isOfType(source.contentType, type))) {
    return 'other-content-type';
  }
  if (Object.entries(metadata).some(([name, value]) => metadataOf(source, name) !== value)) {
    return 'other-metadata';
  }
  if (unlessMetadata.some((name) => isSwitchedOn(metadataOf(source, name)))) return 'opted-out';
  return undefined;
}

/** `image/png; charset=x` is of type `image/png`, and of `image/*`. */
function isOfType(contentType: string, wanted: string): boolean {
  const [type = ''] = contentType.toLowerCase().split(';', 1);
  const pattern = wanted.toLowerCase();
  return pattern.endsWith('/*')
    ? type.startsWith(pattern.slice(0, -1))
    : pattern === '*' || type.trim() === pattern;
}

function compiledGlobs(when: When): Globs {
  const known = globsOf.get(when);
  if (known) return known;
  const globs = { include: when.include.map(globTest), exclude: when.exclude.map(globTest) };
  globsOf.set(when, globs);
  return globs;
}
