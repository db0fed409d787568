import { expect, test } from 'vitest';
import { boxBlur } from '../../../local/vision/box-blur.ts';
import type { Colours } from '../../../local/vision/colours.ts';
import { guidedFilter } from '../../../local/vision/guided-filter.ts';
import { randomOf } from './random.ts';

test('a plane follows the edges of a picture, equal to the bit to what is written down plainly', () => {
  const random = randomOf(5);
  for (const [width, height, radius] of [
    [1, 1, 2],
    [23, 17, 1],
    [40, 31, 4],
  ] as const) {
    const data = Float32Array.from({ length: width * height * 4 }, () => random() * 255);
    const plane = Float32Array.from({ length: width * height }, random);
    const guide = { width, height, data };
    const name = `${width} x ${height}, ${radius}`;
    expect([...guidedFilter(guide, plane, radius, 3)], name).toEqual([
      ...slowFilter(guide, plane, radius, 3),
    ]);
  }
});

/** What the kernel does, as one would write it down. */
function slowFilter(
  guide: Colours,
  plane: Float32Array,
  radius: number,
  smooth: number,
): Float32Array {
  const { width, height, data } = guide;
  const size = { width, height };
  const planes = [0, 1, 2, 3].map(() => new Float32Array(data.length));
  const [means, squares, rest, products] = planes as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let at = 0; at < data.length; at += 4) {
    const r = data[at] ?? 0;
    const g = data[at + 1] ?? 0;
    const b = data[at + 2] ?? 0;
    const p = plane[at >> 2] ?? 0;
    means[at] = r;
    means[at + 1] = g;
    means[at + 2] = b;
    means[at + 3] = p;
    squares[at] = r * r;
    squares[at + 1] = r * g;
    squares[at + 2] = r * b;
    squares[at + 3] = g * g;
    rest[at] = g * b;
    rest[at + 1] = b * b;
    products[at] = r * p;
    products[at + 1] = g * p;
    products[at + 2] = b * p;
  }
  const blurred = planes.map((each) => boxBlur({ ...size, data: each }, radius).data);
  const [m, s, t, q] = blurred as [Float32Array, Float32Array, Float32Array, Float32Array];
  const lines = new Float32Array(data.length);
  const floor = smooth * smooth;
  for (let at = 0; at < data.length; at += 4) {
    const r = m[at] ?? 0;
    const g = m[at + 1] ?? 0;
    const b = m[at + 2] ?? 0;
    const p = m[at + 3] ?? 0;
    const rr = (s[at] ?? 0) - r * r + floor;
    const rg = (s[at + 1] ?? 0) - r * g;
    const rb = (s[at + 2] ?? 0) - r * b;
    const gg = (s[at + 3] ?? 0) - g * g + floor;
    const gb = (t[at] ?? 0) - g * b;
    const bb = (t[at + 1] ?? 0) - b * b + floor;
    const rp = (q[at] ?? 0) - r * p;
    const gp = (q[at + 1] ?? 0) - g * p;
    const bp = (q[at + 2] ?? 0) - b * p;
    const A = gg * bb - gb * gb;
    const B = rb * gb - rg * bb;
    const C = rg * gb - rb * gg;
    const D = rr * bb - rb * rb;
    const E = rg * rb - rr * gb;
    const F = rr * gg - rg * rg;
    const size3 = 1 / (rr * A + rg * B + rb * C);
    const x = (A * rp + B * gp + C * bp) * size3;
    const y = (B * rp + D * gp + E * bp) * size3;
    const z = (C * rp + E * gp + F * bp) * size3;
    lines[at] = x;
    lines[at + 1] = y;
    lines[at + 2] = z;
    lines[at + 3] = p - x * r - y * g - z * b;
  }
  const { data: line } = boxBlur({ ...size, data: lines }, radius);
  const filtered = new Float32Array(plane.length);
  for (let at = 0; at < data.length; at += 4) {
    const value =
      (line[at] ?? 0) * (data[at] ?? 0) +
      (line[at + 1] ?? 0) * (data[at + 1] ?? 0) +
      (line[at + 2] ?? 0) * (data[at + 2] ?? 0) +
      (line[at + 3] ?? 0);
    filtered[at >> 2] = Math.min(1, Math.max(0, value));
  }
  return filtered;
}
