import type { Planes } from '../planes.ts';

const LEVELS = 32;
const HUES = 16;
/** How much of a frame has other colours than the frame before when there was a cut. */
const CUT = 0.5;

/** Notices that a frame shows something else than the one before. */
export class SceneCuts {
  #before: Float32Array | undefined;

  isCut(frame: Planes): boolean {
    const counts = countsOf(frame);
    const before = this.#before;
    this.#before = counts;
    if (!before) return false;
    let changed = 0;
    for (let at = 0; at < counts.length; at++) {
      changed += Math.abs((counts[at] as number) - (before[at] as number));
    }
    return changed / 2 > CUT;
  }
}

/** The share of every brightness and of every colour; both together come to one. */
function countsOf({ y, u, v }: Planes): Float32Array {
  const counts = new Float32Array(LEVELS + HUES * HUES);
  const add = (cell: number, share: number) => {
    counts[cell] = (counts[cell] as number) + share;
  };
  for (let at = 0; at < y.length; at++) add(((y[at] as number) * LEVELS) >> 8, 0.5 / y.length);
  for (let at = 0; at < u.length; at++) {
    const hue = (((u[at] as number) * HUES) >> 8) * HUES + (((v[at] as number) * HUES) >> 8);
    add(LEVELS + hue, 0.5 / u.length);
  }
  return counts;
}
