import { nearestName } from './nearest-name.ts';

type Path = readonly (string | number)[];

/** Something wrong with the parameters of an operation: where, what, and what would be right. */
export interface ParameterProblem {
  /** The parameter's name and the way into its value. Empty where it is about several together. */
  readonly path: Path;
  /** Goes on from the path: `is 2000`. A sentence of its own where the path is empty. */
  readonly wrong: string;
  /** `a whole number from 0 to 1000` */
  readonly right?: string;
  /** The known name that was probably meant. */
  readonly nearest?: string;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The longest key COS takes, in bytes of UTF-8. */
const LONGEST_KEY = 850;

const NO_TEXT = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** A problem as people read it: `padding[0] is 2000; it should be a whole number from 0 to 1000`. */
export function sentenceOf({ path, wrong, right, nearest }: ParameterProblem): string {
  const place = path.map(placeIn).join('') || 'what was given';
  // Of several parameters together, the operation has said a whole sentence.
  if (path.length === 0 && right === undefined) return wrong;
  if (nearest !== undefined) return `${place} ${wrong}; did you mean ${nearest}?`;
  return right === undefined ? `${place} ${wrong}` : `${place} ${wrong}; it should be ${right}`;
}

/** A value that should have been something else. */
export function wrongValue(value: unknown, right: string, path: Path): ParameterProblem {
  return { path, wrong: `is ${shown(value)}`, right };
}

/** A name, the last of the path, that nobody knows. */
export function unknownName(path: Path, what: string, known: readonly string[]): ParameterProblem {
  const nearest = nearestName(String(path.at(-1)), known);
  return {
    path,
    wrong: `is no ${what}`,
    ...(known.length === 0 ? {} : { right: `one of ${known.join(', ')}` }),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

export function wholeProblem(
  value: unknown,
  { min, max }: Bounds,
  path: Path,
): ParameterProblem | undefined {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return fits ? undefined : wrongValue(value, `a whole number from ${min} to ${max}`, path);
}

export function pairProblem(
  value: unknown,
  bounds: Bounds,
  path: Path,
): ParameterProblem | undefined {
  if (!Array.isArray(value) || value.length !== 2) {
    return wrongValue(value, `two whole numbers from ${bounds.min} to ${bounds.max}`, path);
  }
  const [one, other] = value;
  return wholeProblem(one, bounds, [...path, 0]) ?? wholeProblem(other, bounds, [...path, 1]);
}

/** Placeholders are the business of whoever fills them in; here they are part of the key. */
export function keyProblem(value: unknown, path: Path): ParameterProblem | undefined {
  const fits =
    isText(value, LONGEST_KEY) &&
    new TextEncoder().encode(value).length <= LONGEST_KEY &&
    !value.startsWith('/');
  return fits
    ? undefined
    : wrongValue(value, 'the key of an object, without a leading slash', path);
}

/** One line of text with something in it. The length is asked first, for it may be of any size. */
export function isText(value: unknown, maxLength: number): value is string {
  return (
    typeof value === 'string' &&
    value.length <= maxLength &&
    value.trim() !== '' &&
    !NO_TEXT.test(value)
  );
}

function placeIn(step: string | number, index: number): string {
  if (typeof step === 'number') return `[${step}]`;
  return `${index === 0 ? '' : '.'}${short(step)}`;
}

/** A value from outside as a message can show it: short, on one line. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'empty';
  if (typeof value === 'string') return JSON.stringify(short(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : 'something else';
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
