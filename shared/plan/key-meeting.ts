import { type KeyReader, keyReader } from './key-reader.ts';
import { ORDINARY, type Shape } from './key-shape.ts';

/** How much may still be tried, about one for each character; shared by all searches of a check. */
export interface Effort {
  left: number;
}

/**
 * A key that fits all of some shapes and none of others; `never` when there is none, and `unknown`
 * when the shapes are so tangled that looking on is not worth it. Whoever must be safe takes
 * `unknown` for a yes.
 */
export type Meeting = { readonly key: string } | 'never' | 'unknown';

/** Looks for the shortest such key, and for one as people write them if there is any. */
export function keyMeeting(all: readonly Shape[], none: readonly Shape[], effort: Effort): Meeting {
  const shortest = search(all, none, effort);
  if (typeof shortest === 'string') return shortest;
  const ordinary = search([...all, ORDINARY], none, effort);
  return typeof ordinary === 'string' ? shortest : ordinary;
}

/** Most positions stand at a few places; where it is many, each costs a little. */
const PLACES_PER_CHARACTER = 8;

/** Where every reader stands, and by which characters they came there. */
interface Position {
  readonly places: readonly (readonly number[])[];
  readonly before: Position | undefined;
  readonly char: string;
}

function search(all: readonly Shape[], none: readonly Shape[], effort: Effort): Meeting {
  if (effort.left <= 0) return 'unknown';
  const readers = [...all, ...none].map(keyReader);
  const other = otherCharacter(readers);
  const start = readers.map((reader) => reader.start);
  const queue: Position[] = [{ places: start, before: undefined, char: '' }];
  const known = new Set([nameOf(start)]);

  for (const position of queue) {
    if (fitsHere(readers, all.length, position)) return { key: keyTo(position) };
    for (const char of charactersAfter(readers, all.length, position, other)) {
      const places = readers.map((reader, which) =>
        reader.after(position.places[which] ?? [], char),
      );
      effort.left -= 1 + position.places.flat().length / PLACES_PER_CHARACTER;
      if (effort.left <= 0) return 'unknown';
      if (places.slice(0, all.length).some(({ length }) => length === 0)) continue;
      const name = nameOf(places);
      if (known.has(name)) continue;
      known.add(name);
      queue.push({ places, before: position, char });
    }
  }
  return 'never';
}

function fitsHere(readers: readonly KeyReader[], wanted: number, { places }: Position): boolean {
  return readers.every((reader, at) => reader.mayEnd(places[at] ?? []) === at < wanted);
}

/** Only characters that somebody tells apart from the others need trying, and one of the others. */
function charactersAfter(
  readers: readonly KeyReader[],
  wanted: number,
  { places }: Position,
  other: string,
): Iterable<string> {
  const expected = readers.map((reader, at) => reader.expects(places[at] ?? []));
  const strict = expected.slice(0, wanted).find(({ any }) => !any);
  if (strict) return new Set(strict.chars);
  return new Set([other, '/', '.', ...expected.flatMap(({ chars }) => chars)]);
}

/** A character that no shape names, so it stands for all those. */
function otherCharacter(readers: readonly KeyReader[]): string {
  const isNamed = (char: string) => readers.some(({ named }) => named.has(char));
  let code = 'a'.charCodeAt(0);
  while (isNamed(String.fromCharCode(code))) code = code === 0x7a ? 0x4e00 : code + 1;
  return String.fromCharCode(code);
}

function keyTo(position: Position): string {
  const chars: string[] = [];
  for (let at: Position | undefined = position; at; at = at.before) chars.push(at.char);
  return chars.reverse().join('');
}

function nameOf(places: Position['places']): string {
  return places.map((at) => [...at].sort((one, two) => one - two).join()).join(';');
}
