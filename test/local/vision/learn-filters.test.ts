import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plane } from '../../../local/vision/resample.ts';
import { learnFilters } from '../../../scripts/training/learn-filters.ts';
import { shapes } from '../../../scripts/training/shapes.ts';

const TRAINING = join(import.meta.dirname, '..', '..', '..', 'scripts', 'training');

/** A part of the drawn shapes, and every second pixel of it. */
function pair() {
  const { width, data } = shapes();
  const part = (step: number): Plane => ({
    width: 96 / step,
    height: 96 / step,
    data: Float32Array.from({ length: (96 / step) ** 2 }, (_, at) => {
      const [x, y] = [at % (96 / step), Math.floor(at / (96 / step))];
      return data[y * step * width + x * step] ?? 0;
    }),
  });
  return { given: part(2), wanted: part(1) };
}

test('the same pictures teach the same weights, to the bit, and every filter keeps a plain area', () => {
  const once = learnFilters([pair()], 2);
  expect(learnFilters([pair()], 2)).toEqual(once);
  for (const filter of once) expect(filter.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 6);
  // The pixel above left is the one that was kept, so the middle has most of the weight.
  const middles = once.map((filter) => filter[40] ?? 0).toSorted((a, b) => a - b);
  expect(middles[108]).toBeGreaterThan(0.5);
});

test('the licence of every picture that is learnt from is written down', () => {
  const readme = readFileSync(join(TRAINING, 'README.md'), 'utf8');
  for (const name of readdirSync(join(TRAINING, 'pictures'))) {
    expect(readme).toMatch(new RegExp(`\`${name}\` .*CC0`));
  }
});
