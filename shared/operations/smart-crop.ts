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
      says: 'Smaller than the picture.',
    },
    height: {
      kind: 'whole',
      min: 1,
      max: LARGEST,
      required: true,
      says: 'Smaller than the picture.',
    },
    exact: {
      kind: 'flag',
      or: false,
      says: 'Whether width and height are the size in pixels. Otherwise they are a ratio, best between 1 and 2.5.',
    },
  },
  encode: ({ width, height, exact }) => ({ options: { width, height, fixed: exact ? 1 : 0 } }),
});
