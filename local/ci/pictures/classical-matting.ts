import { cutOutSubject } from '../../vision/matting/cut-out-subject.ts';
import type { Asked, Made } from './craft.ts';
import { laidOut } from './layout.ts';
import { type Opened, pixelsOf } from './read-picture.ts';
import { asPng } from './write-picture.ts';

/** The subject alone, and in the answer by which way it was found. */
export async function classicalMatting(
  opened: Opened,
  { subject, layout }: Asked<'matting'>,
): Promise<Made> {
  const pixels = await pixelsOf(opened);
  const way = cutOutSubject(pixels, subject);
  return { ...(await asPng(laidOut(pixels, layout))), engine: `classical/${way}` };
}
