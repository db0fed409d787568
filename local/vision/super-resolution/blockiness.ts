import type { Pixels } from '../pixels.ts';

const BLOCK = 8;

/**
 * How much the steps between pixels stand out where the blocks of a compressed picture meet, whatever
 * place those begin at: near 0 for what never was compressed, 0.1 and more where it is about to show.
 */
export function blockiness({ width, height, data }: Pixels): number {
  const across = excess(width, height, 1, width);
  const down = excess(height, width, width, 1);
  return Math.max(0, (across + down) / 2);

  /** By place within a block, steps beyond those on either side, of all lines in one direction. */
  function excess(length: number, lines: number, step: number, next: number): number {
    const sums = new Float64Array(BLOCK);
    for (let line = 0; line < lines; line++) {
      for (let place = 1; place < length - 2; place++) {
        const at = line * next + place * step;
        const [before, here, after, last] = [
          light(at - step),
          light(at),
          light(at + step),
          light(at + 2 * step),
        ];
        const beside = (Math.abs(here - before) + Math.abs(last - after)) / 2;
        const own = place % BLOCK;
        // No single edge of the picture counts for more than what compression does.
        sums[own] = (sums[own] ?? 0) + Math.max(-8, Math.min(Math.abs(after - here) - beside, 8));
      }
    }
    const each = [...sums].map((sum) => sum / Math.max(1, (lines * length) / BLOCK));
    const most = Math.max(...each);
    const others = each.reduce((sum, value) => sum + value, -most) / (BLOCK - 1);
    return most - others;
  }

  function light(pixel: number): number {
    const at = pixel * 4;
    return ((data[at] ?? 0) + 2 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 4;
  }
}
