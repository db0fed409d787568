import { colouring } from './colouring.ts';
import { enhance } from './enhance.ts';
import { genericMatting } from './generic-matting.ts';
import { goodsMatting } from './goods-matting.ts';
import { imageRepair } from './image-repair.ts';
import type { Operation } from './operation.ts';
import { picture } from './picture.ts';
import { portraitMatting } from './portrait-matting.ts';
import { segmentVideoBody } from './segment-video-body.ts';
import { smartCrop } from './smart-crop.ts';
import { superResolution } from './super-resolution.ts';

/** What Cloud Infinite can do for a rules file. A new operation is a file and a line here. */
export const CATALOGUE: readonly Operation[] = [
  genericMatting,
  goodsMatting,
  portraitMatting,
  imageRepair,
  superResolution,
  colouring,
  enhance,
  smartCrop,
  picture,
  segmentVideoBody,
];

/** The operation of that name, or nothing. Whoever has a catalogue of their own hands it in. */
export function operationNamed(
  name: string,
  catalogue: readonly Operation[] = CATALOGUE,
): Operation | undefined {
  return catalogue.find((operation) => operation.name === name);
}
