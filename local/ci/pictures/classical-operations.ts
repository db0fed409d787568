import { classicalColour, classicalEnhance, classicalMagnify } from './classical-improving.ts';
import { classicalMatting } from './classical-matting.ts';
import { classicalRepair } from './classical-repair.ts';
import type { Craft } from './craft.ts';
import { INSTANTLY } from './instant-operations.ts';

/** Operations that really work on the pixels, without any trained model. */
export const CLASSICALLY: Craft = {
  ...INSTANTLY,
  matting: classicalMatting,
  repair: classicalRepair,
  magnify: classicalMagnify,
  colour: classicalColour,
  enhance: classicalEnhance,
};
