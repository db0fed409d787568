import { ACROSS, maybe, ONE, PLAIN_RUN, type Shape, text, WITHIN } from './key-shape.ts';
import { type Part, patternParts } from './pattern.ts';

/** What a target says about the source it is of. What it does not say is not here. */
export type Reading = Readonly<Partial<Record<About, string>>>;

const ABOUT = ['dir', 'name', 'stem', 'ext'] as const;
type About = (typeof ABOUT)[number];

/** Where a pattern leaves no mark between placeholders there are many ways; a few of them will do. */
const TRIES = 2000;

/** The ways to read a target by a pattern that asks for nothing but the source's key. */
export function readingsOf(pattern: string, target: string): readonly Reading[] {
  const parts = patternParts(pattern);
  const readings: Reading[] = [];
  let tries = TRIES;

  function readOn(which: number, from: number, reading: Reading): void {
    const part = parts[which];
    if (!part) {
      if (from === target.length) readings.push(reading);
      return;
    }
    for (const { to, reading: more } of waysToRead(part, target, from, reading)) {
      if (tries-- <= 0) return;
      readOn(which + 1, to, more);
    }
  }
  readOn(0, 0, {});
  return readings;
}

/** What the sources look like that a reading speaks of. */
export function sourceShape({ dir, name, stem, ext }: Reading): Shape {
  const folder =
    dir === undefined ? maybe([ONE, ACROSS, ...text('/')]) : text(dir === '' ? '' : `${dir}/`);
  if (name !== undefined) return [...folder, ...text(name)];
  const begins = stem === undefined ? [ONE, WITHIN] : text(stem);
  if (ext === undefined) return [...folder, ...begins, ...maybe([...text('.'), ...PLAIN_RUN])];
  return [...folder, ...begins, ...text(ext === '' ? '' : `.${ext}`)];
}

interface Way {
  readonly to: number;
  readonly reading: Reading;
}

function waysToRead(part: Part, target: string, from: number, reading: Reading): readonly Way[] {
  if ('text' in part) {
    return target.startsWith(part.text, from) ? [{ to: from + part.text.length, reading }] : [];
  }
  const { placeholder, along } = part;
  if (!isAbout(placeholder)) return [];
  const known = reading[placeholder];
  const ways: Way[] = [];
  const add = (value: string, length: number) => {
    if (known !== undefined && known !== value) return;
    ways.push({ to: from + length, reading: { ...reading, [placeholder]: value } });
  };

  if (placeholder === 'dir' || placeholder === 'ext') add('', 0);
  const begin = along === '.' ? from + 1 : from;
  if (along === '.' && target[from] !== '.') return ways;
  for (let end = begin + 1; end <= target.length; end++) {
    const value = target.slice(begin, end);
    if (placeholder !== 'dir' && value.includes('/')) break;
    if (along !== '/') add(value, end - from);
    else if (target[end] === '/') add(value, end + 1 - from);
  }
  return ways;
}

function isAbout(placeholder: string): placeholder is About {
  return ABOUT.some((about) => about === placeholder);
}
