import type { Source } from '../core/object-ref.ts';
import type { Operation } from '../operations/operation.ts';
import type { Parameters } from '../operations/parameter.ts';
import { isSwitchedOn, metadataOf } from './metadata.ts';
import type { Output, Override, Rule, Template } from './rule.ts';

/** Where an object says what it wants otherwise: in metadata of its own, `x-cos-meta-` before it. */
export const OVERRIDE_METADATA: Readonly<Record<Override, string>> = {
  skip: 'darkroom-skip',
  template: 'darkroom-template',
  mask: 'darkroom-mask',
};

/** What the object says, if this rule lets it; nothing else about it is believed. */
function said(rule: Rule, override: Override, source: Source): string | undefined {
  if (!rule.overrides.includes(override)) return undefined;
  return metadataOf(source, OVERRIDE_METADATA[override])?.trim();
}

export function optsOut(rule: Rule, source: Source): boolean {
  return isSwitchedOn(said(rule, 'skip', source));
}

/**
 * The templates of the rule that this object gets: all of them, or the one it names as `cutout` or
 * `cutout@2`. It chooses among the rule's own, so that what was checked and permitted for the rule
 * holds for the object as well; a name the rule does not use leaves none.
 */
export function templatesFor(rule: Rule, source: Source): readonly Template[] {
  const wanted = said(rule, 'template', source);
  if (!wanted) return rule.use;
  return rule.use.filter((template) => [template.name, titleOf(template)].includes(wanted));
}

/** `cutout@2` */
export function titleOf({ name, version }: Pick<Template, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** The parameters of an output, the mask that the object brings along in place of the rule's. */
export function parametersFor(
  rule: Rule,
  output: Output,
  operation: Operation,
  source: Source,
): Parameters {
  const mask = said(rule, 'mask', source);
  const masks = Object.entries(operation.parameters).filter(([, { kind }]) => kind === 'mask');
  if (!mask || masks.length === 0) return output.parameters;
  const own = Object.fromEntries(masks.map(([name]) => [name, { key: decoded(mask) }]));
  return { ...output.parameters, ...own };
}

/** A header holds ASCII, so a key in one is written as in an address. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
