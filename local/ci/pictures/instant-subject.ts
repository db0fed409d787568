import type { Pixels } from '../../vision/pixels.ts';

/** How far a pixel has to be from the colour of the border to belong to the subject. */
const DISTANCE = 48;

/**
 * Makes everything transparent that looks like the border. No craft at all: it makes a subject that
 * a test can foretell, and costs next to nothing. The pixels are changed where they lie, for a second
 * copy of a large picture is another gigabyte.
 */
export function cutOut(pixels: Pixels): Pixels {
  const { width, height, data } = pixels;
  const border = borderColour(width, height, data);
  for (let at = 0; at < data.length; at += 4) {
    const distance =
      Math.abs((data[at] ?? 0) - border[0]) +
      Math.abs((data[at + 1] ?? 0) - border[1]) +
      Math.abs((data[at + 2] ?? 0) - border[2]);
    if (distance <= DISTANCE) data[at + 3] = 0;
  }
  return pixels;
}

function borderColour(width: number, height: number, data: Uint8Array): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  const take = (x: number, y: number) => {
    const at = (y * width + x) * 4;
    sum[0] += data[at] ?? 0;
    sum[1] += data[at + 1] ?? 0;
    sum[2] += data[at + 2] ?? 0;
    count++;
  };
  for (let x = 0; x < width; x++) {
    take(x, 0);
    take(x, height - 1);
  }
  for (let y = 0; y < height; y++) {
    take(0, y);
    take(width - 1, y);
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}
