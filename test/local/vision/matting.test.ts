import { expect, test } from 'vitest';
import { cutOutSubject } from '../../../local/vision/matting/cut-out-subject.ts';
import { fixturePixels, scoresOf } from './alpha-scores.ts';

const GOODS = ['f-g01', 'f-g02', 'f-g03', 'f-g04', 'f-g05'].map((name) => `goods/${name}`);

test.for(GOODS)('%s is cut out as goods, nearly to the pixel', async (name) => {
  const pixels = await fixturePixels(name);
  expect(cutOutSubject(pixels, 'goods')).toBe('goods');
  const { iou, mae } = await scoresOf(name, pixels);
  expect(iou).toBeGreaterThan(0.97);
  expect(mae).toBeLessThan(0.014);
});

test('the same picture comes out the same to the bit, every time', async () => {
  const [one, other] = await Promise.all([
    fixturePixels('goods/f-g05'),
    fixturePixels('goods/f-g05'),
  ]);
  cutOutSubject(one, 'goods');
  cutOutSubject(other, 'goods');
  expect(Buffer.compare(one.data, other.data)).toBe(0);
});

test('nothing of the ground is left in the colours of half opaque pixels', async () => {
  // A red mug on white: what is half seen through is as red as the mug, not pink.
  const pixels = await fixturePixels('goods/f-g01');
  cutOutSubject(pixels, 'goods');
  let pale = 0;
  let half = 0;
  for (let at = 0; at < pixels.data.length; at += 4) {
    const alpha = pixels.data[at + 3] ?? 0;
    if (alpha < 50 || alpha > 200) continue;
    half++;
    if (Math.min(...pixels.data.subarray(at, at + 3)) > 150) pale++;
  }
  expect(half).toBeGreaterThan(200);
  expect(pale / half).toBeLessThan(0.02);
});
