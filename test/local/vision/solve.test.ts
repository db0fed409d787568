import { expect, test } from 'vitest';
import { blendIn } from '../../../local/vision/repair/blend-in.ts';
import { smoothFill } from '../../../local/vision/repair/smooth-fill.ts';
import { randomOf } from './random.ts';

const WIDTH = 16;
const HEIGHT = 20;

function start() {
  const random = randomOf(3);
  const data = Float32Array.from({ length: WIDTH * HEIGHT * 4 }, () => Math.floor(random() * 256));
  const hole = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 4; y < 9; y++) hole.fill(255, y * WIDTH + 5, y * WIDTH + 9);
  hole.fill(255, 0, 3); // also at the edge of the picture
  return { data, hole, unknown: [...hole.keys()].filter((at) => hole[at] === 255) };
}

test('the smooth surface is the exact solution of its equations, to a tenth of a level', () => {
  const { data, hole, unknown } = start();
  const solved = data.slice();
  smoothFill({ width: WIDTH, height: HEIGHT, data: solved }, hole);
  for (let c = 0; c < 4; c++) {
    // Least squares of the Laplacian at all pixels: at those far away it does not change.
    const rows = [...hole.keys()].map((at) => {
      const row = new Map<number, number>();
      const beside = besides(at);
      row.set(at, beside.length);
      for (const each of beside) row.set(each, -1);
      return row;
    });
    const matrix = unknown.map((i) =>
      unknown.map((j) => rows.reduce((sum, row) => sum + (row.get(i) ?? 0) * (row.get(j) ?? 0), 0)),
    );
    const right = unknown.map((i) =>
      rows.reduce((sum, row) => {
        let known = 0;
        for (const [at, times] of row) if (hole[at] === 0) known += times * (data[at * 4 + c] ?? 0);
        return sum - (row.get(i) ?? 0) * known;
      }, 0),
    );
    const exact = eliminated(matrix, right);
    unknown.forEach((at, number) => {
      expect(Math.abs((solved[at * 4 + c] ?? 0) - (exact[number] ?? 0))).toBeLessThan(0.1);
    });
  }
});

test('copies are blended in as the equations of their steps say, to a level', () => {
  const { data, hole, unknown } = start();
  const bytes = Uint8Array.from(data);
  const sources = new Int32Array(hole.length).fill(-1);
  for (const at of unknown) sources[at] = at + 8 * WIDTH;
  const solved = bytes.slice();
  blendIn({ picture: { width: WIDTH, height: HEIGHT, data: solved }, hole }, sources, 'copies');
  for (let c = 0; c < 4; c++) {
    const value = (at: number) => bytes[at * 4 + c] ?? 0;
    const isKnown = (at: number) => hole[at] === 0 && at >= 0;
    const matrix = unknown.map((i) =>
      unknown.map((j) => (i === j ? besides(i).length + 0.002 : besides(i).includes(j) ? -1 : 0)),
    );
    const right = unknown.map((at) => {
      const source = sources[at] ?? 0;
      return besides(at).reduce((sum, beside) => {
        const step = value(source) - value(source + beside - at);
        return sum + step + (isKnown(beside) ? value(beside) : 0);
      }, 0.002 * value(source));
    });
    const exact = eliminated(matrix, right);
    unknown.forEach((at, number) => {
      const wanted = Math.max(0, Math.min(exact[number] ?? 0, 255));
      expect(Math.abs((solved[at * 4 + c] ?? 0) - wanted)).toBeLessThanOrEqual(1);
    });
  }
});

function besides(at: number): number[] {
  const x = at % WIDTH;
  const y = Math.floor(at / WIDTH);
  return [
    ...(x > 0 ? [at - 1] : []),
    ...(x < WIDTH - 1 ? [at + 1] : []),
    ...(y > 0 ? [at - WIDTH] : []),
    ...(y < HEIGHT - 1 ? [at + WIDTH] : []),
  ];
}

/** Gauss: slow, plain and exact. */
function eliminated(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    const below = rows.slice(i).toSorted((a, b) => Math.abs(b[i] ?? 0) - Math.abs(a[i] ?? 0));
    rows.splice(i, count - i, ...below);
    const pivot = rows[i] ?? [];
    for (const [at, row] of rows.entries()) {
      if (at === i) continue;
      const times = (row[i] ?? 0) / (pivot[i] ?? 1);
      for (let j = i; j <= count; j++) row[j] = (row[j] ?? 0) - times * (pivot[j] ?? 0);
    }
  }
  return rows.map((row, i) => (row[count] ?? 0) / (row[i] ?? 1));
}
