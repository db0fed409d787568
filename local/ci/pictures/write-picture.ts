import type { Pixels } from '../../vision/pixels.ts';
import type { Made } from './craft.ts';
import { type Opened, type picture, pixelsFor, pngOf } from './read-picture.ts';

/** With transparency: that is what was made. */
export async function asPng(pixels: Pixels): Promise<Made> {
  return { bytes: await pngOf(pixels, true), contentType: 'image/png' };
}

/** With transparency only where there was some. */
export async function asPngAsBefore(
  pixels: Pixels,
  { hasAlpha }: Pick<Opened, 'hasAlpha'>,
): Promise<Made> {
  return { bytes: await pngOf(pixels, hasAlpha), contentType: 'image/png' };
}

/** What the encoders lose must be less than what the work won. */
const WORKED_ON = { jpeg: 92, webp: 92 };

/** In the format it came in, and nearly without loss. */
export function pixelsAsBefore(
  pixels: Pixels,
  { format, hasAlpha }: Pick<Opened, 'format' | 'hasAlpha'>,
): Promise<Made> {
  return asBefore(pixelsFor(pixels, hasAlpha), format, WORKED_ON);
}

/** JPEG stays JPEG and WebP stays WebP; everything else becomes PNG. */
export async function asBefore(
  pipeline: ReturnType<typeof picture>,
  format: string,
  quality: { readonly jpeg: number; readonly webp: number } = { jpeg: 80, webp: 80 },
): Promise<Made> {
  if (format === 'jpeg') {
    const bytes = await pipeline.jpeg({ quality: quality.jpeg }).toBuffer();
    return { bytes, contentType: 'image/jpeg' };
  }
  if (format === 'webp') {
    const bytes = await pipeline.webp({ quality: quality.webp }).toBuffer();
    return { bytes, contentType: 'image/webp' };
  }
  return { bytes: await pipeline.png().toBuffer(), contentType: 'image/png' };
}
