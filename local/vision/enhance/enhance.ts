import type { Pixels } from '../pixels.ts';
import { sharpen } from '../super-resolution/super-resolve.ts';
import { denoise } from './denoise.ts';
import { noiseOf } from './noise-of.ts';

/** Weaker noise is what eight bits a colour have anyway. */
const LEAST_NOISE = 0.8;

/**
 * Takes noise out and sharpens, each from 0 (not at all) to 5. How much noise there is to take out is
 * measured first, so a clean picture keeps its texture. The picture is changed where it lies.
 */
export function enhance(picture: Pixels, strength: { denoise: number; sharpen: number }): void {
  const noise = strength.denoise === 0 ? 0 : noiseOf(picture);
  if (noise >= LEAST_NOISE) denoise(picture, noise * (0.6 + 0.6 * strength.denoise));
  if (strength.sharpen > 0) sharpen(picture, strength.sharpen / 5);
}
