import { emptyPixels, type Pixels } from '../pixels.ts';
import { type Plane, resample } from '../resample.ts';
import type { ModelCard } from './model-card.ts';
import type { Model } from './open-model.ts';
import { pictureTensor, planesOf } from './tensors.ts';

/** A tile sees so much of what is around it, and shows nothing of that. */
const OVERLAP = 16;
const TILE = 256;

/** Two or four times as wide and high, by a model that does one of both, in tiles. */
export async function enlargeByModel(
  model: Model,
  picture: Pixels,
  times: 2 | 4 | 1,
): Promise<Pixels> {
  const once = await enlargedOnce(model, picture);
  if (model.card.times === times || times === 1) return once;
  return times === 4 ? enlargedOnce(model, once) : resized(once, 0.5);
}

async function enlargedOnce({ card, run }: Model, picture: Pixels): Promise<Pixels> {
  const { width, height } = picture;
  const { times } = card;
  const made = withAlphaOf(picture, times);
  const [tileWidth, tileHeight] = tileOf(card, picture);
  const [across, down] = [tileWidth - 2 * OVERLAP, tileHeight - 2 * OVERLAP];
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += across) {
      const tile = cut(picture, left - OVERLAP, top - OVERLAP, tileWidth, tileHeight);
      const place = {
        ...{ width: tileWidth, height: tileHeight, left: 0, top: 0 },
        ...{ right: tileWidth, bottom: tileHeight },
      };
      const answer = await run({ [card.input]: pictureTensor(card, tile, place) });
      const size = { width: tileWidth * times, height: tileHeight * times };
      const output = answer[card.output] ?? { type: 'float32', dims: [], data: [] };
      const planes = planesOf(card, output, 3, size);
      const inner = { width: Math.min(across, width - left), height: Math.min(down, height - top) };
      lay(made, planes, card, { left, top, ...inner });
    }
  }
  return made;
}

/** The whole size of a tile, with what it only sees. */
function tileOf(card: ModelCard, { width, height }: Pixels): readonly [number, number] {
  if (card.size !== 'any') return card.size;
  const side = (length: number) =>
    Math.ceil((Math.min(TILE, length) + 2 * OVERLAP) / card.multiple) * card.multiple;
  return [side(width), side(height)];
}

function cut(
  { width, height, data }: Pixels,
  left: number,
  top: number,
  across: number,
  down: number,
): Pixels {
  const tile = emptyPixels(across, down);
  for (let y = 0; y < down; y++) {
    const row = Math.max(0, Math.min(top + y, height - 1)) * width;
    for (let x = 0; x < across; x++) {
      const from = (row + Math.max(0, Math.min(left + x, width - 1))) * 4;
      tile.data.set(data.subarray(from, from + 4), (y * across + x) * 4);
    }
  }
  return tile;
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function lay(
  made: Pixels,
  planes: readonly Plane[],
  { times, order }: ModelCard,
  { left, top, width, height }: Area,
): void {
  planes.forEach((plane, at) => {
    const channel = order === 'BGR' ? 2 - at : at;
    for (let y = 0; y < height * times; y++) {
      for (let x = 0; x < width * times; x++) {
        const from = (y + OVERLAP * times) * plane.width + x + OVERLAP * times;
        const value = Math.round((plane.data[from] ?? 0) * 255);
        const to = ((top * times + y) * made.width + left * times + x) * 4 + channel;
        made.data[to] = Math.max(0, Math.min(value, 255));
      }
    }
  });
}

function withAlphaOf(picture: Pixels, times: number): Pixels {
  const made = emptyPixels(picture.width * times, picture.height * times);
  channel(picture, made, 3);
  return made;
}

function resized(picture: Pixels, scale: number): Pixels {
  const made = emptyPixels(picture.width * scale, picture.height * scale);
  for (let c = 0; c < 4; c++) channel(picture, made, c);
  return made;
}

function channel({ width, height, data }: Pixels, made: Pixels, c: number): void {
  const plane = Float32Array.from({ length: width * height }, (_, at) => data[at * 4 + c] ?? 0);
  const scaled = resample({ width, height, data: plane }, made.width, made.height, 'lanczos');
  scaled.data.forEach((value, at) => {
    made.data[at * 4 + c] = Math.max(0, Math.min(Math.round(value), 255));
  });
}
