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

test.for([
  ['f-m01', 0.8],
  ['f-m02', 0.9],
  ['f-m03', 0.98],
  ['f-m04', 0.98],
  ['f-m05', 0.85],
] as const)('%s is cut out whatever it shows, to %f at least', async ([name, least]) => {
  const pixels = await fixturePixels(`matting/${name}`);
  expect(cutOutSubject(pixels, 'any')).toBe('generic');
  expect((await scoresOf(`matting/${name}`, pixels)).iou).toBeGreaterThan(least);
});

test('goods on a plain ground are found as such by whoever does not ask for goods', async () => {
  expect(cutOutSubject(await fixturePixels('goods/f-g02'), 'any')).toBe('goods');
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
