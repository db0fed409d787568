import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { findFaces, type Light } from '../../../local/vision/faces/find-faces.ts';
import { cutOutSubject } from '../../../local/vision/matting/cut-out-subject.ts';
import { fixturePixels } from './alpha-scores.ts';
import { randomOf } from './random.ts';

async function lightOf(name: string): Promise<Light> {
  const file = readFileSync(new URL(`../../fixtures/vision/${name}.jpg`, import.meta.url));
  const { data, info } = await sharp(file)
    .resize(260, 260, { fit: 'inside' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

test('the face in a portrait is found where it is', async () => {
  const [face, ...others] = findFaces(await lightOf('people/astronaut'));
  expect(others).toEqual([]);
  expect(Math.abs((face?.x ?? 0) - 114)).toBeLessThan(10);
  expect(Math.abs((face?.y ?? 0) - 57)).toBeLessThan(10);
  expect(face?.side).toBeGreaterThan(35);
  expect(face?.side).toBeLessThan(80);
});

test.for(['matting/f-m01', 'matting/f-m03', 'matting/f-m05', 'goods/f-g05'])(
  'there is no face in %s',
  async (name) => {
    expect(findFaces(await lightOf(name))).toEqual([]);
  },
);

test('neither in noise, nor in nothing, nor in what is smaller than a face', () => {
  const random = randomOf(2);
  const noise = new Uint8Array(120 * 90).map(() => random() * 256);
  expect(findFaces({ width: 120, height: 90, data: noise })).toEqual([]);
  expect(findFaces({ width: 120, height: 90, data: new Uint8Array(120 * 90) })).toEqual([]);
  expect(findFaces({ width: 5, height: 3, data: new Uint8Array(15) })).toEqual([]);
});

test('somebody who looks at the camera is cut out with head and shoulders', async () => {
  const pixels = await fixturePixels('people/astronaut');
  expect(cutOutSubject(pixels, 'portrait')).toBe('people');
  const alphaAt = (x: number, y: number) => pixels.data[(y * pixels.width + x) * 4 + 3] ?? -1;
  // Of 300 pixels: hair, face and chest; the wall on either side, the flag and the rocket.
  expect([alphaAt(135, 25), alphaAt(135, 65), alphaAt(110, 200)]).toEqual([255, 255, 255]);
  expect([alphaAt(60, 40), alphaAt(205, 40), alphaAt(12, 40), alphaAt(245, 80)]).toEqual([
    0, 0, 0, 0,
  ]);
});
