import type { Pixels } from '../../vision/pixels.ts';
import type { Made } from './craft.ts';
import { type picture, pngOf } from './read-picture.ts';

export async function asPng(pixels: Pixels): Promise<Made> {
  return { bytes: await pngOf(pixels), contentType: 'image/png' };
}

/** JPEG stays JPEG and WebP stays WebP; everything else becomes PNG. */
export async function asBefore(
  pipeline: ReturnType<typeof picture>,
  format: string,
): Promise<Made> {
  if (format === 'jpeg')
    return { bytes: await pipeline.jpeg().toBuffer(), contentType: 'image/jpeg' };
  if (format === 'webp')
    return { bytes: await pipeline.webp().toBuffer(), contentType: 'image/webp' };
  return { bytes: await pipeline.png().toBuffer(), contentType: 'image/png' };
}
