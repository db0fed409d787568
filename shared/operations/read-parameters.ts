import { maskProblem } from './mask-problem.ts';
import { nearestName } from './nearest-name.ts';
import type { Operation } from './operation.ts';
import type { Parameter, Parameters, ParameterValue } from './parameter.ts';
import {
  isText,
  keyProblem,
  type ParameterProblem,
  pairProblem,
  unknownName,
  wholeProblem,
  wrongValue,
} from './parameter-problem.ts';

/** A list of unknown names longer than this helps nobody. */
const MOST_UNKNOWN = 20;

const COLOUR = /^#[0-9a-f]{6}$/i;

/** Parameters as an operation takes them, or everything that is wrong with them. */
export type ReadParameters =
  | { readonly parameters: Parameters }
  | { readonly problems: readonly ParameterProblem[] };

/** Parameters from anywhere, with defaults filled in, judged by the operation's own data. */
export function readParameters(
  operation: Pick<Operation, 'name' | 'parameters' | 'problemOf'>,
  given: unknown,
): ReadParameters {
  if (!isByName(given)) return { problems: [wrongValue(given, 'parameters by name', [])] };

  const problems = unknownNames(operation, given);
  const parameters: [name: string, value: ParameterValue][] = [];
  for (const [name, parameter] of Object.entries(operation.parameters)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const problem = parameterProblem(parameter, value, [name]);
    if (problem) problems.push(problem);
    const complete = value ?? defaultOf(parameter);
    // What was judged right is a value of its parameter; the type cannot follow the judgement.
    if (complete !== undefined) parameters.push([name, complete as ParameterValue]);
  }
  if (problems.length > 0) return { problems };

  const read: Parameters = Object.fromEntries(parameters);
  const together = operation.problemOf(read);
  return together === undefined
    ? { parameters: read }
    : { problems: [{ path: [], wrong: together }] };
}

/** What is wrong with one value by itself; nothing where it may be left out and was. */
function parameterProblem(
  parameter: Parameter,
  value: unknown,
  path: ParameterProblem['path'],
): ParameterProblem | undefined {
  if (value === undefined && !parameter.required) return undefined;
  switch (parameter.kind) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : wrongValue(value, 'true or false', path);
    case 'whole':
      return wholeProblem(value, parameter, path);
    case 'pair':
      return pairProblem(value, parameter, path);
    case 'choice':
      return choiceProblem(value, parameter.of, path);
    case 'colour':
      return isText(value, 7) && COLOUR.test(value)
        ? undefined
        : wrongValue(value, 'a colour such as "#ff8800"', path);
    case 'object':
      return keyProblem(value, path);
    case 'mask':
      return maskProblem(value, path);
    case 'text':
      return isText(value, parameter.maxLength)
        ? undefined
        : wrongValue(value, `one line of text, at most ${parameter.maxLength} characters`, path);
  }
}

function choiceProblem(
  value: unknown,
  choices: readonly (string | number)[],
  path: ParameterProblem['path'],
): ParameterProblem | undefined {
  if (choices.some((choice) => choice === value)) return undefined;
  const names = choices.map(String);
  const nearest = typeof value === 'string' ? nearestName(value, names) : undefined;
  return {
    ...wrongValue(value, `one of ${names.join(', ')}`, path),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

function defaultOf(parameter: Parameter): ParameterValue | undefined {
  return 'or' in parameter ? parameter.or : undefined;
}

function unknownNames(
  { name, parameters }: Pick<Operation, 'name' | 'parameters'>,
  given: Readonly<Record<string, unknown>>,
): ParameterProblem[] {
  const known = Object.keys(parameters);
  return Object.keys(given)
    .filter((candidate) => !Object.hasOwn(parameters, candidate))
    .slice(0, MOST_UNKNOWN)
    .map((unknown) => unknownName([unknown], `parameter of ${name}`, known));
}

function isByName(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
