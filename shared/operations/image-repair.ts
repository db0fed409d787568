import { defineOperation } from './define-operation.ts';
import { maskOptions } from './mask.ts';
import { PICTURE_BASICS, pictureActions } from './picture-basics.ts';

export const imageRepair = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions('ci:CreateImageRepairJob'),
  name: 'image-repair',
  summary: 'Removes what a mask covers, such as a logo, and fills the gap',
  wireName: 'ImageRepair',
  parameters: {
    mask: {
      kind: 'mask',
      says: 'What to remove: a picture that is white there (`key` or `url`), or `polygons` around it. Without one the service looks for common logos by itself.',
    },
  },
  encode: ({ mask }) => ({ options: maskOptions('mask', mask) }),
});
