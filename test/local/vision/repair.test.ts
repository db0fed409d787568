import { describe, expect, test } from 'vitest';
import type { Pixels } from '../../../local/vision/pixels.ts';
import { grown } from '../../../local/vision/repair/grown.ts';
import { partsOf } from '../../../local/vision/repair/mask-parts.ts';
import { repair } from '../../../local/vision/repair/repair.ts';
import { windowOf } from '../../../local/vision/repair/window.ts';
import { decoded, decodedMask } from './decoded.ts';
import { detailRatio, psnr } from './scores.ts';

describe('what is filled in, beside Telea with a radius of 5 (OpenCV 4.12)', () => {
  test('letters are repaired nearer to the truth by 1.5 dB', async () => {
    const { error } = await repaired('text', 'coffee');
    expect(error).toBeGreaterThan(19.86 + 1.5);
  });

  test.for([
    ['blob', 'brick', 20.39],
    ['box', 'coffee', 19.85],
  ] as const)(
    'a %s comes within 1 dB, with as much detail as there was',
    async ([name, truth, telea]) => {
      const { error, detail } = await repaired(name, truth);
      expect(error).toBeGreaterThan(telea - 1);
      expect(detail).toBeGreaterThan(0.7);
      expect(detail).toBeLessThan(1.3);
    },
  );

  async function repaired(name: string, truth: string) {
    const picture = await decoded(`repair/${name}.jpg`);
    const mask = await decodedMask(`repair/${name}.mask.png`);
    const original = await decoded(`repair/${truth}.png`);
    repair(picture, mask);
    return { error: psnr(picture, original, mask), detail: detailRatio(picture, original, mask) };
  }
});

test('outside the mask every pixel stays as it is, and inside it is the same every time', async () => {
  const before = await decoded('repair/blob.jpg');
  const mask = await decodedMask('repair/blob.mask.png');
  const once = copyOf(before);
  const twice = copyOf(before);
  repair(once, mask);
  repair(twice, mask);
  expect(Buffer.compare(once.data, twice.data)).toBe(0);
  const touched = mask.findIndex((marked, at) => marked === 0 && differs(once, before, at));
  expect(touched).toBe(-1);
  expect(mask.some((marked, at) => marked === 255 && differs(once, before, at))).toBe(true);
});

test('a hole in a slope is filled with the slope, to a level', () => {
  const slope = pictureOf(80, 60, (x, y) => [2 * x + 10, 3 * y + 20, 100, 255]);
  const ruined = copyOf(slope);
  const mask = maskOf(80, 60, (x, y) => Math.abs(x - 40) < 3 || Math.abs(y - x / 2 - 5) < 2);
  paint(ruined, mask, [0, 0, 0, 255]);
  repair(ruined, mask);
  expect(worst(ruined.data, slope.data)).toBeLessThanOrEqual(1);
});

test('what is transparent around a hole stays so, and its colour does not come into view', () => {
  const picture = pictureOf(96, 96, (x) => (x < 48 ? [200, 40, 40, 255] : [0, 255, 0, 0]));
  const mask = maskOf(96, 96, (x, y) => Math.abs(x - 24) < 10 && Math.abs(y - 40) < 10);
  const clear = maskOf(96, 96, (x, y) => Math.abs(x - 72) < 10 && Math.abs(y - 40) < 10);
  clear.forEach((marked, at) => {
    if (marked === 255) mask[at] = 255;
  });
  paint(picture, mask, [9, 9, 9, 255]);
  repair(picture, mask);
  const seen = (x: number) => [...picture.data.subarray((40 * 96 + x) * 4, (40 * 96 + x) * 4 + 4)];
  expect(seen(24)).toEqual([200, 40, 40, 255]);
  expect(seen(72)[3]).toBe(0);
});

test.for([
  ['everything', () => true],
  ['everything but a corner', (x: number, y: number) => x + y > 4],
  ['nothing', () => false],
] as const)('a mask over %s ends well', ([, where]) => {
  const picture = pictureOf(50, 40, (x, y) => [x, y, 50, 255]);
  repair(picture, maskOf(50, 40, where));
  expect(picture.data.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
});

test.for([
  [1, 1],
  [3, 200],
  [200, 5],
] as const)('a picture of %i x %i can be repaired', ([width, height]) => {
  const picture = pictureOf(width, height, (x, y) => [x, y, 0, 255]);
  repair(
    picture,
    maskOf(width, height, (x, y) => (x + y) % 9 === 0),
  );
  expect(picture.data.length).toBe(width * height * 4);
});

test('a hole of more than a million pixels is filled at a smaller size', () => {
  const picture = pictureOf(1500, 1200, () => [9, 9, 9, 255]);
  const hole = maskOf(1500, 1200, (x, y) => x > 50 && x < 1450 && y > 50 && y < 1150);
  const all = { left: 0, top: 0, right: 1500, bottom: 1200 };
  expect(windowOf(picture, hole, all, 4_000_000).picture).toMatchObject({
    width: 750,
    height: 600,
  });
});

test('parts of a mask that lie apart are repaired apart', () => {
  const mask = maskOf(400, 300, (x, y) => (x < 20 && y < 10) || (x > 300 && y > 200 && y < 230));
  expect(partsOf(mask, 400, 300)).toEqual([
    { left: 0, top: 0, right: 20, bottom: 10 },
    { left: 301, top: 201, right: 400, bottom: 230 },
  ]);
});

test('a grown mask is the same as one that asks for every pixel around', () => {
  const mask = maskOf(31, 23, (x, y) => (x * 7 + y * 13) % 41 === 0);
  const slow = maskOf(31, 23, (x, y) => {
    for (let v = Math.max(0, y - 2); v <= Math.min(22, y + 2); v++) {
      for (let u = Math.max(0, x - 2); u <= Math.min(30, x + 2); u++) {
        if (mask[v * 31 + u] === 255) return true;
      }
    }
    return false;
  });
  expect(grown(mask, 31, 23, 2)).toEqual(slow);
});

function pictureOf(
  width: number,
  height: number,
  colour: (x: number, y: number) => number[],
): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    data.set(colour(at % width, Math.floor(at / width)), at * 4);
  }
  return { width, height, data };
}

function maskOf(
  width: number,
  height: number,
  where: (x: number, y: number) => boolean,
): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, at) =>
    where(at % width, Math.floor(at / width)) ? 255 : 0,
  );
}

function paint({ data }: Pixels, mask: Uint8Array, colour: number[]): void {
  mask.forEach((marked, at) => {
    if (marked === 255) data.set(colour, at * 4);
  });
}

function copyOf({ width, height, data }: Pixels): Pixels {
  return { width, height, data: data.slice() };
}

function differs(one: Pixels, other: Pixels, at: number): boolean {
  return [0, 1, 2, 3].some((c) => one.data[at * 4 + c] !== other.data[at * 4 + c]);
}

function worst(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);
}
