import { type KeyReader, keyReader } from './key-reader.ts';
import { ORDINARY, type Shape } from './key-shape.ts';

/** How many characters may still be tried; shared by all searches of one check, so that it ends. */
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
  const ordinary = search([...all, ORDINARY], none, effort);
  return typeof ordinary === 'object' ? ordinary : search(all, none, effort);
}

/** Where every reader stands, and by which characters they came there. */
interface Position {
  readonly places: readonly (readonly number[])[];
  readonly before: Position | undefined;
  readonly char: string;
}

function search(all: readonly Shape[], none: readonly Shape[], effort: Effort): Meeting {
  const readers = [...all, ...none].map(keyReader);
  const other = otherCharacter([...all, ...none]);
  const first: Position = {
    places: readers.map(({ start }) => start),
    before: undefined,
    char: '',
  };
  const queue = [first];
  const known = new Set([nameOf(first)]);

  for (const position of queue) {
    if (fitsHere(readers, all.length, position)) return { key: keyTo(position) };
    for (const char of charactersAfter(readers, all.length, position, other)) {
      if (effort.left-- <= 0) return 'unknown';
      const places = readers.map((reader, which) =>
        reader.after(position.places[which] ?? [], char),
      );
      if (places.slice(0, all.length).some(({ length }) => length === 0)) continue;
      const next = { places, before: position, char };
      const name = nameOf(next);
      if (known.has(name)) continue;
      known.add(name);
      queue.push(next);
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
function otherCharacter(shapes: readonly Shape[]): string {
  const named = new Set<string>();
  for (const shape of shapes) {
    for (const unit of shape) if (unit.is === 'char') named.add(unit.char);
  }
  let code = 'a'.charCodeAt(0);
  while (named.has(String.fromCharCode(code))) code = code === 0x7a ? 0x4e00 : code + 1;
  return String.fromCharCode(code);
}

function keyTo(position: Position): string {
  const chars: string[] = [];
  for (let at: Position | undefined = position; at; at = at.before) chars.push(at.char);
  return chars.reverse().join('');
}

function nameOf({ places }: Position): string {
  return places.map((at) => [...at].sort((one, two) => one - two).join()).join(';');
}
