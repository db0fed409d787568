import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type Plane, resample } from '../../local/vision/resample.ts';
import type { Pair } from './learn-filters.ts';
import { shapes } from './shapes.ts';

/** How pictures come to be small or dull in the world. */
type Damage = (plane: Plane, number: number) => Promise<Plane>;

/** The light of all pictures of the folder, and of shapes with hard edges. */
export async function lights(folder: string): Promise<Plane[]> {
  const planes: Plane[] = [];
  for (const name of readdirSync(folder).sort()) {
    const { data, info } = await sharp(join(folder, name))
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    planes.push(lightOf(data, info.width, info.height));
  }
  return [...planes, shapes()];
}

function lightOf(data: Uint8Array, width: number, height: number): Plane {
  const light = Float32Array.from({ length: width * height }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 3, at * 3 + 3);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  return { width, height, data: light };
}

const half = (plane: Plane, kernel: 'area' | 'lanczos' | 'cubic') => {
  const [width, height] = [plane.width >> 1, plane.height >> 1];
  return kernel === 'area' ? area(plane, width, height) : resample(plane, width, height, kernel);
};

/** As a camera or an editor leaves them, or slightly compressed. */
export async function cleanPairs(planes: readonly Plane[]): Promise<Pair[]> {
  const damages: readonly Damage[] = [
    async (plane) => rounded(half(plane, 'cubic')),
    async (plane) => rounded(half(plane, 'area')),
    async (plane) => jpeg(half(plane, 'lanczos'), 90),
    async (plane, number) => noisy(half(plane, 'cubic'), 1.5, number),
  ];
  return pairsOf(planes, damages);
}

/** As they come out of a messenger or a hasty export. */
export async function compressedPairs(planes: readonly Plane[]): Promise<Pair[]> {
  const damages: readonly Damage[] = [
    async (plane) => jpeg(half(plane, 'cubic'), 72),
    async (plane) => jpeg(half(plane, 'area'), 60),
    async (plane) => jpeg(half(plane, 'cubic'), 45),
    async (plane) => jpeg(half(plane, 'lanczos'), 30),
  ];
  return pairsOf(planes, damages);
}

export async function sharpeningPairs(planes: readonly Plane[]): Promise<Pair[]> {
  const damages: readonly Damage[] = [
    async (plane) => rounded(softened(plane, 0.8)),
    async (plane) => rounded(softened(plane, 0.6)),
    async (plane) => jpeg(softened(plane, 0.7), 88),
    async (plane, number) => noisy(softened(plane, 0.7), 2, number),
  ];
  return pairsOf(planes, damages);
}

async function pairsOf(planes: readonly Plane[], damages: readonly Damage[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const [number, wanted] of planes.entries()) {
    for (const damage of damages) pairs.push({ given: await damage(wanted, number + 1), wanted });
  }
  return pairs;
}

function area({ width: row, data }: Plane, width: number, height: number): Plane {
  const mean = Float32Array.from({ length: width * height }, (_, at) => {
    const from = 2 * (at % width) + 2 * Math.floor(at / width) * row;
    const above = (data[from] ?? 0) + (data[from + 1] ?? 0);
    return (above + (data[from + row] ?? 0) + (data[from + row + 1] ?? 0)) / 4;
  });
  return { width, height, data: mean };
}

function softened(plane: Plane, sigma: number): Plane {
  const side = Math.exp(-1 / (2 * sigma * sigma));
  const far = Math.exp(-4 / (2 * sigma * sigma));
  const weights = [far, side, 1, side, far].map((weight) => weight / (1 + 2 * side + 2 * far));
  const along = ({ width, height, data }: Plane, step: number, last: (at: number) => number) => ({
    width,
    height,
    data: data.map((_, at) => {
      const place = last(at);
      const max = step === 1 ? width - 1 : height - 1;
      return weights.reduce((sum, weight, tap) => {
        const to = Math.max(0, Math.min(place + tap - 2, max));
        return sum + weight * (data[at + (to - place) * step] ?? 0);
      }, 0);
    }),
  });
  const across = along(plane, 1, (at) => at % plane.width);
  return along(across, plane.width, (at) => Math.floor(at / plane.width));
}

function rounded({ width, height, data }: Plane): Plane {
  return {
    width,
    height,
    data: data.map((value) => Math.round(Math.max(0, Math.min(value, 255)))),
  };
}

async function jpeg(plane: Plane, quality: number): Promise<Plane> {
  const { width, height, data } = rounded(plane);
  const raw = { width, height, channels: 1 as const };
  const packed = await sharp(Uint8Array.from(data), { raw }).jpeg({ quality }).toBuffer();
  const unpacked = await sharp(packed).extractChannel(0).raw().toBuffer();
  return { width, height, data: Float32Array.from(unpacked) };
}

/** Noise of about that deviation, the same on every run. */
function noisy(plane: Plane, deviation: number, seed: number): Plane {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const { width, height, data } = plane;
  const worse = data.map((value) => value + deviation * 2 * (random() + random() + random()));
  return rounded({ width, height, data: worse });
}
