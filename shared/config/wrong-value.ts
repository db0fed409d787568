import { type Finding, type Path, quoted } from './problem.ts';

/** A value that should have been something else: `right` goes on from `has to be`. */
export function wrong(path: Path, right: string, input: unknown, hint?: string): Finding {
  const message = `${subject(path)} has to be ${right}, not ${quoted(input)}`;
  const advice = hint ?? adviceFor(right, input);
  return { code: 'wrong-value', path, message, ...(advice === undefined ? {} : { hint: advice }) };
}

export function missing(path: Path): Finding {
  const message = `${quoted(path.at(-1))} is missing`;
  return { code: 'missing', path, at: 'key', message };
}

/** What a message is about: an entry of a list goes by the name of the list. */
export function subject(path: Path): string {
  const name = path.findLast((part) => typeof part === 'string');
  if (name === undefined) return 'The file';
  return typeof path.at(-1) === 'number' ? `An entry of ${quoted(name)}` : quoted(name);
}

const TRUE = ['yes', 'on', 'y'];
const FALSE = ['no', 'off', 'n'];

/** What YAML reads differently from how it looks. */
function adviceFor(right: string, input: unknown): string | undefined {
  if (right === KINDS.boolean && typeof input === 'string') {
    if (TRUE.includes(input.toLowerCase())) return 'Write true';
    if (FALSE.includes(input.toLowerCase())) return 'Write false';
  }
  if (right.startsWith(KINDS.string)) {
    if (typeof input === 'number' || typeof input === 'boolean') {
      return `Put it in quotes: "${input}"`;
    }
    if (input === null) return 'What begins with # is a comment, unless it stands in quotes';
  }
  return undefined;
}

const KINDS = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of settings',
  record: 'a map of settings',
};

/** A kind of value in the words of people. */
export function kindOf(expected: string): string {
  return Object.hasOwn(KINDS, expected) ? KINDS[expected as keyof typeof KINDS] : expected;
}

export function limitOf(origin: string, which: 'least' | 'most'): string {
  if (origin === 'string') return `a text of length at ${which}`;
  return origin === 'array' ? `a list of at ${which}` : `at ${which}`;
}
