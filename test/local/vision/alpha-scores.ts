import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { Pixels } from '../../../local/vision/pixels.ts';

/** How near an opacity comes to the exact one. */
export interface AlphaScores {
  /** Common to both over covered by either, at half opacity. */
  readonly iou: number;
  /** The mean of what is wrong, of 0 to 1. */
  readonly mae: number;
  /** The share of pixels that are on the wrong side of half opacity. */
  readonly wrong: number;
}

const FIXTURES = new URL('../../fixtures/vision/', import.meta.url);

export async function fixturePixels(name: string): Promise<Pixels> {
  const { data, info } = await sharp(readFileSync(new URL(`${name}.jpg`, FIXTURES)))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

export async function scoresOf(name: string, { data }: Pixels): Promise<AlphaScores> {
  const file = readFileSync(new URL(`${name}.alpha.png`, FIXTURES));
  const truth = await sharp(file).greyscale().raw().toBuffer();
  // Around a photographed subject nobody can say how opaque a pixel is.
  const unclear = (value: number) => name.endsWith('f-m01') && value > 100 && value < 156;
  let [common, either, sum, count] = [0, 0, 0, 0];
  truth.forEach((exact, at) => {
    if (unclear(exact)) return;
    const alpha = data[at * 4 + 3] ?? 0;
    if (alpha >= 128 && exact >= 128) common++;
    if (alpha >= 128 || exact >= 128) either++;
    sum += Math.abs(alpha - exact) / 255;
    count++;
  });
  return { iou: common / either, mae: sum / count, wrong: (either - common) / count };
}
