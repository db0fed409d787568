import { tone } from '../../vision/colouring/tone.ts';
import { enhance } from '../../vision/enhance/enhance.ts';
import { enlarged, sharpen } from '../../vision/super-resolution/super-resolve.ts';
import type { Craft } from './craft.ts';
import { pixelsOf } from './read-picture.ts';
import { pixelsAsBefore } from './write-picture.ts';

export const classicalMagnify: Craft['magnify'] = async (opened, { times }) => {
  const pixels = await pixelsOf(opened);
  if (times === 1) sharpen(pixels);
  const made = times === 2 || times === 4 ? enlarged(pixels, times) : pixels;
  return { ...(await pixelsAsBefore(made, opened)), engine: 'classical/super-resolution' };
};

export const classicalEnhance: Craft['enhance'] = async (opened, strength) => {
  const pixels = await pixelsOf(opened);
  enhance(pixels, strength);
  return { ...(await pixelsAsBefore(pixels, opened)), engine: 'classical/enhance' };
};

/** Colours cannot be found without a model that has seen many; the name says what was done instead. */
export const classicalColour: Craft['colour'] = async (opened) => {
  const pixels = await pixelsOf(opened);
  tone(pixels);
  return { ...(await pixelsAsBefore(pixels, opened)), engine: 'classical/tone-only' };
};
