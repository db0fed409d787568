import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classicalOperations } from '../../../../local/ci/classical.ts';
import type { Operations } from '../../../../local/ci/operations-port.ts';
import { readRule } from '../../../../shared/wire/rule-text.ts';
import { bmp24, boxPicture, rawOf, seenBox } from './pictures-for-tests.ts';

let operations: Operations;
beforeAll(() => {
  operations = classicalOperations({ threads: 1, maxMegapixels: 1, maxWaiting: 300 });
});
afterAll(() => operations.stop());

const SIZE = { width: 100, height: 60 };
const BOX = { left: 10, top: 20, width: 20, height: 24 };
/** A triangle. */
const CORNER = Buffer.from('[[0,0],[9,0],[9,9]]').toString('base64url');
const photo = () => boxPicture(SIZE, BOX).png().toBuffer();

async function made(text: string, input?: Uint8Array) {
  const rule = readRule(text);
  if (rule.kind === 'style') throw new Error('A style is not for operations');
  return operations.picture({ rule, input: input ?? (await photo()) });
}

describe('cutting out with craft keeps what is promised about sizes and places', () => {
  test.for(['AIPicMatting', 'GoodsMatting', 'AIPortraitMatting'])(
    '%s leaves the subject where it was, and says how it was found',
    async (name) => {
      const { output, info, engine } = await made(`ci-process=${name}`);
      expect(await seenBox(output)).toEqual(BOX);
      expect(info).toMatchObject({ format: 'PNG', ...SIZE });
      expect(engine).toBe('classical/goods');
      const { at } = await rawOf(output);
      expect(at(20, 30)).toEqual([200, 20, 20, 255]);
      expect(at(5, 5)).toEqual([0, 0, 0, 0]);
    },
  );

  test('center-layout and padding-layout are kept to the pixel', async () => {
    const rule = 'ci-process=GoodsMatting&center-layout=1&padding-layout=10x5';
    const { output, info } = await made(rule);
    expect(info).toMatchObject({ width: 120, height: 70 });
    expect(await seenBox(output)).toEqual({ left: 50, top: 23, width: 20, height: 24 });
  });

  test('a picture of one colour, one pixel, one row: each is done', async () => {
    for (const size of [
      { width: 1, height: 1 },
      { width: 300, height: 1 },
      { width: 3, height: 200 },
      { width: 64, height: 64 },
    ]) {
      const plain = await boxPicture(size, { left: 0, top: 0, width: 1, height: 1 })
        .png()
        .toBuffer();
      for (const name of ['AIPicMatting', 'GoodsMatting', 'AIPortraitMatting']) {
        expect((await made(`ci-process=${name}`, plain)).info).toMatchObject(size);
      }
    }
  });

  test('what was transparent stays transparent', async () => {
    const { default: sharp } = await import('sharp');
    const clear = { create: { ...SIZE, channels: 4 as const, background: '#ff000000' } };
    const { output } = await made('ci-process=GoodsMatting', await sharp(clear).png().toBuffer());
    expect((await seenBox(output)).width).toBeLessThan(0);
  });
});

test('an opaque picture stays one, in all that makes nothing transparent', async () => {
  const { default: sharp } = await import('sharp');
  const clear = await photo();
  const opaque = await sharp(clear).removeAlpha().png().toBuffer();
  const bitmap = bmp24(100, 60, (x, y) => x * 600 + y);
  for (const rule of [
    `ImageRepair&MaskPoly=${CORNER}`,
    'ImageRepair',
    'AISuperResolution',
    'AISuperResolution&magnify=1',
    'AIEnhanceImage',
    'AIImageColoring',
    'AIImageCrop&width=50&height=30',
  ]) {
    const channels = async (input: Buffer) =>
      (await sharp((await made(`ci-process=${rule}`, input)).output).metadata()).channels;
    expect([await channels(opaque), await channels(bitmap)], rule).toEqual([3, 3]);
    expect(await channels(clear), rule).toBe(4);
  }
});

test.for([
  'GoodsMatting',
  'AIPicMatting',
  `ImageRepair&MaskPoly=${CORNER}`,
  'AISuperResolution',
  'AIEnhanceImage',
  'AIImageColoring',
  'AIImageCrop&width=50&height=30',
])(
  '%s of a picture over the ceiling is refused by its size, one that fits is done',
  async (rule) => {
    const large = await boxPicture({ width: 1200, height: 900 }, BOX).png().toBuffer();
    await expect(made(`ci-process=${rule}`, large)).rejects.toMatchObject({
      code: 'ImageResolutionExceed',
      message: expect.stringContaining('1 megapixels'),
    });
    expect((await made(`ci-process=${rule}`)).engine).toContain('classical/');
  },
);

test.for([
  ['cut out', 'AIPicMatting'],
  ['repaired', `ImageRepair&MaskPoly=${CORNER}`],
  ['enlarged', 'AISuperResolution'],
] as const)(
  'two hundred damaged photos are each %s or refused by name, and the next one is done',
  { timeout: 120_000 },
  async ([, rule]) => {
    const fixture = new URL('../../../fixtures/vision/matting/f-m04.jpg', import.meta.url);
    const { default: sharp } = await import('sharp');
    const scaled = sharp(readFileSync(fixture)).resize(90);
    const sound = [
      await scaled.clone().jpeg().toBuffer(),
      await scaled.clone().png().toBuffer(),
      await scaled.clone().webp().toBuffer(),
    ];
    let state = 21;
    const below = (limit: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % limit;
    };
    const damaged = Array.from({ length: 200 }, (_, at) => {
      const bytes = Buffer.from(sound[at % sound.length] ?? []);
      if (at % 4 === 0) return bytes.subarray(0, below(bytes.length));
      const reach = at % 2 === 0 ? 64 : bytes.length;
      for (let times = 0; times <= below(8); times++) bytes[below(reach)] = below(256);
      return bytes;
    });
    const outcomes = await Promise.all(
      damaged.map((input) =>
        made(`ci-process=${rule}`, input).then(
          () => 'done',
          (thrown) => thrown.code,
        ),
      ),
    );
    const known = ['ImageResolutionExceed', 'InvalidImageFormat', 'done'];
    expect(known).toEqual(expect.arrayContaining([...new Set(outcomes)]));
    expect(outcomes.filter((each) => each === 'done').length).toBeGreaterThan(20);
    expect(outcomes.filter((each) => each === 'InvalidImageFormat').length).toBeGreaterThan(20);
    for (const input of sound) {
      expect((await made(`ci-process=${rule}`, input)).engine).toContain('classical/');
    }
    expect(operations.load?.()).toMatchObject({ running: 0, waiting: 0 });
  },
);
