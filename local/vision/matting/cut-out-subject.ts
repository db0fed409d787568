import type { Colours } from '../colours.ts';
import type { Pixels } from '../pixels.ts';
import { genericSubject } from './generic-subject.ts';
import { labOf } from './lab.ts';
import { layersOnPlain } from './plain-layers.ts';
import { subjectOnPlain } from './plain-subject.ts';
import { type Layers, refine } from './refine.ts';
import { shrunk, shrunkColours } from './shrunk.ts';
import { softLayers } from './soft-layers.ts';

export type Subject = 'any' | 'goods' | 'portrait';

/** By which way the subject was found. */
export type Way = 'goods' | 'generic' | 'people';

const WORK_PIXELS = 400_000;
const SMALL_PIXELS = 50_000;

/** Whoever says goods expects a plain ground; else it has to be beyond doubt. */
const PLAIN_FOR_GOODS = { sigma: 3.5, inliers: 0.6 };
const PLAIN_BEYOND_DOUBT = { sigma: 1.6, inliers: 0.9 };

/** Makes the ground of a picture transparent, where it lies, and says by which way it was found. */
export function cutOutSubject(pixels: Pixels, subject: Subject): Way {
  const work = shrunk(pixels, WORK_PIXELS);
  const { way, layers } = layersOf(work, subject);
  refine(pixels, layers);
  return way;
}

function layersOf(work: Colours, subject: Subject): { readonly way: Way; readonly layers: Layers } {
  const plainness = subject === 'goods' ? PLAIN_FOR_GOODS : PLAIN_BEYOND_DOUBT;
  const lab = labOf(work);
  const onPlain = subjectOnPlain(lab, plainness);
  if (onPlain) return { way: 'goods', layers: layersOnPlain(work, onPlain) };
  const cut = genericSubject(shrunkColours(work, SMALL_PIXELS));
  return { way: cut.way, layers: softLayers(work, lab, cut) };
}
