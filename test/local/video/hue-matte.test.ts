import { expect, test } from 'vitest';
import { hueMatte } from '../../../local/video/key/hue-matte.ts';
import { keyTable } from '../../../local/video/key/key-table.ts';
import { bytesOfFrame, type Planes, planesOf } from '../../../local/video/planes.ts';
import { randomOf } from '../vision/random.ts';

const KEY = { y: 110, u: 90, v: 70 };

test.each([
  [16, 16],
  [34, 20],
  [70, 40],
])('a matte of %i x %i is what its rules say, to one of 255', (width, height) => {
  const random = randomOf(width);
  const frame = planesOf(new Uint8Array(bytesOfFrame({ width, height })), { width, height });
  for (let at = 0; at < frame.y.length; at++) {
    const inside = isInside(at % width, (at / width) | 0, frame);
    frame.y[at] = (inside ? 190 : KEY.y) + random() * 40 - 20;
  }
  for (let at = 0; at < frame.u.length; at++) {
    const inside = isInside(2 * (at % (width / 2)), 2 * ((2 * at) / width), frame);
    frame.u[at] = (inside ? 128 : KEY.u) + random() * 24 - 12;
    frame.v[at] = (inside ? 140 : KEY.v) + random() * 24 - 12;
  }
  const table = keyTable(KEY);
  const alpha = new Uint8Array(width * height);
  hueMatte(frame, table, KEY.y, alpha);
  const expected = slowMatte(frame, table, KEY.y);
  const off = alpha.map((value, at) => Math.abs(value - (expected[at] ?? 0)));
  expect(Math.max(...off)).toBeLessThanOrEqual(1);
  expect(expected.some((value) => value > 60 && value < 190)).toBe(true);
});

function isInside(x: number, y: number, { width, height }: Planes): boolean {
  return (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2;
}

/** What the kernel does, as one would write it down. */
function slowMatte({ width, height, y, u, v }: Planes, table: Uint8Array, screen: number) {
  const within = (at: number, size: number) => Math.max(0, Math.min(size - 1, at));
  const colour = (x: number, row: number) =>
    within(row, height / 2) * (width / 2) + within(x, width / 2);
  const bright = (x: number, row: number) =>
    y[within(row, height) * width + within(x, width)] as number;
  const alpha = (x: number, row: number) => {
    const at = colour(x, row);
    return table[(u[at] as number) * 256 + (v[at] as number)] as number;
  };
  const light = (x: number, row: number) => {
    const [column, line] = [2 * within(x, width / 2), 2 * within(row, height / 2)];
    const above = bright(column, line) + bright(column + 1, line);
    return (above + bright(column, line + 1) + bright(column + 1, line + 1)) / 4;
  };
  const result = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, line] = [column >> 1, row >> 1];
      const steps = (by: number) => Array.from({ length: 2 * by + 1 }, (_, at) => at - by);
      const around = <Value>(by: number, of: (x: number, row: number) => Value) =>
        steps(by).flatMap((down) => steps(by).map((across) => of(x + across, line + down)));
      const near = around(1, (...at) => ({ a: alpha(...at), b: light(...at) }));
      const opacities = near.map(({ a }) => a);
      const at = row * width + column;
      if (Math.max(...opacities) - Math.min(...opacities) <= 8) {
        result[at] = alpha(x, line);
        continue;
      }
      const mean = (of: (pixel: { a: number; b: number }) => number) =>
        near.reduce((sum, pixel) => sum + of(pixel), 0) / near.length;
      const [a, b] = [mean((pixel) => pixel.a), mean((pixel) => pixel.b)];
      const covariance = mean((pixel) => pixel.a * pixel.b) - a * b;
      const variance = mean((pixel) => pixel.b * pixel.b) - b * b;
      const slope = (1.4 * covariance) / (variance + 8);
      const far = around(2, (...of) => ({ a: alpha(...of) / 255, b: light(...of) }));
      const weighed = (first: number, usual: number, weight: (a: number) => number) => {
        const weights = far.map((pixel) => weight(pixel.a));
        const sum = far.reduce((all, pixel, index) => all + (weights[index] ?? 0) * pixel.b, 0);
        return (first * usual + sum) / weights.reduce((all, each) => all + each, first);
      };
      const subject = weighed(1e-6, light(x, line), (is) => is ** 4);
      const ground = weighed(0.02, screen, (is) => (1 - is) ** 4);
      const [beside, over] = [x + 2 * (column & 1) - 1, line + 2 * (row & 1) - 1];
      const between = (of: (x: number, row: number) => number) =>
        (9 * of(x, line) + 3 * of(beside, line) + 3 * of(x, over) + of(beside, over)) / 16;
      const told = between(alpha) + slope * (bright(column, row) - between(light));
      const contrast = Math.abs(subject - ground);
      const alone =
        contrast < 4 ? told : (255 * (bright(column, row) - ground)) / (subject - ground);
      const held = Math.max(0, Math.min(255, alone));
      const trust = 0.8 * (contrast / (contrast + 15)) ** 2;
      result[at] = Math.max(0, Math.min(255, Math.round(told + trust * (held - told))));
    }
  }
  return result;
}
