import { expect, test } from 'vitest';
import type { Colours } from '../../../local/vision/colours.ts';
import { pushPull } from '../../../local/vision/push-pull.ts';
import { randomOf } from './random.ts';

test('what is not known is filled as it is filled by hand, to a thousandth of a step', () => {
  const random = randomOf(5);
  for (const [width, height] of [
    [1, 1],
    [5, 3],
    [32, 17],
  ] as const) {
    const data = new Float32Array(width * height * 4);
    for (let at = 0; at < data.length; at += 4) {
      if (random() < 0.6 && at > 0) continue;
      data.set([random() * 255, random() * 255, random() * 255, 1], at);
    }
    const filled = pushPull({ width, height, data });
    const expected = slowly({ width, height, data });
    filled.data.forEach((value, at) => {
      expect(Math.abs(value - (expected.data[at] ?? 0))).toBeLessThan(1e-3);
    });
  }
});

test('of nothing known nothing comes', () => {
  const nothing = { width: 4, height: 4, data: new Float32Array(64) };
  expect([...pushPull(nothing).data].every((value) => value === 0)).toBe(true);
});

/** The twin of the kernel. */
function slowly({ width, height, data }: Colours): Colours {
  if (width === 1 && height === 1) {
    const weight = data[3] ?? 0;
    return { width, height, data: data.map((value) => (weight > 0 ? value / weight : value)) };
  }
  const [wide, high] = [(width + 1) >> 1, (height + 1) >> 1];
  const half = new Float32Array(wide * high * 4);
  for (let at = 0; at < data.length; at++) {
    const x = (at >> 2) % width;
    const y = Math.floor((at >> 2) / width);
    const to = ((y >> 1) * wide + (x >> 1)) * 4 + (at % 4);
    half[to] = (half[to] ?? 0) + (data[at] ?? 0);
  }
  for (let at = 0; at < half.length; at += 4) {
    const weight = half[at + 3] ?? 0;
    if (weight > 1)
      half.set(
        half.subarray(at, at + 4).map((value) => value / weight),
        at,
      );
  }
  const coarse = slowly({ width: wide, height: high, data: half });
  const filled = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const missing = 1 - (data[at + 3] ?? 0);
      const nearX = x >> 1;
      const nearY = y >> 1;
      const farX = Math.min(Math.max(nearX + (x % 2 === 0 ? -1 : 1), 0), wide - 1);
      const farY = Math.min(Math.max(nearY + (y % 2 === 0 ? -1 : 1), 0), high - 1);
      for (let channel = 0; channel < 4; channel++) {
        const of = (u: number, v: number) => coarse.data[(v * wide + u) * 4 + channel] ?? 0;
        const here = 0.75 * of(nearX, nearY) + 0.25 * of(farX, nearY);
        const there = 0.75 * of(nearX, farY) + 0.25 * of(farX, farY);
        filled[at + channel] = (filled[at + channel] ?? 0) + missing * (0.75 * here + 0.25 * there);
      }
    }
  }
  return { width, height, data: filled };
}
