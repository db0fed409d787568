import type { Pixels } from '../pixels.ts';
import { partsOf } from '../repair/mask-parts.ts';
import { putBack, windowAround, windowOf } from '../repair/window.ts';
import type { Model } from './open-model.ts';
import { cropped, maskTensor, pictureTensor, placeFor, planesOf } from './tensors.ts';

/** What a model is given at once is no larger; it is made smaller still where the card says so. */
const MOST_PIXELS = 4_000_000;

/** Fills what the mask covers by a model. The picture is changed where it lies, and only there. */
export async function repairByModel(
  { card, run }: Model,
  picture: Pixels,
  mask: Uint8Array,
): Promise<void> {
  const missing = mask.slice();
  for (const part of partsOf(mask, picture.width, picture.height)) {
    const box = windowAround(part, picture);
    const { picture: window, hole } = windowOf(picture, missing, box, MOST_PIXELS);
    const place = placeFor(card, window);
    const answer = await run({
      [card.input]: pictureTensor(card, window, place),
      [card.mask ?? 'mask']: maskTensor(card, hole, window, place),
    });
    const planes = planesOf(card, answer[card.output] ?? NO_ANSWER, 3);
    const inner = planes.map((plane) => cropped(plane, place));
    const [width, height] = [inner[0]?.width ?? 0, inner[0]?.height ?? 0];
    const data = new Uint8Array(width * height * 4).fill(255);
    inner.forEach((plane, at) => {
      const channel = card.order === 'BGR' ? 2 - at : at;
      plane.data.forEach((value, pixel) => {
        data[pixel * 4 + channel] = Math.max(0, Math.min(Math.round(value * 255), 255));
      });
    });
    putBack(picture, missing, { width, height, data }, box, part);
  }
}

const NO_ANSWER = { type: 'float32', dims: [], data: [] };
