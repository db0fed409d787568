import { bytesOfFrame, type Planes, planesOf, type Size } from '../planes.ts';

/** What people are looked for in: more pixels make it slower, and not better. */
const LONG_SIDE = 256;

/** The size of the small frames of a video; both sides are even. */
export function smallSize({ width, height }: Size): Size {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
  const even = (side: number) => Math.max(8, 2 * Math.round((side * scale) / 2));
  return { width: Math.min(width, even(width)), height: Math.min(height, even(height)) };
}

/** Makes frames small, each pixel the mean of the area it stands for. */
export class Shrinker {
  readonly #size: Size;
  readonly #small: Planes;

  constructor(size: Size) {
    this.#size = size;
    const small = smallSize(size);
    this.#small = planesOf(new Uint8Array(bytesOfFrame(small)), small);
  }

  /** Lent until the next one. */
  shrink({ y, u, v }: Planes): Planes {
    const { width, height } = this.#size;
    const small = this.#small;
    const half = [width / 2, height / 2, small.width / 2, small.height / 2] as const;
    shrinkPlane(y, width, height, small.y, small.width, small.height);
    shrinkPlane(u, half[0], half[1], small.u, half[2], half[3]);
    shrinkPlane(v, half[0], half[1], small.v, half[2], half[3]);
    return small;
  }
}

function shrinkPlane(
  from: Uint8Array,
  width: number,
  height: number,
  into: Uint8Array,
  toWidth: number,
  toHeight: number,
): void {
  const across = width / toWidth;
  const down = height / toHeight;
  const row = new Float32Array(width);
  // Sums from the left edge on: what lies between two places is a difference.
  const sums = new Float64Array(width + 2);
  const firsts = new Int32Array(toWidth + 1);
  const shares = new Float64Array(toWidth + 1);
  for (let x = 0; x <= toWidth; x++) {
    firsts[x] = Math.min(width, Math.floor(x * across));
    shares[x] = x * across - (firsts[x] as number);
  }
  for (let y = 0; y < toHeight; y++) {
    const top = y * down;
    const bottom = Math.min(height, top + down);
    row.fill(0);
    for (let line = Math.floor(top); line < bottom; line++) {
      const share = Math.min(line + 1, bottom) - Math.max(line, top);
      for (let x = 0, at = line * width; x < width; x++, at++) {
        row[x] = (row[x] as number) + share * (from[at] as number);
      }
    }
    for (let x = 0; x < width; x++) sums[x + 1] = (sums[x] as number) + (row[x] as number);
    sums[width + 1] = sums[width] as number;
    const area = (bottom - top) * across;
    let left = 0;
    for (let x = 1; x <= toWidth; x++) {
      const first = firsts[x] as number;
      const here = sums[first] as number;
      const right = here + (shares[x] as number) * ((sums[first + 1] as number) - here);
      into[y * toWidth + x - 1] = Math.round((right - left) / area);
      left = right;
    }
  }
}
