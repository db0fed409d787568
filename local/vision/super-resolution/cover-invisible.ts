import type { Pixels } from '../pixels.ts';

/**
 * Gives what cannot be seen the colour of what is seen beside it: filters look there, and whatever
 * colour lay there would come into view at the edge.
 */
export function coverInvisible({ width, height, data }: Pixels): void {
  const hidden = (at: number) => data[at * 4 + 3] === 0;
  const coloured = new Uint8Array(width);
  // Downwards from the left, then upwards from the right: the colour before in the row, or the one above.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) cover(y * width + x, x, x - 1, -1, -width);
  }
  coloured.fill(0);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) cover(y * width + x, x, x + 1, 1, width);
  }

  function cover(at: number, x: number, beside: number, before: number, above: number): void {
    if (!hidden(at)) {
      coloured[x] = 1;
    } else if (coloured[x] === 1) {
      copy(at + above, at);
    } else if (beside >= 0 && beside < width && coloured[beside] === 1) {
      copy(at + before, at);
      coloured[x] = 1;
    }
  }

  function copy(from: number, to: number): void {
    data.copyWithin(to * 4, from * 4, from * 4 + 3);
  }
}
