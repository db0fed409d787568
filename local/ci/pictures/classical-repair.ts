import { grown } from '../../vision/repair/grown.ts';
import { repair } from '../../vision/repair/repair.ts';
import type { Asked, Craft } from './craft.ts';
import { maskOf } from './mask.ts';
import { type Opened, pixelsOf } from './read-picture.ts';
import { asPngAsBefore } from './write-picture.ts';

/** What is to go left traces beside the mask: soft edges, and what JPEG made of them. */
const GROWN_BY = 2;

export const classicalRepair: Craft['repair'] = async (opened, asked, maskPicture) => {
  const mask = await repairMask(opened, asked, maskPicture);
  const pixels = await pixelsOf(opened);
  if (!mask) return { ...(await asPngAsBefore(pixels, opened)), engine: 'classical/no-mask' };
  repair(pixels, mask);
  return { ...(await asPngAsBefore(pixels, opened)), engine: 'classical/repair' };
};

/** What is to be filled: the mask that was given, with what is to go beside it. */
export async function repairMask(
  { width, height }: Opened,
  { polygons }: Asked<'repair'>,
  maskPicture: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  const mask = await maskOf(polygons, maskPicture, width, height);
  return mask && grown(mask, width, height, GROWN_BY);
}
