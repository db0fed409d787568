import { CUTOUT_LAYOUT, layoutOptions } from './cutout-layout.ts';
import { defineOperation } from './define-operation.ts';
import { PICTURE_BASICS, pictureActions } from './picture-basics.ts';

export const genericMatting = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions('ci:CreateS3AIPicMattingJob'),
  name: 'generic-matting',
  summary: 'Cuts the subject of a picture out of its background, whatever it is',
  wireName: 'AIPicMatting',
  rulesPerRequest: { upload: 1, cloud: 5 },
  unconfirmed: [
    ...PICTURE_BASICS.unconfirmed,
    {
      method: 'upload',
      what: 'limit',
      says: 'Its page allows one rule on upload where its siblings allow five. We keep to one.',
    },
  ],
  parameters: CUTOUT_LAYOUT,
  encode: (layout) => ({ options: layoutOptions(layout) }),
});
