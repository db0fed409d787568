import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PicturePool, picturePool } from '../../../../local/ci/pictures/pool.ts';
import { readRule } from '../../../../shared/wire/rule-text.ts';
import { bmp24, boxPicture } from './pictures-for-tests.ts';

let pool: PicturePool;
beforeAll(() => {
  pool = picturePool({ threads: 2, maxWaiting: 1000 });
});
afterAll(() => pool.stop());

function outcome(input: Uint8Array, text = 'ci-process=GoodsMatting'): Promise<string> {
  const rule = readRule(text);
  if (rule.kind === 'style') throw new Error('A style is not for operations');
  return pool.picture({ rule, input }).then(
    () => 'done',
    (thrown) => thrown.code,
  );
}

const white = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#ffffff' }, limitInputPixels: false });

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

test('two hundred damaged pictures are each done or refused by name, and the next one is done', async () => {
  const picture = boxPicture({ width: 40, height: 30 }, { left: 5, top: 5, width: 9, height: 9 });
  const flat = picture.flatten();
  const sound = await Promise.all([
    flat.clone().jpeg().toBuffer(),
    flat.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().png().toBuffer(),
    picture.clone().webp().toBuffer(),
    flat.clone().gif().toBuffer(),
    bmp24(40, 30, (x, y) => x * 5000 + y),
  ]);
  const below = numbers(7);
  const damaged = Array.from({ length: 200 }, (_, at) => {
    const bytes = Buffer.from(sound[at % sound.length] ?? []);
    if (at % 3 === 0) return bytes.subarray(0, below(bytes.length));
    // Every second time in the headers, where sizes and lengths are.
    const reach = at % 2 === 0 ? 64 : bytes.length;
    for (let times = 0; times <= below(8); times++) bytes[below(reach)] = below(256);
    return bytes;
  });
  const outcomes = await Promise.all(damaged.map((input) => outcome(input)));
  expect([...new Set(outcomes)].sort()).toEqual([
    'ImageResolutionExceed',
    'InvalidImageFormat',
    'done',
  ]);
  for (const input of sound) expect(await outcome(input)).toBe('done');
});

/** A PNG whose header says this size, and which holds next to nothing. */
function lyingPng(width: number, height: number): Buffer {
  const header = Buffer.from('00000000000000000800000000', 'hex');
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const chunk = (name: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), content]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test('headers that promise more pixels than there may be are refused before any is made', async () => {
  const before = process.memoryUsage().rss;
  expect(await outcome(lyingPng(40_000, 40_000))).toBe('ImageResolutionExceed');
  expect(await outcome(lyingPng(15_000, 15_000))).toBe('InvalidImageFormat');
  expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000);
});

test('sides end at 50,000 and animations at 300 frames', async () => {
  expect(await outcome(await white(50_000, 2).png().toBuffer())).toBe('done');
  expect(await outcome(await white(50_001, 2).png().toBuffer())).toBe('ImageResolutionExceed');
  const animation = (frames: number) => {
    // Frames that are alike would become one.
    const data = Buffer.alloc(4 * 4 * 3 * frames, 0).map((_, at) => (at * 31) & 255);
    const raw = { width: 4, height: 4 * frames, channels: 3 as const, pageHeight: 4 };
    return sharp(data, { raw }).gif({ keepDuplicateFrames: true }).toBuffer();
  };
  expect(await outcome(await animation(300))).toBe('done');
  expect(await outcome(await animation(301))).toBe('ImageResolutionExceed');
});

test.for([
  'imageMogr2/rotate/45',
  `imageMogr2/${Array(60).fill('rotate/3').join('/')}`,
  'imageMogr2/crop/49000x1/rotate/80',
  'ci-process=GoodsMatting&padding-layout=1000x1000',
])('%s is refused before a picture grows too large', async (rule) => {
  const strip = await white(49_000, 2).png().toBuffer();
  expect(await outcome(strip, rule)).toBe('ImageResolutionExceed');
  expect(await outcome(await white(49, 2).png().toBuffer(), 'imageMogr2/rotate/45')).toBe('done');
});

test('a repair has at most 9,999 pixels a side, and no format more than it can say', async () => {
  const input = await white(20_000, 2).png().toBuffer();
  expect(await outcome(input, 'ci-process=ImageRepair')).toBe('ImageResolutionExceed');
  expect(await outcome(input, 'imageMogr2/format/webp')).toBe('ImageResolutionExceed');
});

test.for([
  ['TIFF', (picture: Sharp) => picture.tiff().toBuffer()],
  ['AVIF', (picture: Sharp) => picture.avif().toBuffer()],
  [
    'SVG',
    async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  ],
] as const)('%s is no format of the service, though the decoder may have it', async ([, write]) => {
  expect(await outcome(await write(white(9, 9)))).toBe('InvalidImageFormat');
});
