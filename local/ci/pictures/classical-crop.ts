import { cutOutSubject } from '../../vision/matting/cut-out-subject.ts';
import type { Asked, Made } from './craft.ts';
import { croppedTo } from './instant-operations.ts';
import { type Opened, pixelsOf } from './read-picture.ts';

/** Around the subject as it is found for cutting it out. */
export async function classicalCrop(opened: Opened, asked: Asked<'crop'>): Promise<Made> {
  const pixels = await pixelsOf(opened);
  const way = cutOutSubject(pixels, 'any');
  return { ...(await croppedTo(opened, asked, pixels)), engine: `classical/${way}` };
}
