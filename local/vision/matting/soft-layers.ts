import type { Colours } from '../colours.ts';
import { guidedFilter } from '../guided-filter.ts';
import { pushPull } from '../push-pull.ts';
import type { CutOut } from './cut-by-colour.ts';
import { unlikeliness } from './mixture.ts';
import type { Layers } from './refine.ts';

/**
 * Opacity and colours where nothing is known of the ground but what a coarse cut says. Near its edge the
 * colours of both sides decide, and the result follows the edges of the picture.
 */
export function softLayers(
  picture: Colours,
  lab: Colours,
  { mask, subject, ground }: CutOut,
): Layers {
  const { width, height } = picture;
  const near = enlarged(mask, width, height);
  const scale = Math.max(1, width / mask.width);
  const first = new Float32Array(width * height);
  for (let at = 0; at < first.length; at++) {
    const share = near[at] ?? 0;
    first[at] = share;
    if (share < 0.02 || share > 0.98) continue;
    const l = lab.data[at * 4] ?? 0;
    const a = lab.data[at * 4 + 1] ?? 0;
    const b = lab.data[at * 4 + 2] ?? 0;
    const colour = unlikeliness(ground, l, a, b) - unlikeliness(subject, l, a, b);
    const place = Math.log(share / (1 - share));
    first[at] = 1 / (1 + Math.exp(-(Math.max(-4, Math.min(4, colour)) + 1.5 * place)));
  }
  const followed = guidedFilter(picture, first, Math.round(1 + scale), 3);
  const opacity = new Float32Array(width * height);
  for (let at = 0; at < opacity.length; at++) {
    const share = near[at] ?? 0;
    const value = ((followed[at] ?? 0) - 0.06) / 0.88;
    opacity[at] = share <= 0.001 ? 0 : share >= 0.999 ? 1 : Math.min(1, Math.max(0, value));
  }
  return withColours(picture, opacity, near);
}

/** The colours of both sides everywhere, from where there is only the one or only the other. */
function withColours(picture: Colours, opacity: Float32Array, near: Float32Array): Layers {
  const front = pushPull(known(picture, near, opacity, (place) => place));
  const back = pushPull(known(picture, near, opacity, (place) => 1 - place));
  for (let at = 0; at < opacity.length; at++) {
    front.data[at * 4 + 3] = opacity[at] ?? 0;
    const red = (front.data[at * 4] ?? 0) - (back.data[at * 4] ?? 0);
    const green = (front.data[at * 4 + 1] ?? 0) - (back.data[at * 4 + 1] ?? 0);
    const blue = (front.data[at * 4 + 2] ?? 0) - (back.data[at * 4 + 2] ?? 0);
    const apart = red * red + green * green + blue * blue;
    // Colours near the edge are guesses here, so what was found on the smaller picture counts as well.
    back.data[at * 4 + 3] = (0.6 * apart) / (apart + 3600);
  }
  return { front, back };
}

/** Colours count where a pixel is wholly of one side, and far more where it lies deep in it. */
function known(
  { width, height, data }: Colours,
  near: Float32Array,
  opacity: Float32Array,
  side: (value: number) => number,
): Colours {
  const some = new Float32Array(data.length);
  for (let at = 0; at < near.length; at++) {
    if (side(opacity[at] ?? 0) < 0.97) continue;
    const weight = side(near[at] ?? 0) > 0.98 ? 1 : 0.02;
    some[at * 4] = weight * (data[at * 4] ?? 0);
    some[at * 4 + 1] = weight * (data[at * 4 + 1] ?? 0);
    some[at * 4 + 2] = weight * (data[at * 4 + 2] ?? 0);
    some[at * 4 + 3] = weight;
  }
  return { width, height, data: some };
}

/** The mask between 0 and 1 at another size, soft over some pixels along its edge. */
function enlarged(
  { width, height, data }: CutOut['mask'],
  wide: number,
  high: number,
): Float32Array {
  const soft = softened(data, width, height);
  const large = new Float32Array(wide * high);
  for (let y = 0; y < high; y++) {
    const v = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / high - 0.5));
    const top = Math.floor(v);
    const below = Math.min(height - 1, top + 1);
    for (let x = 0; x < wide; x++) {
      const u = Math.min(width - 1, Math.max(0, ((x + 0.5) * width) / wide - 0.5));
      const left = Math.floor(u);
      const right = Math.min(width - 1, left + 1);
      const over = mix(soft[top * width + left] ?? 0, soft[top * width + right] ?? 0, u - left);
      const under = mix(
        soft[below * width + left] ?? 0,
        soft[below * width + right] ?? 0,
        u - left,
      );
      large[y * wide + x] = mix(over, under, v - top);
    }
  }
  return large;
}

function mix(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}

/** Means of five by five pixels: the edge is somewhere there. */
function softened(data: Uint8Array, width: number, height: number): Float32Array {
  const soft = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let v = y - 2; v <= y + 2; v++) {
        for (let u = x - 2; u <= x + 2; u++) {
          const row = Math.min(height - 1, Math.max(0, v));
          sum += data[row * width + Math.min(width - 1, Math.max(0, u))] ?? 0;
        }
      }
      soft[y * width + x] = sum / 25;
    }
  }
  return soft;
}
