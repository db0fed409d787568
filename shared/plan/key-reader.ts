import type { Shape } from './key-shape.ts';

/** Reads a key character by character, standing at several units of a shape at once. */
export interface KeyReader {
  /** Every character that the shape knows by name. */
  readonly named: ReadonlySet<string>;
  readonly start: readonly number[];
  /** Where it stands after one more character: nowhere when no such key goes on so. */
  after(places: readonly number[], char: string): readonly number[];
  mayEnd(places: readonly number[]): boolean;
  /** The characters it waits for by name, and whether it takes others as well. */
  expects(places: readonly number[]): { readonly chars: readonly string[]; readonly any: boolean };
}

const readers = new WeakMap<Shape, KeyReader>();

/** The reader of a shape: made once, for shapes never change. */
export function keyReader(shape: Shape): KeyReader {
  const known = readers.get(shape);
  if (known) return known;
  const reader = newReader(shape);
  readers.set(shape, reader);
  return reader;
}

/** Whether keys fit the shape. */
export function keyTest(shape: Shape): (key: string) => boolean {
  const reader = keyReader(shape);
  return (key) => {
    let places = reader.start;
    for (const char of key) {
      places = reader.after(places, char);
      if (places.length === 0) return false;
    }
    return reader.mayEnd(places);
  };
}

/**
 * A shape, ready to read. Each character costs at most one step per unit, whatever the shape and
 * the key: there is no way back to try something else, hence nothing that could blow up.
 */
function newReader(shape: Shape): KeyReader {
  const seenIn = new Uint32Array(shape.length + 1);
  let turn = 0;

  /** All places reached from here without reading a character. */
  function enter(from: number, places: number[]): void {
    const waiting = [from];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seenIn[at] === turn) continue;
      seenIn[at] = turn;
      const unit = shape[at];
      if (unit?.is === 'fork') {
        for (const distance of unit.to) waiting.push(at + distance);
        continue;
      }
      places.push(at);
      if (unit?.is === 'within' || unit?.is === 'across') waiting.push(at + 1);
    }
  }

  function after(places: readonly number[], char: string): number[] {
    turn++;
    const next: number[] = [];
    for (const at of places) {
      const unit = shape[at];
      if (unit === undefined) continue;
      if (unit.is === 'char') {
        if (unit.char === char) enter(at + 1, next);
      } else if (unit.is === 'across') enter(at, next);
      else if (char === '/') continue;
      else if (unit.is === 'within') enter(at, next);
      else if (unit.is === 'one' || char !== '.') enter(at + 1, next);
    }
    return next;
  }

  turn++;
  const start: number[] = [];
  enter(0, start);
  return {
    named: new Set(shape.flatMap((unit) => (unit.is === 'char' ? [unit.char] : []))),
    start,
    after,
    mayEnd: (places) => places.includes(shape.length),
    expects(places) {
      const chars: string[] = [];
      let any = false;
      for (const at of places) {
        const unit = shape[at];
        if (unit?.is === 'char') chars.push(unit.char);
        else if (unit) any = true;
      }
      return { chars, any };
    },
  };
}
