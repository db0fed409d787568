import { CUTOUT_LAYOUT, layoutOptions } from './cutout-layout.ts';
import { defineOperation } from './define-operation.ts';
import { PICTURE_BASICS, pictureActions } from './picture-basics.ts';

export const goodsMatting = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions('ci:CreateGoodsMattingJob'),
  name: 'goods-matting',
  summary: 'Cuts the product out of its background',
  wireName: 'GoodsMatting',
  parameters: CUTOUT_LAYOUT,
  encode: (layout) => ({ options: layoutOptions(layout) }),
});
