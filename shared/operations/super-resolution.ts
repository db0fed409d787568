import { defineOperation } from './define-operation.ts';
import {
  AS_SOURCE,
  FORMAT_UNKNOWN,
  PICTURE_BASICS,
  PICTURE_INPUT,
  pictureActions,
  SMALL_PICTURE_BYTES,
} from './picture-basics.ts';

export const superResolution = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions('ci:CreateSuperResolutionJob'),
  name: 'super-resolution',
  summary: 'Enlarges a small picture and keeps it sharp',
  wireName: 'AISuperResolution',
  input: {
    formats: PICTURE_INPUT.formats,
    maxBytes: SMALL_PICTURE_BYTES,
    maxWidth: 1920,
    maxHeight: 1080,
  },
  output: AS_SOURCE,
  unconfirmed: [...PICTURE_BASICS.unconfirmed, FORMAT_UNKNOWN],
  parameters: {
    magnify: {
      kind: 'choice',
      of: [1, 2, 4],
      or: 2,
      says: 'How many times as wide and as high; 1 sharpens at the same size.',
    },
  },
  encode: ({ magnify }) => ({ options: { magnify } }),
});
