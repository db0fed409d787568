import type { Planes } from '../planes.ts';
import type { Yuv } from '../yuv.ts';

/** Colours are counted in cells of 4 by 4. */
const CELL = 4;
const CELLS = 256 / CELL;
/** A colour this far from grey can be a screen. */
const COLOURFUL = 22;
/** A share of the border that is enough for a screen that somebody stands before. */
const ENOUGH = 0.12;
/** Of larger frames not every line and pixel is counted. */
const LINES = 135;

/**
 * The colour of the screen: whatever is most common along the top and the sides, which no subject
 * fills. Of what is common, what has a colour comes before what is grey; no hue is expected.
 */
export function screenColour(frame: Planes): Yuv | undefined {
  const border = new Tally(frame);
  const width = frame.width / 2;
  const height = frame.height / 2;
  const deep = Math.max(2, Math.round(Math.min(width, height) * 0.06));
  const step = Math.max(1, Math.round(height / LINES));
  for (let y = 0; y < height; y += step) {
    const between = y < deep ? 0 : Math.max(0, width - 2 * deep);
    for (let x = 0; x < width - between; x += step) border.add(x < deep ? x : x + between, y);
  }
  return border.most((u, v) => Math.hypot(u - 128, v - 128) >= COLOURFUL, ENOUGH) ?? border.most();
}

/** What a given colour really is in this frame: cameras and codecs do not keep it to the number. */
export function colourNear(frame: Planes, wanted: Yuv, within: number): Yuv | undefined {
  const all = new Tally(frame);
  for (let y = 0; y < frame.height / 2; y++) {
    for (let x = 0; x < frame.width / 2; x++) {
      const bright = frame.y[2 * y * frame.width + 2 * x] as number;
      if (Math.abs(bright - wanted.y) <= 2 * within) all.add(x, y);
    }
  }
  return all.most((u, v) => Math.hypot(u - wanted.u, v - wanted.v) <= within, 0.01);
}

/** Counts colours, and knows the mean of each neighbourhood. */
class Tally {
  readonly #frame: Planes;
  readonly #counts = new Uint32Array(CELLS * CELLS);
  readonly #bright = new Float64Array(CELLS * CELLS);
  readonly #us = new Float64Array(CELLS * CELLS);
  readonly #vs = new Float64Array(CELLS * CELLS);
  #seen = 0;

  constructor(frame: Planes) {
    this.#frame = frame;
  }

  add(x: number, y: number): void {
    const { width, y: bright, u: us, v: vs } = this.#frame;
    const at = (y * width) / 2 + x;
    const u = us[at] as number;
    const v = vs[at] as number;
    const cell = ((u / CELL) | 0) * CELLS + ((v / CELL) | 0);
    this.#counts[cell] = (this.#counts[cell] as number) + 1;
    this.#bright[cell] = (this.#bright[cell] as number) + (bright[2 * y * width + 2 * x] as number);
    this.#us[cell] = (this.#us[cell] as number) + u;
    this.#vs[cell] = (this.#vs[cell] as number) + v;
    this.#seen++;
  }

  /** The mean of the fullest 3 by 3 cells whose middle may be it, if they hold such a share. */
  most(mayBe: (u: number, v: number) => boolean = () => true, share = 0): Yuv | undefined {
    let best = 0;
    let at = -1;
    for (let u = 1; u < CELLS - 1; u++) {
      for (let v = 1; v < CELLS - 1; v++) {
        const cell = u * CELLS + v;
        if (this.#counts[cell] === 0 || !mayBe((u + 0.5) * CELL, (v + 0.5) * CELL)) continue;
        const count = around(this.#counts, cell);
        if (count > best) [best, at] = [count, cell];
      }
    }
    if (at === -1 || best < share * this.#seen) return undefined;
    return {
      y: around(this.#bright, at) / best,
      u: around(this.#us, at) / best,
      v: around(this.#vs, at) / best,
    };
  }
}

function around(sums: Uint32Array | Float64Array, cell: number): number {
  let sum = 0;
  for (let u = -1; u <= 1; u++) {
    for (let v = -1; v <= 1; v++) sum += sums[cell + u * CELLS + v] as number;
  }
  return sum;
}
