import type { Behind, Matter } from '../matter.ts';
import type { Planes } from '../planes.ts';
import type { Yuv } from '../yuv.ts';
import { hueMatte } from './hue-matte.ts';
import { colourNear, screenColour } from './key-colour.ts';
import { keyTable, unspiller } from './key-table.ts';
import { plainMatte } from './plain-matte.ts';

/** With less colour than this a key has no hue to go by. */
const HUELESS = 18;
/** How far a camera may be from the colour it was told. */
const NEAR = 26;
/** A screen changes slowly, by this share of what is seen; more than so far is another screen. */
const SHARE = 0.15;
const OTHER = 24;
/** A key that moved by less is the same. */
const SAME = 0.75;

/** Cuts out what stands before one colour: the one it was told, or the one of the border. */
export class Keyer implements Matter {
  readonly #wanted: Yuv | undefined;
  #key: Yuv | undefined;
  /** What the table was made for, which is not made anew for every little change. */
  #made: Yuv | undefined;
  #table: Uint8Array = new Uint8Array(0);
  behind: Behind | undefined;

  constructor(wanted?: Yuv) {
    this.#wanted = wanted;
  }

  matte(frame: Planes, alpha: Uint8Array): void {
    const key = this.#keyOf(frame);
    this.#key = key;
    const hueless = Math.hypot(key.u - 128, key.v - 128) < HUELESS;
    if (!this.#made || distance(this.#made, key) > SAME) {
      this.#made = key;
      if (!hueless) this.#table = keyTable(key);
      this.behind = hueless ? key : { ...key, unspill: unspiller(key) };
    }
    if (hueless) plainMatte(frame, key, alpha);
    else hueMatte(frame, this.#table, key.y, alpha);
  }

  #keyOf(frame: Planes): Yuv {
    const wanted = this.#wanted;
    const seen = wanted ? (colourNear(frame, wanted, NEAR) ?? wanted) : screenColour(frame);
    const before = this.#key;
    if (!seen) return before ?? { y: 128, u: 128, v: 128 };
    if (!before || distance(before, seen) > OTHER) return seen;
    const part = (name: keyof Yuv) => before[name] + SHARE * (seen[name] - before[name]);
    return { y: part('y'), u: part('u'), v: part('v') };
  }
}

function distance(one: Yuv, other: Yuv): number {
  return Math.hypot(one.y - other.y, one.u - other.u, one.v - other.v);
}
