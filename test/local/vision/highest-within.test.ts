import { expect, test } from 'vitest';
import { highestByteWithin, highestWithin } from '../../../local/vision/highest-within.ts';
import { randomOf } from './random.ts';

const SIZES = [
  [1, 1, 3],
  [7, 5, 0],
  [7, 5, 1],
  [40, 31, 2],
  [33, 17, 7],
  [12, 50, 20],
] as const;

test('the highest within reach is found to the bit, for bytes and for floats', () => {
  const random = randomOf(3);
  for (const [width, height, radius] of SIZES) {
    const floats = Float32Array.from({ length: width * height }, () => random() ** 4);
    const bytes = Uint8Array.from(floats, (value) => value * 255);
    const name = `${width} x ${height}, ${radius}`;
    expect([...highestWithin(floats, width, height, radius)], name).toEqual(
      slowHighest([...floats], width, height, radius),
    );
    expect([...highestByteWithin(bytes, width, height, radius)], name).toEqual(
      slowHighest([...bytes], width, height, radius),
    );
  }
});

/** What the kernel does, as one would write it down. */
function slowHighest(values: readonly number[], width: number, height: number, radius: number) {
  return values.map((_, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    let most = 0;
    for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
      for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
        most = Math.max(most, values[v * width + u] ?? 0);
      }
    }
    return most;
  });
}
