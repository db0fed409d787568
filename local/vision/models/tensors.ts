import type { Pixels } from '../pixels.ts';
import { type Plane, resample } from '../resample.ts';
import { type ModelCard, ModelError } from './model-card.ts';
import type { Tensor } from './runtime.ts';

/** The size a model is given, and where in it the picture lies. */
export interface Place {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How a picture is laid into what a model takes. */
export function placeFor(card: ModelCard, { width, height }: Pixels): Place {
  const { size, multiple, longest, fit } = card;
  if (size === 'any') {
    const scale = Math.min(1, longest / Math.max(width, height));
    const side = (length: number) =>
      Math.max(1, Math.round((length * scale) / multiple)) * multiple;
    return wholly(side(width), side(height));
  }
  const [across, down] = size;
  if (fit === 'stretch') return wholly(across, down);
  const scale = Math.min(across / width, down / height);
  const inner = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const [innerWidth = 1, innerHeight = 1] = inner;
  const left = (across - innerWidth) >> 1;
  const top = (down - innerHeight) >> 1;
  return {
    ...{ width: across, height: down, left, top },
    ...{ right: left + innerWidth, bottom: top + innerHeight },
  };
}

function wholly(width: number, height: number): Place {
  return { width, height, left: 0, top: 0, right: width, bottom: height };
}

/** A picture as a model wants it. Around a letterbox lies black. */
export function pictureTensor(card: ModelCard, picture: Pixels, place: Place): Tensor {
  const planes = { RGB: [0, 1, 2], BGR: [2, 1, 0], L: [-1] }[card.order].map((channel, at) => {
    const [black, white] = card.range;
    const plane = laid(channelPlane(picture, channel, place), place);
    const [mean, std] = [card.mean[at] ?? 0, card.std[at] ?? 1];
    return plane.map((value) => (black + (value / 255) * (white - black) - mean) / std);
  });
  return tensorOf(card, planes, place);
}

/** A mask of 0 and 255 as a model wants it. Beside the picture nothing is to go. */
export function maskTensor(
  card: ModelCard,
  mask: Uint8Array,
  { width, height }: Pixels,
  place: Place,
): Tensor {
  const plane = laid({ width, height, data: Float32Array.from(mask) }, place);
  const marked = plane.map((value) => (value > 0 === (card.removes === 1) ? 1 : 0));
  return tensorOf({ ...card, type: 'float32' }, [marked], place);
}

/** One channel, or the light (-1), already made smaller by whole steps where that is possible. */
function channelPlane({ width, height, data }: Pixels, channel: number, place: Place): Plane {
  const step = Math.max(
    1,
    Math.floor(Math.min(width / (place.right - place.left), height / (place.bottom - place.top))),
  );
  const [across, down] = [Math.floor(width / step), Math.floor(height / step)];
  const plane = new Float32Array(across * down);
  for (let at = 0; at < plane.length; at++) {
    const start = Math.floor(at / across) * step * width + (at % across) * step;
    let sum = 0;
    for (let part = 0; part < step * step; part++) {
      const pixel = (start + Math.floor(part / step) * width + (part % step)) * 4;
      sum +=
        channel >= 0
          ? (data[pixel + channel] ?? 0)
          : 0.299 * (data[pixel] ?? 0) +
            0.587 * (data[pixel + 1] ?? 0) +
            0.114 * (data[pixel + 2] ?? 0);
    }
    plane[at] = sum / (step * step);
  }
  return { width: across, height: down, data: plane };
}

function laid(plane: Plane, place: Place): Float32Array {
  const { left, top, right, bottom } = place;
  const inner = resample(plane, right - left, bottom - top, 'linear');
  const whole = new Float32Array(place.width * place.height);
  for (let y = 0; y < inner.height; y++) {
    const row = inner.data.subarray(y * inner.width, (y + 1) * inner.width);
    whole.set(row, (y + top) * place.width + left);
  }
  return whole;
}

function tensorOf(
  { layout, type }: Pick<ModelCard, 'layout' | 'type'>,
  planes: readonly Float32Array[],
  { width, height }: Place,
): Tensor {
  const count = planes.length;
  const size = width * height;
  const data = type === 'uint8' ? new Uint8Array(size * count) : new Float32Array(size * count);
  planes.forEach((plane, channel) => {
    plane.forEach((value, at) => {
      const to = layout === 'NCHW' ? channel * size + at : at * count + channel;
      data[to] = type === 'uint8' ? Math.max(0, Math.min(Math.round(value), 255)) : value;
    });
  });
  const dims = layout === 'NCHW' ? [1, count, height, width] : [1, height, width, count];
  return { type, dims, data };
}

/**
 * The planes of an answer, from 0 to 1 by the range that the card says. Refuses an answer of another
 * rank, another number of planes, another size, or with what is no number.
 */
export function planesOf(
  card: ModelCard,
  tensor: Tensor,
  count: number,
  size?: { readonly width: number; readonly height: number },
): readonly Plane[] {
  const { dims, data } = tensor;
  const said = `[${dims.join(', ')}]`;
  if (dims.length < 2 || dims.length > 4)
    throw wrong(`has the shape ${said}, not that of a picture`);
  // A plane alone may come without a batch, or without a channel.
  const alone = count === 1 && (dims.length === 2 || (dims.length === 3 && dims[0] === 1));
  const [batch = 1, ...rest] = dims.length === 4 ? dims : [1, ...dims];
  const [channels = 0, height = 0, width = 0] = alone
    ? [1, ...dims.slice(-2)]
    : card.layout === 'NCHW'
      ? rest
      : [rest[2] ?? 0, rest[0] ?? 0, rest[1] ?? 0];
  if (batch !== 1 || channels !== count) {
    throw wrong(`has the shape ${said}, and ${count} planes of ${card.layout} are wanted`);
  }
  if (size && (size.width !== width || size.height !== height)) {
    throw wrong(`is ${width} x ${height}, and ${size.width} x ${size.height} is wanted`);
  }
  const [none, all] = card.outputRange;
  return Array.from({ length: count }, (_, channel) => {
    const plane = new Float32Array(width * height);
    for (let at = 0; at < plane.length; at++) {
      const from = card.layout === 'NCHW' ? channel * plane.length + at : at * count + channel;
      const value = Number(data[from]);
      if (!Number.isFinite(value)) throw wrong('holds what is no number');
      plane[at] = (value - none) / (all - none);
    }
    return { width, height, data: plane };
  });

  function wrong(what: string): ModelError {
    return new ModelError(`answers with "${card.output}", which ${what}`);
  }
}

/** What of an answer belongs to the picture, without what lay around it. */
export function cropped(plane: Plane, place: Place): Plane {
  const [across, down] = [plane.width / place.width, plane.height / place.height];
  const [left, top] = [Math.round(place.left * across), Math.round(place.top * down)];
  const width = Math.max(1, Math.round(place.right * across) - left);
  const height = Math.max(1, Math.round(place.bottom * down) - top);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + top) * plane.width + left;
    data.set(plane.data.subarray(from, from + width), y * width);
  }
  return { width, height, data };
}
