import { defineOperation } from './define-operation.ts';
import { AS_SOURCE, FORMAT_UNKNOWN, PICTURE_BASICS, pictureActions } from './picture-basics.ts';

const { actions, doubtful } = pictureActions('ci:CreateAIEnhanceImageJob');

export const enhance = defineOperation({
  ...PICTURE_BASICS,
  actions,
  // Its action had another name before, and some pages still print that.
  doubtful: { ...doubtful, download: ['ci:CreateEnhanceImageJob'] },
  name: 'enhance',
  summary: 'Takes noise out of a picture and sharpens it',
  wireName: 'AIEnhanceImage',
  output: AS_SOURCE,
  canFallBack: true,
  unconfirmed: [...PICTURE_BASICS.unconfirmed, FORMAT_UNKNOWN],
  parameters: {
    denoise: {
      kind: 'whole',
      min: 0,
      max: 5,
      or: 3,
      says: 'How much noise to take out; 0 takes out none.',
    },
    sharpen: { kind: 'whole', min: 0, max: 5, or: 3, says: 'How much to sharpen; 0 not at all.' },
  },
  problemOf: ({ denoise, sharpen }) =>
    denoise === 0 && sharpen === 0
      ? 'With denoise and sharpen both 0 there is nothing to do'
      : undefined,
  encode: ({ denoise, sharpen }) => ({ options: { denoise, sharpen } }),
});
