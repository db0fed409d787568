import type { Rule, Template } from './rule.ts';

/** A template as callers use it: for whatever source they name, as a rule that no file can name. */
export function ruleForTemplate(template: Template): Rule {
  const when = {
    buckets: [],
    prefix: [],
    suffix: [],
    include: [],
    exclude: [],
    contentType: [],
    metadata: {},
    unlessMetadata: [],
  };
  const name = `template ${template.name}`;
  return { name, enabled: true, priority: 0, when, use: [template], overrides: [] };
}
