import { defineOperation } from './define-operation.ts';
import {
  AS_SOURCE,
  FORMAT_UNKNOWN,
  PICTURE_BASICS,
  PICTURE_INPUT,
  pictureActions,
  SMALL_PICTURE_BYTES,
} from './picture-basics.ts';

export const colouring = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions('ci:CreateAIImageColoringJob'),
  name: 'colouring',
  summary: 'Gives a black-and-white picture its colours',
  wireName: 'AIImageColoring',
  input: { ...PICTURE_INPUT, maxBytes: SMALL_PICTURE_BYTES },
  output: AS_SOURCE,
  unconfirmed: [...PICTURE_BASICS.unconfirmed, FORMAT_UNKNOWN],
  parameters: {},
  encode: () => ({ options: {} }),
});
