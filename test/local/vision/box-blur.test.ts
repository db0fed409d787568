import { expect, test } from 'vitest';
import { boxBlur } from '../../../local/vision/box-blur.ts';
import type { Colours } from '../../../local/vision/colours.ts';
import { randomOf } from './random.ts';

test('the mean over a square is that of its pixels, to a ten-thousandth', () => {
  const random = randomOf(1);
  for (const [width, height, radius] of [
    [1, 1, 3],
    [7, 5, 1],
    [40, 31, 4],
    [12, 50, 20],
  ] as const) {
    const data = Float32Array.from({ length: width * height * 4 }, random);
    const picture = { width, height, data };
    const blurred = boxBlur(picture, radius);
    const expected = slowBlur(picture, radius);
    expect(worst(blurred.data, expected.data), `${width} x ${height}`).toBeLessThan(1e-4);
  }
});

/** What the kernel does, as one would write it down. */
function slowBlur({ width, height, data }: Colours, radius: number): Colours {
  const blurred = new Float32Array(data.length);
  for (let at = 0; at < blurred.length; at++) {
    const channel = at % 4;
    const x = (at >> 2) % width;
    const y = Math.floor((at >> 2) / width);
    let sum = 0;
    let count = 0;
    for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
      for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
        sum += data[(v * width + u) * 4 + channel] ?? 0;
        count++;
      }
    }
    blurred[at] = sum / count;
  }
  return { width, height, data: blurred };
}

function worst(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);
}
