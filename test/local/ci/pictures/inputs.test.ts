import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { carryOutPicture } from '../../../../local/ci/pictures/carry-out-picture.ts';
import { INSTANT } from '../../../../local/ci/pictures/craft.ts';
import { readRule } from '../../../../shared/wire/rule-text.ts';
import { boxPicture, rawOf, seenBox } from './pictures-for-tests.ts';

const SIZE = { width: 60, height: 40 };
/** In the upper left, so that every turn and mirroring brings it elsewhere. */
const BOX = { left: 4, top: 8, width: 20, height: 10 };

async function made(text: string, input: Uint8Array) {
  const rule = readRule(text);
  if (rule.kind === 'style') throw new Error('A style is not for operations');
  return carryOutPicture({ rule, input }, INSTANT);
}

/** How a picture has to be stored so that whoever heeds the number sees it upright: turned, then mirrored. */
const STORED: Readonly<Record<number, readonly [degrees: number, mirrored: boolean]>> = {
  1: [0, false],
  2: [0, true],
  3: [180, false],
  4: [180, true],
  5: [90, true],
  6: [270, false],
  7: [270, true],
  8: [90, false],
};

describe.for(Object.keys(STORED).map(Number))(
  'a picture with EXIF orientation %i',
  (orientation) => {
    async function stored(): Promise<Buffer> {
      const [degrees, mirrored] = STORED[orientation] ?? [0, false];
      const upright = await boxPicture(SIZE, BOX).png().toBuffer();
      const turned = await sharp(upright).rotate(degrees).png().toBuffer();
      return sharp(turned).flop(mirrored).withMetadata({ orientation }).png().toBuffer();
    }

    test.for([
      'ci-process=GoodsMatting',
      'ci-process=AISuperResolution&magnify=1',
      'ci-process=AIImageColoring',
      'ci-process=AIImageCrop&width=60&height=40&fixed=1',
      'imageMogr2/auto-orient/strip',
      'imageView2/2/w/60',
    ])('stands upright after %s', async (rule) => {
      const { output, info } = await made(rule, await stored());
      const { at } = await rawOf(output);
      expect(info).toMatchObject(SIZE);
      expect((await sharp(output).metadata()).orientation ?? 1).toBe(1);
      const red = (x: number, y: number) => (at(x, y)[1] ?? 255) < 100 && at(x, y)[3] === 255;
      const { left, top, width, height } = BOX;
      expect([red(left, top), red(left + width - 1, top + height - 1)]).toEqual([true, true]);
      expect([red(left - 1, top), red(left + width, top), red(left, top + height)]).toEqual([
        false,
        false,
        false,
      ]);
    });
  },
);

test('colours of another profile come out as they look', async () => {
  // A red that wide screens show as this is a purer one in sRGB.
  const create = { width: 8, height: 8, channels: 3 as const, background: '#c83c28' };
  const wide = await sharp({ create }).withIccProfile('p3').png().toBuffer();
  expect((await sharp(wide).metadata()).icc).toBeDefined();
  const stored = (await sharp(wide, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3);
  for (const rule of ['ci-process=ImageRepair', 'ci-process=AIImageColoring', 'imageMogr2/strip']) {
    const { output } = await made(rule, wide);
    const [red = 0, green = 0, blue = 0] = (await rawOf(output)).at(3, 3);
    expect([...stored]).not.toEqual([red, green, blue]);
    for (const [is, was] of [
      [red, 0xc8],
      [green, 0x3c],
      [blue, 0x28],
    ] as const) {
      expect(Math.abs(is - was)).toBeLessThan(4);
    }
  }
});

test.for(['png', 'jpeg', 'gif', 'webp'] as const)(
  'a %s of one pixel is a picture',
  async (format) => {
    const create = { width: 1, height: 1, channels: 3 as const, background: '#336699' };
    const input = await sharp({ create }).toFormat(format).toBuffer();
    for (const [rule, width] of [
      ['ci-process=GoodsMatting&center-layout=1', 1],
      ['ci-process=GoodsMatting&padding-layout=2x0', 5],
      ['ci-process=AISuperResolution&magnify=4', 4],
      ['ci-process=AIImageCrop&width=1&height=1', 1],
      ['imageMogr2/thumbnail/!1p', 1],
    ] as const) {
      expect((await made(rule, input)).info.width).toBe(width);
    }
  },
);

test('of an animation the first frame is used', async () => {
  const red = await boxPicture(SIZE, BOX).removeAlpha().raw().toBuffer();
  const blue = Buffer.alloc(red.length, 77);
  const raw = { width: 60, height: 80, channels: 3 as const, pageHeight: 40 };
  const both = sharp(Buffer.concat([red, blue]), { raw });
  for (const input of [
    await both.clone().gif().toBuffer(),
    await both.clone().webp({ lossless: true }).toBuffer(),
  ]) {
    expect((await sharp(input).metadata()).pages).toBe(2);
    expect(await seenBox((await made('ci-process=GoodsMatting', input)).output)).toEqual(BOX);
  }
});

describe('a subject', () => {
  test('that nearly fills the picture stays where it is, or is centred as far as it goes', async () => {
    const box = { left: 1, top: 1, width: 58, height: 37 };
    const input = await boxPicture(SIZE, box).png().toBuffer();
    const { output } = await made('ci-process=GoodsMatting&center-layout=1', input);
    expect(await seenBox(output)).toEqual(box);
  });

  test('of which there is none leaves an empty picture of the right size, and the middle to a crop', async () => {
    const create = { ...SIZE, channels: 3 as const, background: '#ffffff' };
    const input = await sharp({ create }).png().toBuffer();
    const laid = await made('ci-process=GoodsMatting&center-layout=1&padding-layout=3x2', input);
    expect(laid.info).toMatchObject({ width: 66, height: 44 });
    expect((await seenBox(laid.output)).width).toBeLessThan(0);
    const cropped = await made('ci-process=AIImageCrop&width=10&height=10&fixed=1', input);
    expect(cropped.info).toMatchObject({ width: 10, height: 10 });
  });
});

test('what is damaged comes back as it was where errors are to be ignored, and only there', async () => {
  const whole = await boxPicture(SIZE, BOX).flatten().jpeg().toBuffer();
  const input = whole.subarray(0, whole.length - 60);
  for (const rule of ['ci-process=AIEnhanceImage', 'imageMogr2/thumbnail/!50p']) {
    await expect(made(rule, input)).rejects.toMatchObject({ code: 'InvalidImageFormat' });
  }
  for (const rule of [
    'ci-process=AIEnhanceImage&ignore-error=1',
    'imageMogr2/thumbnail/!50p/ignore-error/1',
  ]) {
    const { output, contentType } = await made(rule, input);
    expect([Buffer.from(output).equals(input), contentType]).toEqual([true, 'image/jpeg']);
  }
  await expect(made('ci-process=GoodsMatting&ignore-error=1', input)).rejects.toMatchObject({
    code: 'InvalidImageFormat',
  });
});
