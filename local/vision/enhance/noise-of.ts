import type { Pixels } from '../pixels.ts';

const BLOCK = 16;
const MOST_BLOCKS = 4000;

/**
 * How strong the noise of a picture is, as a standard deviation of its light: what a filter that is
 * blind to slopes leaves, in the calmest fifth of the blocks. Texture is not noise, and fills others.
 */
export function noiseOf({ width, height, data }: Pixels): number {
  const columns = Math.floor((width - 2) / BLOCK);
  const rows = Math.floor((height - 2) / BLOCK);
  const every = Math.max(1, Math.floor((columns * rows) / MOST_BLOCKS));
  const found: number[] = [];
  for (let block = 0; block < columns * rows; block += every) {
    const left = 1 + (block % columns) * BLOCK;
    const top = 1 + Math.floor(block / columns) * BLOCK;
    let sum = 0;
    for (let y = top; y < top + BLOCK; y++) {
      for (let x = left; x < left + BLOCK; x++) sum += Math.abs(restAt(x, y));
    }
    found.push((Math.sqrt(Math.PI / 2) * sum) / (6 * BLOCK * BLOCK));
  }
  return found.toSorted((a, b) => a - b)[Math.floor(found.length / 5)] ?? 0;

  function restAt(x: number, y: number): number {
    const row = (v: number) => light(x - 1, v) - 2 * light(x, v) + light(x + 1, v);
    return row(y - 1) - 2 * row(y) + row(y + 1);
  }

  function light(x: number, y: number): number {
    const at = (y * width + x) * 4;
    return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  }
}
