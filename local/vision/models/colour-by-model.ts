import { labOfColour, rgbOfLab } from '../lab-colour.ts';
import type { Pixels } from '../pixels.ts';
import { resample } from '../resample.ts';
import type { Model } from './open-model.ts';
import { cropped, pictureTensor, placeFor, planesOf } from './tensors.ts';

/**
 * Takes the colours from a model and the light from the picture, so that nothing of its sharpness is
 * lost. The picture is changed where it lies.
 */
export async function colourByModel({ card, run }: Model, picture: Pixels): Promise<void> {
  const place = placeFor(card, picture);
  const answer = await run({ [card.input]: pictureTensor(card, picture, place) });
  const output = answer[card.output] ?? { type: 'float32', dims: [], data: [] };
  const inner = planesOf(card, output, card.gives === 'ab' ? 2 : 3).map((plane) =>
    cropped(plane, place),
  );
  const [size] = inner;
  if (!size) return;
  const small = new Float32Array(size.width * size.height * 2);
  for (let at = 0; at < size.width * size.height; at++) {
    const values = inner.map(({ data }) => data[at] ?? 0);
    const [first = 0, second = 0, third = 0] = card.order === 'BGR' ? values.toReversed() : values;
    const [, a, b] =
      card.gives === 'ab'
        ? [0, first, second]
        : labOfColour(255 * first, 255 * second, 255 * third);
    small[at * 2] = a;
    small[at * 2 + 1] = b;
  }
  const { width, height, data } = picture;
  // In strips of rows, for two planes of floats as large as the picture may be larger than it is.
  const [a, b] = [0, 1].map((part) => ({
    ...{ width: size.width, height: size.height },
    data: Float32Array.from({ length: small.length / 2 }, (_, at) => small[at * 2 + part] ?? 0),
  }));
  if (!a || !b) return;
  const across = [a, b].map((plane) => resample(plane, width, size.height, 'linear'));
  for (let y = 0; y < height; y++) {
    const centre = ((y + 0.5) * size.height) / height - 0.5;
    const above = Math.max(0, Math.min(Math.floor(centre), size.height - 1));
    const below = Math.min(above + 1, size.height - 1);
    const share = Math.max(0, Math.min(centre - above, 1));
    for (let x = 0; x < width; x++) {
      const [chromaA = 0, chromaB = 0] = across.map(
        (plane) =>
          (plane.data[above * width + x] ?? 0) * (1 - share) +
          (plane.data[below * width + x] ?? 0) * share,
      );
      const at = (y * width + x) * 4;
      const [light] = labOfColour(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
      data.set(rgbOfLab(light, chromaA, chromaB), at);
    }
  }
}
