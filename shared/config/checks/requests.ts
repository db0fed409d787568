import { operationNamed } from '../../operations/catalogue.ts';
import { findCrowdedTemplates } from '../../plan/find-crowded-templates.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { templatesByReference } from '../template-names.ts';
import { keyOfTemplate } from './outputs-of.ts';

/** What does not fit into one request takes several, and cannot be had in one with the upload. */
export function* checkRequests({ file, rules, names, operations }: CheckedFile): Iterable<Finding> {
  const keyOf = templatesByReference(names.templates);
  const asked = file.http.callers.flatMap(({ templates }) => templates);
  const forCallers = new Set(asked.map((reference) => keyOf.get(reference)));

  for (const { template, version, outputs, takes, operation } of findCrowdedTemplates(
    rules.templates,
  )) {
    const key = keyOfTemplate({ name: template, version });
    const found = { code: 'requests', path: ['templates', key, 'outputs'], at: 'key' } as const;
    const stored = operationNamed(operation, operations)?.rulesPerRequest.cloud ?? outputs;
    if (forCallers.has(key)) {
      const message = `At upload the service takes ${takes} of these ${outputs} outputs, as ${operation} is among them`;
      const hint = 'An upload ticket leaves the others to be made after the upload';
      yield { ...found, message, hint };
    } else if (outputs > stored) {
      const message = `${outputs} outputs take ${Math.ceil(outputs / stored)} requests for each object`;
      yield { ...found, message, hint: `The service takes ${stored} in one` };
    }
  }
}
