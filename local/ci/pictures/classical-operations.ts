import { classicalCrop } from './classical-crop.ts';
import { classicalColour, classicalEnhance, classicalMagnify } from './classical-improving.ts';
import { classicalMatting } from './classical-matting.ts';
import { classicalRepair } from './classical-repair.ts';
import type { Craft } from './craft.ts';

/** Operations that really work on the pixels, without any trained model. */
export const CLASSICALLY: Craft = {
  matting: classicalMatting,
  repair: classicalRepair,
  magnify: classicalMagnify,
  colour: classicalColour,
  enhance: classicalEnhance,
  crop: classicalCrop,
};
