import type { Planes } from '../planes.ts';

const LEVELS = 32;
const HUES = 16;
/** How much of a frame has other colours than the frame before when there was a cut. */
const CUT = 0.6;

/** Notices that a frame shows something else than the one before. */
export class SceneCuts {
  #before: Float32Array | undefined;

  isCut(frame: Planes): boolean {
    const counts = countsOf(frame);
    const before = this.#before;
    this.#before = counts;
    if (!before) return false;
    const bright = changed(counts, before, 0, LEVELS);
    return Math.max(bright, changed(counts, before, LEVELS, counts.length)) > CUT;
  }
}

function changed(one: Float32Array, two: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += Math.abs((one[at] as number) - (two[at] as number));
  return sum / 2;
}

/** The share of every brightness, and after them of every colour. */
function countsOf({ y, u, v }: Planes): Float32Array {
  const counts = new Float32Array(LEVELS + HUES * HUES);
  const add = (cell: number, share: number) => {
    counts[cell] = (counts[cell] as number) + share;
  };
  for (let at = 0; at < y.length; at++) add(((y[at] as number) * LEVELS) >> 8, 1 / y.length);
  for (let at = 0; at < u.length; at++) {
    const hue = (((u[at] as number) * HUES) >> 8) * HUES + (((v[at] as number) * HUES) >> 8);
    add(LEVELS + hue, 1 / u.length);
  }
  return counts;
}
