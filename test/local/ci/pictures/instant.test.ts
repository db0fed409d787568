import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { carryOutPicture } from '../../../../local/ci/pictures/carry-out-picture.ts';
import { INSTANT } from '../../../../local/ci/pictures/craft.ts';
import { pictureInfo } from '../../../../local/ci/pictures/picture-info.ts';
import { writeBase64Url } from '../../../../shared/wire/base64-url.ts';
import { readRule } from '../../../../shared/wire/rule-text.ts';
import { bmp24, boxPicture, rawOf, seenBox } from './pictures-for-tests.ts';

const SIZE = { width: 100, height: 60 };
const BOX = { left: 10, top: 20, width: 20, height: 24 };
const photo = () => boxPicture(SIZE, BOX).png().toBuffer();

async function made(rule: string, input?: Uint8Array, mask?: Uint8Array) {
  const read = readRule(rule);
  if (read.kind === 'style') throw new Error('A style is not for operations');
  const work = { rule: read, input: input ?? (await photo()), ...(mask ? { mask } : {}) };
  return carryOutPicture(work, INSTANT);
}

async function refusal(rule: string, input?: Uint8Array): Promise<string> {
  return made(rule, input).then(
    () => 'done',
    (thrown) => thrown.code,
  );
}

describe('matting', () => {
  test.for(['AIPicMatting', 'GoodsMatting', 'AIPortraitMatting'])(
    '%s leaves the subject where it was',
    async (name) => {
      const { output, contentType, info, engine } = await made(`ci-process=${name}`);
      expect(await seenBox(output)).toEqual(BOX);
      expect(info).toMatchObject({ format: 'PNG', ...SIZE });
      expect([contentType, engine]).toEqual(['image/png', 'instant']);
    },
  );

  test('center-layout moves the middle of the subject to the middle of the same canvas', async () => {
    const { output, info } = await made('ci-process=GoodsMatting&center-layout=1');
    expect(await seenBox(output)).toEqual({ left: 40, top: 18, width: 20, height: 24 });
    expect(info).toMatchObject(SIZE);
  });

  test('padding-layout adds transparent space on all four sides', async () => {
    const { output, info } = await made('ci-process=GoodsMatting&padding-layout=7x3');
    expect(info).toMatchObject({ width: 114, height: 66 });
    expect(await seenBox(output)).toEqual({ ...BOX, left: 17, top: 23 });
  });

  test('both at once centre first and pad then; spaces around the x mean nothing', async () => {
    const { output, info } = await made(
      'ci-process=GoodsMatting&center-layout=1&padding-layout=10 x 5',
    );
    expect(info).toMatchObject({ width: 120, height: 70 });
    expect(await seenBox(output)).toEqual({ left: 50, top: 23, width: 20, height: 24 });
  });

  test.for([
    'center-layout=2',
    'padding-layout=1001x0',
    'padding-layout=10',
    'padding-layout=-1x2',
  ])('%s is out of range', async (option) => {
    expect(await refusal(`ci-process=GoodsMatting&${option}`)).toBe('InvalidArgument');
  });
});

describe('image repair', () => {
  const polygon = (points: unknown) =>
    `ci-process=ImageRepair&MaskPoly=${writeBase64Url(JSON.stringify(points))}`;
  const square = [
    [10, 20],
    [30, 20],
    [30, 44],
    [10, 44],
  ];

  async function changedBox(output: Uint8Array) {
    const before = await rawOf(await photo());
    const after = await rawOf(output);
    let [left, top, right, bottom] = [SIZE.width, SIZE.height, -1, -1];
    for (let y = 0; y < SIZE.height; y++) {
      for (let x = 0; x < SIZE.width; x++) {
        if (before.at(x, y).join() === after.at(x, y).join()) continue;
        [left, top] = [Math.min(left, x), Math.min(top, y)];
        [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
      }
    }
    return { left, top, width: right - left + 1, height: bottom - top + 1 };
  }

  test('a polygon is what changes, and nothing else', async () => {
    expect(await changedBox((await made(polygon(square))).output)).toEqual(BOX);
  });

  test('several polygons may be given, and points outside the picture are clipped', async () => {
    const outside = [
      [90, 50],
      [500, 50],
      [500, 500],
      [90, 500],
    ];
    const { output } = await made(polygon([square, outside]));
    expect(await changedBox(output)).toEqual({ left: 10, top: 20, width: 90, height: 40 });
  });

  test('a mask of another size is scaled to the picture, and wins over polygons', async () => {
    const white = { create: { width: 5, height: 3, channels: 3 as const, background: '#ffffff' } };
    const mask = await sharp({
      create: { width: 10, height: 6, channels: 3, background: '#000000' },
    })
      .composite([{ input: white, left: 5, top: 3 }])
      .png()
      .toBuffer();
    const { output } = await made(polygon(square), undefined, mask);
    expect(await changedBox(output)).toEqual({ left: 50, top: 30, width: 50, height: 30 });
  });

  test('without a mask the picture is left as it is', async () => {
    expect((await changedBox((await made('ci-process=ImageRepair')).output)).width).toBeLessThan(0);
  });

  test.for([
    ['not a polygon', 'x'],
    [
      'two points',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['a number', 7],
    ['nothing', []],
  ] as const)('a mask that is %s is refused', async ([, points]) => {
    expect(await refusal(polygon(points))).toBe('InvalidArgument');
  });
});

describe('super resolution and its kin', () => {
  test.for([
    ['', 2],
    ['&magnify=1', 1],
    ['&magnify=2', 2],
    ['&magnify=4', 4],
  ] as const)('AISuperResolution%s makes both sides %i times as long', async ([option, times]) => {
    const { info } = await made(`ci-process=AISuperResolution${option}`);
    expect(info).toMatchObject({ width: 100 * times, height: 60 * times });
  });

  test('magnify=3 is not offered, and a picture over 1920 x 1080 is too large', async () => {
    expect(await refusal('ci-process=AISuperResolution&magnify=3')).toBe('InvalidArgument');
    const large = await sharp({
      create: { width: 1921, height: 10, channels: 3, background: '#fff' },
    })
      .png()
      .toBuffer();
    expect(await refusal('ci-process=AISuperResolution', large)).toBe('ImageResolutionExceed');
  });

  test.for(['AIImageColoring', 'AIEnhanceImage'])('%s keeps size and format', async (name) => {
    const jpeg = await boxPicture(SIZE, BOX).flatten().jpeg().toBuffer();
    const { info, contentType } = await made(`ci-process=${name}`, jpeg);
    expect(info).toMatchObject({ format: 'JPEG', ...SIZE });
    expect(contentType).toBe('image/jpeg');
  });

  test('AIImageCrop cuts the exact size around the subject, or the largest of that shape', async () => {
    const exact = await made('ci-process=AIImageCrop&width=20&height=24&fixed=1');
    expect(exact.info).toMatchObject({ width: 20, height: 24 });
    expect((await rawOf(exact.output)).at(0, 0).slice(0, 3)).toEqual([200, 20, 20]);
    const shaped = await made('ci-process=AIImageCrop&width=2&height=1');
    expect(shaped.info).toMatchObject({ width: 100, height: 50 });
    expect(await refusal('ci-process=AIImageCrop&width=101&height=1&fixed=1')).toBe(
      'InvalidArgument',
    );
    expect(await refusal('ci-process=AIImageCrop&width=10')).toBe('InvalidArgument');
  });

  test('with ignore-error the original bytes come back instead of an error', async () => {
    const input = await photo();
    const { output } = await made(
      'ci-process=AIImageCrop&width=1000&height=1&ignore-error=1',
      input,
    );
    expect(Buffer.from(output).equals(input)).toBe(true);
  });
});

describe('what can be read', () => {
  const cut = 'ci-process=GoodsMatting';

  test('JPEG, PNG, WebP, BMP and the first frame of a GIF', async () => {
    const flat = boxPicture(SIZE, BOX).flatten();
    for (const input of [
      await flat.clone().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
      await flat.clone().png({ palette: true }).toBuffer(),
      await flat.clone().webp({ lossless: true }).toBuffer(),
      await flat.clone().gif().toBuffer(),
      bmp24(SIZE.width, SIZE.height, (x, y) =>
        x >= BOX.left && x < BOX.left + BOX.width && y >= BOX.top && y < BOX.top + BOX.height
          ? 0xc81414
          : 0xffffff,
      ),
    ]) {
      expect(await seenBox((await made(cut, input)).output)).toEqual(BOX);
    }
  });

  test('a picture that lies on its side is stood up first', async () => {
    const lying = await boxPicture(SIZE, BOX)
      .flatten()
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { output, info } = await made(cut, lying);
    expect(info).toMatchObject({ width: 60, height: 100 });
    const box = await seenBox(output);
    expect(box.top).toBeLessThan(20);
    expect(box.left).toBeGreaterThan(10);
  });

  test('16 bits, grey, CMYK and alpha all come out as they look', async () => {
    const flat = boxPicture(SIZE, BOX).flatten();
    const deep = await flat.clone().toColourspace('rgb16').png().toBuffer();
    const grey = await flat.clone().greyscale().png().toBuffer();
    const cmyk = await flat.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    for (const input of [deep, grey, cmyk]) {
      expect(await seenBox((await made(cut, input)).output)).toEqual(BOX);
    }
    const alpha = await sharp({ create: { ...SIZE, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    expect((await seenBox((await made(cut, alpha)).output)).width).toBeLessThan(0);
  });

  test.for([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no picture')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['half a BMP', bmp24(20, 20, () => 0).subarray(0, 300)],
  ] as const)('%s is refused by name', async ([, input]) => {
    expect(await refusal(cut, input)).toBe('InvalidImageFormat');
  });

  test('a picture that ends early is refused, not guessed at', async () => {
    const whole = await photo();
    expect(await refusal(cut, whole.subarray(0, whole.length - 40))).toBe('InvalidImageFormat');
  });

  test('a header that promises too much is refused before anything is allocated', async () => {
    const bomb = bmp24(2, 2, () => 0);
    bomb.writeInt32LE(49_000, 18);
    bomb.writeInt32LE(49_000, 22);
    expect(await refusal(cut, bomb)).toBe('ImageResolutionExceed');
    expect(await refusal(cut, Buffer.alloc(32 * 1024 * 1024 + 1))).toBe('ImageTooLarge');
  });
});

describe('pipelines', () => {
  const jpeg = () => boxPicture({ width: 400, height: 200 }, BOX).flatten().jpeg().toBuffer();

  test.for([
    ['thumbnail/!50p', 200, 100],
    ['thumbnail/!50px', 200, 200],
    ['thumbnail/!x50p', 400, 100],
    ['thumbnail/100x', 100, 50],
    ['thumbnail/x100', 200, 100],
    ['thumbnail/100x100', 100, 50],
    ['thumbnail/!100x100r', 200, 100],
    ['thumbnail/100x100!', 100, 100],
    ['thumbnail/800x800>', 400, 200],
    ['thumbnail/100x100<', 400, 200],
    ['thumbnail/20000@', 200, 100],
    ['crop/100x50', 100, 50],
    ['crop/100x', 100, 200],
    ['cut/100x50x350x10', 50, 50],
    ['rotate/90', 200, 400],
    ['thumbnail/!50p/rotate/90', 100, 200],
    ['auto-orient/strip/thumbnail/100x', 100, 50],
  ] as const)('imageMogr2/%s gives %i x %i', async ([rule, width, height]) => {
    expect((await made(`imageMogr2/${rule}`, await jpeg())).info).toMatchObject({ width, height });
  });

  test.for([
    ['1/w/100/h/100', 100, 100],
    ['2/w/100/h/100', 100, 50],
    ['2/w/100', 100, 50],
    ['3/w/100/h/100', 200, 100],
    ['0/w/100/h/20', 40, 20],
  ] as const)('imageView2/%s gives %i x %i', async ([rule, width, height]) => {
    expect((await made(`imageView2/${rule}`, await jpeg())).info).toMatchObject({ width, height });
  });

  test('gravity says where a crop is taken from', async () => {
    const east = await made('imageMogr2/gravity/southeast/crop/100x100', await jpeg());
    expect((await rawOf(east.output)).at(5, 5)[1]).toBeGreaterThan(240);
    const west = await made('imageMogr2/gravity/northwest/crop/100x100', await jpeg());
    expect((await rawOf(west.output)).at(20, 30)[1]).toBeLessThan(100);
  });

  test('format and quality decide how the result is written; chains run one after the other', async () => {
    const webp = await made(
      'imageMogr2/thumbnail/!50p|imageMogr2/rotate/90/format/webp',
      await jpeg(),
    );
    expect(webp.info).toMatchObject({ format: 'WEBP', width: 100, height: 200 });
    const poor = await made('imageMogr2/quality/20', await jpeg());
    expect(poor.info.quality).toBeGreaterThan(10);
    expect(poor.info.quality).toBeLessThan(30);
  });

  test.for([
    ['imageMogr2/iradius/10', 'NotImplemented'],
    ['watermark/2/text/eA', 'NotImplemented'],
    ['imageMogr2/thumbnail/axb', 'InvalidArgument'],
    ['imageView2/9/w/10', 'InvalidArgument'],
    ['imageMogr2/thumbnail/axb/ignore-error/1', 'done'],
  ] as const)('%s: %s', async ([rule, expected]) => {
    expect(await refusal(rule, await jpeg())).toBe(expected);
  });
});

test('information of a picture is what the service tells', async () => {
  const jpeg = await sharp({
    create: { width: 40, height: 20, channels: 3, background: '#c86432' },
  })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 68 })
    .toBuffer();
  const { average, quality, ...rest } = await pictureInfo(jpeg);
  expect(rest).toEqual({ format: 'JPEG', width: 40, height: 20, orientation: 6, frames: 1 });
  expect(quality).toBe(68);
  expect(average).toMatch(/^0xc[789a][0-9a-f]{4}$/);
});

test('an operation the engine has not is refused by its name', async () => {
  expect(await refusal('ci-process=AIFaceBeautify')).toBe('NotImplemented');
});
