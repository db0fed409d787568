import { operationNamed } from '../operations/catalogue.ts';
import type { Operation } from '../operations/operation.ts';
import { readParameters } from '../operations/read-parameters.ts';
import type { Output, Rule, Template } from '../plan/rule.ts';
import type { Rules } from '../plan/rules.ts';
import type { OutputFile } from './output-schema.ts';
import type { RulesFile } from './rules-schema.ts';
import { splitTemplateKey, templatesByReference } from './template-names.ts';

/** The rules of a file whose shape is right. A name that leads nowhere is left out here. */
export function rulesOf(file: RulesFile, operations: readonly Operation[]): Rules {
  const templates = new Map(
    Object.entries(file.templates).map(([key, { outputs }]): [string, Template] => [
      key,
      { ...splitTemplateKey(key), outputs: outputs.map((output) => outputOf(output, operations)) },
    ]),
  );
  const keyOf = templatesByReference(templates.keys());
  return {
    templates: [...templates.values()],
    rules: file.rules.map(
      ({ name, enabled, priority, when, use, allow }): Rule => ({
        name,
        enabled,
        priority,
        when,
        use: use.flatMap((reference) => templates.get(keyOf.get(reference) ?? '') ?? []),
        overrides: allow,
      }),
    ),
    limits: file.limits,
    prices: file.prices,
    schedules: file.schedule,
    http: file.http,
    notices: file.notices,
  };
}

function outputOf(file: OutputFile, operations: readonly Operation[]): Output {
  const operation = operationNamed(file.operation, operations);
  const read = operation && readParameters(operation, file.with);
  const onlyAsJob = operation?.methods.every((method) => method === 'job') ?? false;
  return {
    operation: file.operation,
    parameters: read && 'parameters' in read ? read.parameters : {},
    as: file.as ?? (onlyAsJob ? 'job' : 'rule'),
    ...(file.into === undefined ? {} : { into: intoOf(file.into) }),
    whenItFails: file.whenItFails,
    replaceSource: file.replaceSource,
    job: file.job ?? {},
  };
}

function intoOf(into: NonNullable<OutputFile['into']>): NonNullable<Output['into']> {
  if (typeof into === 'string') return { pattern: into };
  return into.bucket === undefined
    ? { pattern: into.key }
    : { pattern: into.key, bucket: into.bucket };
}
