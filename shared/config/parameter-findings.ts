import { operationNamed } from '../operations/catalogue.ts';
import type { Operation } from '../operations/operation.ts';
import type { ParameterProblem } from '../operations/parameter-problem.ts';
import { readParameters } from '../operations/read-parameters.ts';
import { type Finding, type Path, quoted } from './problem.ts';
import { entriesOf, listOf, partOf } from './unknown-parts.ts';

/** What the operations say about the parameters they are given, in a file that may be all wrong. */
export function* parameterFindings(
  file: unknown,
  operations: readonly Operation[],
): Iterable<Finding> {
  for (const [key, template] of entriesOf(partOf(file, 'templates'))) {
    for (const [index, output] of listOf(partOf(template, 'outputs')).entries()) {
      const name = partOf(output, 'operation');
      const operation = typeof name === 'string' ? operationNamed(name, operations) : undefined;
      if (!operation) continue;
      const given = partOf(output, 'with') ?? {};
      const read = readParameters(operation, given);
      if ('parameters' in read) continue;
      const path = ['templates', key, 'outputs', index, 'with'];
      for (const problem of read.problems) yield findingOf(problem, given, operation, path);
    }
  }
}

/** Whether it is about parameters that the operation itself has found wrong, in its better words. */
export function isJudgedBy(parameters: readonly Finding[], { path }: Finding): boolean {
  if (path[WITH_AT] !== 'with') return false;
  return parameters.some((finding) =>
    path.slice(0, WITH_AT).every((name, at) => finding.path[at] === name),
  );
}

/** templates, its key, outputs, its place, with */
const WITH_AT = 4;

function findingOf(
  { path, wrong, right, nearest }: ParameterProblem,
  given: unknown,
  { name, parameters }: Operation,
  above: Path,
): Finding {
  const hint = hintOf(right, nearest);
  const found = { path: [...above, ...path], ...(hint === undefined ? {} : { hint }) };
  const [parameter] = path;
  if (parameter === undefined) return { code: 'wrong-parameters', ...found, message: wrong };
  if (path.length === 1 && partOf(given, String(parameter)) === undefined) {
    const message = `${quoted(parameter)} is missing, and ${name} needs it`;
    return { code: 'missing', ...found, at: 'key', message };
  }
  const message = `${quoted(path.join('.'))} ${wrong}`;
  return Object.hasOwn(parameters, parameter)
    ? { code: 'wrong-parameters', ...found, message: `${message} for ${name}` }
    : { code: 'unknown-parameter', ...found, at: 'key', message };
}

function hintOf(right: string | undefined, nearest: string | undefined): string | undefined {
  if (nearest !== undefined) return `Did you mean ${quoted(nearest)}?`;
  return right === undefined ? undefined : `It has to be ${right}`;
}
