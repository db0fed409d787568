import { CUTOUT_LAYOUT, layoutOptions } from './cutout-layout.ts';
import { defineOperation } from './define-operation.ts';
import { ACTION_UNKNOWN, PICTURE_BASICS, pictureActions } from './picture-basics.ts';

export const portraitMatting = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions(),
  name: 'portrait-matting',
  summary: 'Cuts the people out of their background',
  wireName: 'AIPortraitMatting',
  unconfirmed: [...PICTURE_BASICS.unconfirmed, ACTION_UNKNOWN],
  parameters: CUTOUT_LAYOUT,
  encode: (layout) => ({ options: layoutOptions(layout) }),
});
