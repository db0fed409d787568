import type { Pixels } from '../pixels.ts';
import { layersOnPlain } from './plain-layers.ts';
import { subjectOnPlain } from './plain-subject.ts';
import { refine } from './refine.ts';
import { shrunk } from './shrunk.ts';

export type Subject = 'any' | 'goods' | 'portrait';

const WORK_PIXELS = 400_000;

/** Makes the ground of a picture transparent, where it lies, and says by which way it was found. */
export function cutOutSubject(pixels: Pixels, _subject: Subject): 'goods' | 'generic' | 'people' {
  const work = shrunk(pixels, WORK_PIXELS);
  const subject = subjectOnPlain(work, { sigma: 99, inliers: 0 });
  if (!subject) return 'generic';
  refine(pixels, layersOnPlain(work, subject));
  return 'goods';
}
