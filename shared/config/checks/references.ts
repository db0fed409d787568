import type { CheckedFile } from '../checked-file.ts';
import { hintFor } from '../hint-for.ts';
import { type Finding, type Path, quoted } from '../problem.ts';
import { templatesByReference } from '../template-names.ts';

/** Every name of a template or rule leads to one. */
export function* checkReferences({ file, names }: CheckedFile): Iterable<Finding> {
  const templates = templatesByReference(names.templates);
  const rules = new Set(names.rules);

  for (const { name, use } of file.rules) {
    yield* unknownTemplates(use, templates, [...names.pathOf('rules', name), 'use']);
  }
  for (const { name, templates: asked } of file.http.callers) {
    yield* unknownTemplates(asked, templates, [...names.pathOf('callers', name), 'templates']);
  }
  for (const rule of Object.keys(file.limits.perRule)) {
    if (rules.has(rule)) continue;
    yield { ...unknownRule(rule, names.rules), path: ['limits', 'perRule', rule], at: 'key' };
  }
  for (const { name, rules: chosen } of file.schedule) {
    const path = [...names.pathOf('schedule', name), 'rules'];
    for (const [index, rule] of chosen.entries()) {
      if (!rules.has(rule)) yield { ...unknownRule(rule, names.rules), path: [...path, index] };
    }
  }
}

function* unknownTemplates(
  references: readonly string[],
  templates: ReadonlyMap<string, string>,
  path: Path,
): Iterable<Finding> {
  for (const [index, reference] of references.entries()) {
    if (templates.has(reference)) continue;
    const [name = reference] = reference.split('@');
    const highest = templates.get(name);
    yield {
      code: 'unknown-template',
      path: [...path, index],
      message: `No template is called ${quoted(reference)}`,
      hint: highest ? `There is ${highest}` : hintFor(reference, [...templates.keys()]),
    };
  }
}

function unknownRule(name: string, known: readonly string[]) {
  const message = `No rule is called ${quoted(name)}`;
  return { code: 'unknown-rule', message, hint: hintFor(name, known) } as const;
}
