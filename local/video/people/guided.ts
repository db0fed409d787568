import { loadKernel } from '../../vision/kernels/load-kernel.ts';
import type { Planes, Size } from '../planes.ts';

/** How far edges of brightness draw a boundary to them, in small pixels, and what is no edge. */
const RADIUS = 3;
const FLAT = 30;

interface Blur {
  boxBlur(
    from: number,
    to: number,
    between: number,
    sums: number,
    width: number,
    height: number,
    radius: number,
  ): void;
}

/** Lays boundaries along edges of brightness; kept as a line for each pixel, it works at any size. */
export class Guided {
  readonly #size: Size;
  readonly #lines: Lines;

  constructor(size: Size) {
    this.#size = size;
    const area = size.width * size.height;
    this.#lines = { slope: new Float32Array(area), start: new Float32Array(area) };
  }

  /** How `values` go with brightness around each pixel; lent until it is asked again. */
  lines(bright: Uint8Array, values: Float32Array): Lines {
    const { width, height } = this.#size;
    const { slope, start } = this.#lines;
    const area = width * height;
    const kernel = loadKernel<Blur>('blur');
    kernel.lend(48 * area + 16 * width + 64, (room) => {
      // The kernel blurs four numbers a pixel at once: just what is needed.
      const from = room.floats(4 * area);
      const to = room.floats(4 * area);
      const between = room.floats(4 * area);
      const sums = room.floats(4 * width);
      const means = to.view;
      for (let at = 0, four = 0; at < area; at++, four += 4) {
        const y = bright[at] as number;
        const value = values[at] as number;
        from.view[four] = y;
        from.view[four + 1] = value;
        from.view[four + 2] = y * value;
        from.view[four + 3] = y * y;
      }
      const blur = () =>
        kernel.run.boxBlur(from.at, to.at, between.at, sums.at, width, height, RADIUS);
      blur();
      for (let four = 0; four < 4 * area; four += 4) {
        const y = means[four] as number;
        const value = means[four + 1] as number;
        const variance = (means[four + 3] as number) - y * y;
        const steep = ((means[four + 2] as number) - y * value) / (variance + FLAT);
        from.view[four] = steep;
        from.view[four + 1] = value - steep * y;
      }
      blur();
      for (let at = 0, four = 0; at < area; at++, four += 4) {
        slope[at] = means[four] as number;
        start[at] = means[four + 1] as number;
      }
    });
    return this.#lines;
  }
}

export interface Lines {
  readonly slope: Float32Array;
  readonly start: Float32Array;
}

/** Fills an opacity for each pixel of the whole frame, from the lines of the small one. */
export function fillFromLines(
  { slope, start }: Lines,
  small: Size,
  { width, height, y: bright }: Planes,
  alpha: Uint8Array,
): void {
  const columns = tapsFor(width, small.width);
  const rows = tapsFor(height, small.height);
  const slopes = new Float32Array(small.width);
  const starts = new Float32Array(small.width);
  for (let y = 0; y < height; y++) {
    const upper = (rows.first[y] as number) * small.width;
    const lower = Math.min(small.height - 1, (rows.first[y] as number) + 1) * small.width;
    const below = rows.second[y] as number;
    for (let x = 0; x < small.width; x++) {
      slopes[x] = mix(slope[upper + x] as number, slope[lower + x] as number, below);
      starts[x] = mix(start[upper + x] as number, start[lower + x] as number, below);
    }
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const left = columns.first[x] as number;
      const right = left + 1 < small.width ? left + 1 : left;
      const across = columns.second[x] as number;
      const value =
        mix(slopes[left] as number, slopes[right] as number, across) * (bright[at] as number) +
        mix(starts[left] as number, starts[right] as number, across);
      // What is almost all or nothing is: a veil over the whole frame would be seen.
      const opacity = (value - 0.12) / 0.76;
      alpha[at] = opacity <= 0 ? 0 : opacity >= 1 ? 255 : Math.round(opacity * 255);
    }
  }
}

function tapsFor(side: number, small: number) {
  const first = new Int32Array(side);
  const second = new Float32Array(side);
  for (let at = 0; at < side; at++) {
    const place = Math.max(0, Math.min(small - 1, ((at + 0.5) * small) / side - 0.5));
    first[at] = Math.floor(place);
    second[at] = place - Math.floor(place);
  }
  return { first, second };
}

function mix(one: number, other: number, share: number): number {
  return one + share * (other - one);
}
