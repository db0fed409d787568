import { grown } from '../../vision/repair/grown.ts';
import { repair } from '../../vision/repair/repair.ts';
import type { Craft } from './craft.ts';
import { maskOf } from './mask.ts';
import { pixelsOf } from './read-picture.ts';
import { asPng } from './write-picture.ts';

/** What is to go left traces beside the mask: soft edges, and what JPEG made of them. */
const GROWN_BY = 2;

export const classicalRepair: Craft['repair'] = async (opened, { polygons }, maskPicture) => {
  const { width, height } = opened;
  const mask = await maskOf(polygons, maskPicture, width, height);
  const pixels = await pixelsOf(opened);
  if (!mask) return { ...(await asPng(pixels)), engine: 'classical/no-mask' };
  repair(pixels, grown(mask, width, height, GROWN_BY));
  return { ...(await asPng(pixels)), engine: 'classical/repair' };
};
