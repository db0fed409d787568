import { expect, test } from 'vitest';
import { type Kernel, type Plane, resample } from '../../../local/vision/resample.ts';

const KERNELS: readonly Kernel[] = ['linear', 'lanczos'];

test.for(KERNELS)('what is enlarged by %s stays in its place', (kernel) => {
  for (const times of [2, 3, 4]) {
    const { data, width } = resample(pointAt(16, 16, 33), 33 * times, 33 * times, kernel);
    let [x, y, sum] = [0, 0, 0];
    data.forEach((value, at) => {
      x += value * (at % width);
      y += value * Math.floor(at / width);
      sum += value;
    });
    // The middle of a pixel is half a pixel from its corner, at every size.
    expect(x / sum).toBeCloseTo((16 + 0.5) * times - 0.5, 2);
    expect(y / sum).toBeCloseTo((16 + 0.5) * times - 0.5, 2);
  }
});

test.for(KERNELS)('a plain area stays plain when scaled by %s, also at the edges', (kernel) => {
  const plain: Plane = { width: 7, height: 5, data: new Float32Array(35).fill(93) };
  for (const [width, height] of [
    [1, 1],
    [3, 2],
    [7, 5],
    [20, 31],
  ] as const) {
    const { data } = resample(plain, width, height, kernel);
    expect(data.length).toBe(width * height);
    for (const value of data) expect(value).toBeCloseTo(93, 3);
  }
});

test('a picture that is halved and one of the same size are what one expects', () => {
  const data = Float32Array.from({ length: 64 }, (_, at) => (at % 8 < 4 ? 0 : 100));
  const steps: Plane = { width: 8, height: 8, data };
  expect(resample(steps, 8, 8, 'lanczos').data.map(Math.round).map(Math.abs)).toEqual(data);
  const [first, , , last] = resample(steps, 4, 4, 'linear').data;
  expect([first, last]).toEqual([0, 100]);
});

function pointAt(x: number, y: number, size: number): Plane {
  const data = new Float32Array(size * size);
  data[y * size + x] = 1;
  return { width: size, height: size, data };
}
