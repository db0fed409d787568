import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { emptyPixels, type Pixels } from '../../../local/vision/pixels.ts';
import { type Plane, resample } from '../../../local/vision/resample.ts';
import { type BankName, filterBank } from '../../../local/vision/super-resolution/filter-bank.ts';
import { enlarged, sharpen } from '../../../local/vision/super-resolution/super-resolve.ts';
import { kindsOf, valueAt } from '../../../scripts/training/direction.ts';
import { decoded } from './decoded.ts';
import { randomOf } from './random.ts';
import { lightPsnr } from './scores.ts';

describe('beside a correct Lanczos filter', () => {
  test.for(['coffee', 'brick'])('a clean %s comes out 0.6 dB nearer to the truth', async (name) => {
    const half = await decoded(`sr/${name}-half.png`);
    const truth = await decoded(`sr/${name}.png`);
    expect(gainOver(half, truth)).toBeGreaterThan(0.6);
  });

  test.for([95, 85, 75, 60, 45, 30])('a JPEG of quality %i is never worse', async (quality) => {
    for (const name of ['coffee', 'brick']) {
      const half = await compressed(await decoded(`sr/${name}-half.png`), quality);
      const truth = await decoded(`sr/${name}.png`);
      expect(gainOver(half, truth), name).toBeGreaterThan(0);
    }
  });

  test('four times is better as well', async () => {
    const truth = await decoded('sr/brick.png');
    const quarter = halved(await decoded('sr/brick-half.png'));
    const ours = lightPsnr(enlarged(quarter, 4), truth);
    expect(ours).toBeGreaterThan(lightPsnr(byLanczos(quarter, 4), truth) + 0.3);
  });

  function gainOver(half: Pixels, truth: Pixels): number {
    return lightPsnr(enlarged(half, 2), truth) - lightPsnr(byLanczos(half, 2), truth);
  }
});

describe('the kernel does what one would write in TypeScript', () => {
  test('enlarging, to a level, but for one pixel in two hundred on the line between two kinds', () => {
    const picture = waves(75, 60);
    const wanted = byLanczos(picture, 2);
    const made = enlarged(picture, 2);
    const light = filtered(lightOf(picture), 'clean', 2);
    expect(differing(made, wanted, light)).toBeLessThan((150 * 120) / 200);
  });

  test('sharpening, likewise, and in strips as in one', () => {
    // Wider than it is high, so that it takes several strips.
    const picture = waves(5000, 40);
    const light = filtered(lightOf(picture), 'sharpening', 1);
    const before = { ...picture, data: picture.data.slice() };
    sharpen(picture);
    expect(differing(picture, before, light)).toBeLessThan((5000 * 40) / 200);
  });

  /** How many pixels are not what the colours become when they are given that light. */
  function differing(made: Pixels, colours: Pixels, light: Float32Array): number {
    let count = 0;
    light.forEach((value, at) => {
      const more = value - lightAt(colours, at);
      const off = [0, 1, 2].some((c) => {
        const wanted = Math.max(0, Math.min((colours.data[at * 4 + c] ?? 0) + more, 255));
        return Math.abs((made.data[at * 4 + c] ?? 0) - wanted) > 1.6;
      });
      if (off) count++;
    });
    return count;
  }

  function filtered(plane: Plane, name: BankName, times: 1 | 2): Float32Array {
    const { width, height } = plane;
    const bank = filterBank(name);
    const kinds = kindsOf(plane);
    const light = new Float32Array(width * height * times * times);
    for (let at = 0; at < light.length; at++) {
      const [x, y] = [at % (width * times), Math.floor(at / (width * times))];
      const [u, v] = [Math.floor(x / times), Math.floor(y / times)];
      const pixel = times === 1 ? 0 : (x & 1) + 2 * (y & 1);
      const filter = ((kinds[v * width + u] ?? 0) * times * times + pixel) * 108;
      for (let tap = 0; tap < 81; tap++) {
        const [i, j] = [tap % 9, Math.floor(tap / 9)];
        const weight = bank[filter + j * 12 + i] ?? 0;
        light[at] = (light[at] ?? 0) + weight * valueAt(plane, u + i - 4, v + j - 4);
      }
    }
    return light;
  }

  function lightOf(picture: Pixels): Plane {
    const { width, height } = picture;
    const data = Float32Array.from({ length: width * height }, (_, at) => lightAt(picture, at));
    return { width, height, data };
  }

  function lightAt({ data }: Pixels, at: number): number {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 4, at * 4 + 3);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  }
});

test('a plain picture stays plain, whatever is done to it', () => {
  const plain = emptyPixels(40, 30);
  for (let at = 0; at < 40 * 30; at++) plain.data.set([180, 60, 30, 255], at * 4);
  for (const made of [enlarged(plain, 2), enlarged(plain, 4)]) {
    expect(new Set(made.data)).toEqual(new Set([180, 60, 30, 255]));
  }
  sharpen(plain);
  expect(new Set(plain.data)).toEqual(new Set([180, 60, 30, 255]));
});

test('transparency is enlarged as well, and hidden colours do not come into view', () => {
  const picture = emptyPixels(40, 30);
  for (let at = 0; at < 40 * 30; at++) {
    picture.data.set(at % 40 < 20 ? [200, 50, 50, 255] : [0, 255, 0, 0], at * 4);
  }
  const { width, height, data } = enlarged(picture, 2);
  expect([width, height]).toEqual([80, 60]);
  const colours = (x: number) => [...data.subarray((30 * 80 + x) * 4, (30 * 80 + x) * 4 + 4)];
  expect(colours(10)).toEqual([200, 50, 50, 255]);
  expect(colours(70)[3]).toBe(0);
  for (let x = 0; x < 80; x++) expect(colours(x).slice(0, 3)).toEqual([200, 50, 50]);
});

test.for([
  [1, 1],
  [1, 50],
  [3, 2],
] as const)('a picture of %i x %i can be enlarged and sharpened', ([width, height]) => {
  const picture = waves(width, height);
  expect(enlarged(picture, 4)).toMatchObject({ width: width * 4, height: height * 4 });
  sharpen(picture);
});

test('the same picture is enlarged the same every time', () => {
  const [one, other] = [enlarged(waves(64, 64), 4), enlarged(waves(64, 64), 4)];
  expect(Buffer.compare(one.data, other.data)).toBe(0);
});

/** Waves that get finer to the right, with some noise. */
function waves(width: number, height: number): Pixels {
  const random = randomOf(5);
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const wave = 128 + 80 * Math.sin((x % 300) * 0.01 * (x % 300) * 0.2 + y * 0.3) + 6 * random();
    data.set([wave, wave * 0.8, 255 - wave, 255], at * 4);
  }
  return { width, height, data };
}

function halved(picture: Pixels): Pixels {
  const [width, height] = [picture.width >> 1, picture.height >> 1];
  const data = new Uint8Array(width * height * 4);
  for (let c = 0; c < 4; c++) {
    resample(channelOf(picture, c), width, height, 'cubic').data.forEach((value, at) => {
      data[at * 4 + c] = Math.max(0, Math.min(Math.round(value), 255));
    });
  }
  return { width, height, data };
}

async function compressed({ width, height, data }: Pixels, quality: number): Promise<Pixels> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality })
    .toBuffer();
  return { width, height, data: await sharp(jpeg).ensureAlpha().raw().toBuffer() };
}

function byLanczos(picture: Pixels, times: number): Pixels {
  const [width, height] = [picture.width * times, picture.height * times];
  const data = new Uint8Array(width * height * 4);
  for (let c = 0; c < 4; c++) {
    resample(channelOf(picture, c), width, height, 'lanczos').data.forEach((value, at) => {
      data[at * 4 + c] = Math.max(0, Math.min(Math.round(value), 255));
    });
  }
  return { width, height, data };
}

function channelOf({ width, height, data }: Pixels, c: number): Plane {
  const values = Float32Array.from({ length: width * height }, (_, at) => data[at * 4 + c] ?? 0);
  return { width, height, data: values };
}
