import type * as z from 'zod';
import { hintFor } from './hint-for.ts';
import { type Finding, type Path, quoted } from './problem.ts';
import { partOf } from './unknown-parts.ts';
import { kindOf, limitOf, missing, subject, wrong } from './wrong-value.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with the shape of the file, in our words. */
export function* schemaFindings(issues: readonly Issue[], above: Path = []): Iterable<Finding> {
  for (const issue of issues) {
    const path = [...above, ...pathOf(issue)];
    switch (issue.code) {
      case 'unrecognized_keys':
        for (const key of issue.keys) {
          const message = `No setting here is called ${quoted(key)}`;
          // The text of this issue is the list of what there is: see `settings`.
          const hint = hintFor(key, issue.message.split(' '));
          yield { code: 'unknown-key', path: [...path, key], at: 'key', message, hint };
        }
        break;
      case 'invalid_key':
        yield {
          code: 'wrong-value',
          path,
          at: 'key',
          message: `${quoted(path.at(-1))} has to be ${issue.issues[0]?.message}`,
        };
        break;
      case 'invalid_union':
        yield* unionFindings(issue, path);
        break;
      default:
        yield valueFinding(issue, path);
    }
  }
}

function pathOf({ path }: Issue): Path {
  return path.map((name) => (typeof name === 'symbol' ? String(name) : name));
}

/** A value may have one of several forms; the findings are about the one that its writer began. */
function* unionFindings(issue: z.core.$ZodIssueInvalidUnion, path: Path): Iterable<Finding> {
  if ('options' in issue && issue.options) {
    yield operationFinding(issue.input, issue.options.map(String), path);
    return;
  }
  if (issue.input === undefined) {
    yield missing(path);
    return;
  }
  const begun =
    issue.errors.find((form) => !isOtherwise(form, 'invalid_type', 'invalid_value')) ??
    issue.errors.find((form) => !isOtherwise(form, 'invalid_type'));
  if (begun) {
    yield* schemaFindings(begun, path);
    return;
  }
  const kinds = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [kindOf(first.expected)] : [],
  );
  yield wrong(path, [...new Set(kinds)].join(' or '), issue.input);
}

/** Whether the value as a whole is of another kind than this form. */
function isOtherwise(form: readonly Issue[], ...codes: readonly Issue['code'][]): boolean {
  return form.some(({ path, code }) => path.length === 0 && codes.includes(code));
}

/** Outputs are told apart by their operation, so nothing else about this one could be judged. */
function operationFinding(output: unknown, names: readonly string[], path: Path): Finding {
  const given = partOf(output, 'operation');
  if (given === undefined) return missing(path);
  const message = `No operation is called ${quoted(given)}`;
  const hint = hintFor(typeof given === 'string' ? given : '', names);
  return { code: 'unknown-operation', path, message, hint };
}

function valueFinding(issue: Exclude<Issue, z.core.$ZodIssueInvalidUnion>, path: Path): Finding {
  const { input } = issue;
  if (input === undefined && issue.code !== 'custom') return missing(path);
  switch (issue.code) {
    case 'invalid_type':
      return wrong(path, kindOf(issue.expected), input);
    case 'invalid_value': {
      const values = issue.values.map(String);
      const hint = typeof input === 'string' ? hintFor(input, values) : undefined;
      return wrong(
        path,
        values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`,
        input,
        hint,
      );
    }
    case 'too_small':
      return wrong(path, `${limitOf(issue.origin, 'least')} ${issue.minimum}`, input);
    case 'too_big': {
      if (issue.origin !== 'array') {
        return wrong(path, `${limitOf(issue.origin, 'most')} ${issue.maximum}`, input);
      }
      const message = `${subject(path)} has more than ${issue.maximum} entries`;
      return { code: 'too-many', path, at: 'key', message };
    }
    case 'custom': {
      // What was judged is all around the value that the message is about.
      const message = `${subject(path)} ${issue.message}`;
      const code = issue.params?.code === 'too-many' ? 'too-many' : 'wrong-value';
      return { code, path, at: 'key', message };
    }
    default:
      return wrong(path, issue.message, input);
  }
}
