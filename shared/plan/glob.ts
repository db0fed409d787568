import { keyTest } from './key-reader.ts';
import {
  ACROSS,
  anyOf,
  endOf,
  longestText,
  maybe,
  ONE,
  type Shape,
  startOf,
  text,
  type Unit,
  WITHIN,
} from './key-shape.ts';

/** What is wrong with a glob, and where in it. */
export interface GlobProblem {
  readonly at: number;
  readonly text: string;
  readonly because: 'empty' | 'too-long' | 'unclosed-brace' | 'nested-brace';
}

/** A key has at most 850 bytes; a glob longer than this is a mistake. */
const LONGEST = 1024;

/**
 * What a glob means: `*` is any run within a folder and `**` any run across folders; `**` standing
 * alone for a folder is any number of folders, also none. `?` is one character within a folder,
 * `{jpg,png}` one of these. All else stands for itself, and the whole key has to fit.
 */
export function globShape(glob: string): Shape {
  return shapeOf(Array.from(glob), { opensFolder: true, inBraces: false });
}

/** `opensFolder`: whether a folder begins where this text does. Braces in braces are plain text. */
function shapeOf(
  characters: readonly string[],
  { opensFolder, inBraces }: { readonly opensFolder: boolean; readonly inBraces: boolean },
): Shape {
  const lastBrace = inBraces ? -1 : characters.lastIndexOf('}');
  const units: Unit[] = [];
  const add = (shape: Shape) => {
    for (const unit of shape) units.push(unit);
  };
  for (let at = 0; at < characters.length; at++) {
    const char = characters[at] ?? '';
    const opens = at === 0 ? opensFolder : characters[at - 1] === '/';
    if (char === '?') add([ONE]);
    else if (char === '*') {
      const stars = lengthOfRun(characters, at);
      at += stars - 1;
      if (stars === 1) add([WITHIN]);
      else if (!opens || characters[at + 1] !== '/') add([ACROSS]);
      else {
        add(maybe([ACROSS, ...text('/')]));
        at++;
      }
    } else if (char === '{' && at < lastBrace) {
      const end = characters.indexOf('}', at);
      const alternatives = characters
        .slice(at + 1, end)
        .join('')
        .split(',');
      const how = { opensFolder: opens, inBraces: true };
      add(anyOf(alternatives.map((one) => shapeOf(Array.from(one), how))));
      at = end;
    } else add(text(char));
  }
  return units;
}

/** A glob as a test of keys, in time that grows with the key and no faster. */
export function globTest(glob: string): (key: string) => boolean {
  const shape = globShape(glob);
  const [start, middle, end] = [startOf(shape), longestText(shape), endOf(shape)];
  const fits = keyTest(shape);
  // Most keys are of another folder or kind, which is seen at a glance.
  return (key) => key.startsWith(start) && key.endsWith(end) && key.includes(middle) && fits(key);
}

/** What a person should change before the glob is used. */
export function globProblems(glob: string): readonly GlobProblem[] {
  if (glob === '') return [{ at: 0, text: glob, because: 'empty' }];
  if (glob.length > LONGEST)
    return [{ at: LONGEST, text: glob.slice(LONGEST), because: 'too-long' }];

  const problems: GlobProblem[] = [];
  for (let at = glob.indexOf('{'); at >= 0; at = glob.indexOf('{', at + 1)) {
    const end = glob.indexOf('}', at);
    if (end < 0) {
      problems.push({ at, text: glob.slice(at), because: 'unclosed-brace' });
      break;
    }
    const inner = glob.indexOf('{', at + 1);
    if (inner >= 0 && inner < end) {
      problems.push({ at: inner, text: glob.slice(at, end + 1), because: 'nested-brace' });
    }
    at = end;
  }
  return problems;
}

function lengthOfRun(characters: readonly string[], from: number): number {
  let end = from;
  while (characters[end] === '*') end++;
  return end - from;
}
