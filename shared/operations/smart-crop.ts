import { defineOperation } from './define-operation.ts';
import {
  ACTION_UNKNOWN,
  AS_SOURCE,
  FORMAT_UNKNOWN,
  PICTURE_BASICS,
  pictureActions,
} from './picture-basics.ts';

/** Sizes above are read as this. */
const LARGEST = 10_000;

export const smartCrop = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions(),
  name: 'smart-crop',
  summary: 'Crops a picture around what matters in it',
  wireName: 'AIImageCrop',
  output: AS_SOURCE,
  canFallBack: true,
  unconfirmed: [...PICTURE_BASICS.unconfirmed, ACTION_UNKNOWN, FORMAT_UNKNOWN],
  parameters: {
    width: {
      kind: 'whole',
      min: 1,
      max: LARGEST,
      required: true,
      says: 'How wide: the first part of a ratio, or pixels with `exact`.',
    },
    height: {
      kind: 'whole',
      min: 1,
      max: LARGEST,
      required: true,
      says: 'How high: the second part of the ratio, or pixels with `exact`.',
    },
    exact: {
      kind: 'flag',
      or: false,
      says: 'Takes width and height as a size in pixels, smaller than the picture. Otherwise they are a ratio, best between 1 and 2.5.',
    },
  },
  encode: ({ width, height, exact }) => ({ options: { width, height, fixed: exact ? 1 : 0 } }),
});
