import { titleOf } from './overrides.ts';
import type { Template } from './rule.ts';

/** The template a caller means: `cutout` for its highest version, `cutout@1` for just that one. */
export function templateNamed(
  reference: string,
  templates: readonly Template[],
): Template | undefined {
  const meant = templates.filter((template) => isNamedBy([reference], template));
  return meant.reduce<Template | undefined>(
    (highest, one) => (highest && highest.version > one.version ? highest : one),
    undefined,
  );
}

/** Whether one of these names the template: `cutout` names every version of it. */
export function isNamedBy(references: readonly string[], template: Template): boolean {
  return references.includes(template.name) || references.includes(titleOf(template));
}
