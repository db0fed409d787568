import type { Colours } from '../colours.ts';
import { highestWithin } from '../highest-within.ts';
import { pushPull } from '../push-pull.ts';
import { both, dilated, either, eroded, flooded, type Mask, outside, without } from './masks.ts';
import type { Layers } from './refine.ts';

/** How far from the ground a pixel may be and still be a mixture of both. */
const DEEPEST = 6;
/** From here on a pixel is taken for the subject alone, and so is what lies behind it. */
const OPAQUE = 0.95;
/** Between the ends of three channels. */
const MOST_CONTRAST = 512;

/**
 * Opacity and colours where the ground is known: a pixel between both lies as far from the ground as it
 * is opaque. It is looked for from the ground inward, and no further than the first opaque pixel.
 */
export function layersOnPlain(picture: Colours, subject: Mask): Layers {
  const { width, height } = picture;
  const ground = outside(subject);
  const back = pushPull(weighted(picture, eroded(ground, 1)));
  const contrast = contrastOf(picture, back, subject);
  const gaps = gapsIn(contrast, subject);
  const core = coreOf(contrast, without(subject, gaps));
  const front = pushPull(weighted(picture, core));
  const opacity = opacityInward(picture, front, back, subject, gaps);
  for (let at = 0; at < width * height; at++) {
    front.data[at * 4 + 3] = opacity[at] ?? 0;
    const apart = apartFrom(front, back, at) ** 2;
    back.data[at * 4 + 3] = apart / (apart + 400);
  }
  return { front, back };
}

function weighted({ width, height, data }: Colours, { data: inside }: Mask): Colours {
  const known = new Float32Array(data.length);
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] !== 1) continue;
    const place = at * 4;
    known[place] = data[place] ?? 0;
    known[place + 1] = data[place + 1] ?? 0;
    known[place + 2] = data[place + 2] ?? 0;
    known[place + 3] = 1;
  }
  return { width, height, data: known };
}

/** How far each pixel of the subject is from the ground, by colour. */
function contrastOf(picture: Colours, back: Colours, { data: inside }: Mask): Float32Array {
  const contrast = new Float32Array(inside.length);
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] === 1) contrast[at] = apartFrom(picture, back, at);
  }
  return contrast;
}

/**
 * Where the ground shines through between hairs: thin, much nearer to the ground than what is on either
 * side, and linked with the open ground. A pale stripe is not thin, and a thin line is not linked.
 */
function gapsIn(contrast: Float32Array, subject: Mask): Mask {
  const { width, height } = subject;
  const closed = closedWithin(contrast, width, height, 2);
  const reach = Math.max(3, Math.round(Math.min(width, height) / 40));
  const ground = outside(subject);
  const near = dilated(ground, reach);
  const pale = new Uint8Array(subject.data.length);
  for (let at = 0; at < pale.length; at++) {
    if (near.data[at] === 1 && (contrast[at] ?? 0) < 0.5 * (closed[at] ?? 0)) pale[at] = 1;
  }
  const open = either(ground, { width, height, data: pale });
  const linked = flooded(dilated(open, 1), ground);
  return both(subject, both(open, linked));
}

/** The lowest of the highest: what is lower than all around it is filled up. */
function closedWithin(values: Float32Array, width: number, height: number, radius: number) {
  const highest = highestWithin(values, width, height, radius);
  // The lowest is the highest, turned round. No contrast is more than this.
  const turn = (each: Float32Array) => {
    for (let at = 0; at < each.length; at++) each[at] = MOST_CONTRAST - (each[at] ?? 0);
    return each;
  };
  return turn(highestWithin(turn(highest), width, height, radius));
}

/**
 * Pixels of the subject alone: those deep inside, and in thin parts those that differ most from the
 * ground. Beside an edge of much contrast what differs little is a mixture, or a trace of compression.
 */
function coreOf(contrast: Float32Array, subject: Mask): Mask {
  const { width, height } = subject;
  const deep = eroded(subject, 3);
  const nearby = highestWithin(contrast, width, height, 2);
  const around = highestWithin(contrast, width, height, Math.max(4, Math.round(width / 60)));
  const core = deep.data;
  for (let at = 0; at < core.length; at++) {
    const own = contrast[at] ?? 0;
    if (own > 0 && own >= 0.9 * (nearby[at] ?? 0) && own >= 0.55 * (around[at] ?? 0)) core[at] = 1;
  }
  return deep;
}

function apartFrom(one: Colours, other: Colours, at: number): number {
  const red = (one.data[at * 4] ?? 0) - (other.data[at * 4] ?? 0);
  const green = (one.data[at * 4 + 1] ?? 0) - (other.data[at * 4 + 1] ?? 0);
  const blue = (one.data[at * 4 + 2] ?? 0) - (other.data[at * 4 + 2] ?? 0);
  return Math.sqrt(red * red + green * green + blue * blue);
}

function opacityInward(
  picture: Colours,
  front: Colours,
  back: Colours,
  subject: Mask,
  gaps: Mask,
): Float32Array {
  const { width, height } = subject;
  const opacity = new Float32Array(width * height).fill(-1);
  // The outermost pixel of the ground may be a faint mixture too.
  const rim = without(dilated(subject, 1), subject);
  let frontier: number[] = [];
  for (let at = 0; at < opacity.length; at++) {
    if (rim.data[at] === 1) opacity[at] = measured(picture, front, back, at);
    else if (gaps.data[at] === 1 || subject.data[at] === 0) opacity[at] = 0;
    if (rim.data[at] === 1 || gaps.data[at] === 1) frontier.push(at);
  }
  for (const at of frontier) opacity[at] = measured(picture, front, back, at);
  for (let depth = 0; depth < DEEPEST && frontier.length > 0; depth++) {
    const next: number[] = [];
    for (const at of frontier) {
      if ((opacity[at] ?? 0) >= OPAQUE) continue;
      const x = at % width;
      const y = (at - x) / width;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const place = v * width + u;
          if (opacity[place] !== -1) continue;
          opacity[place] = measured(picture, front, back, place);
          next.push(place);
        }
      }
    }
    frontier = next;
  }
  for (let at = 0; at < opacity.length; at++) {
    const value = opacity[at] ?? 0;
    // Noise of the ground is not worth a veil, nor that of the subject a hole.
    opacity[at] = value === -1 ? 1 : Math.min(1, Math.max(0, (value - 0.03) / 0.93));
  }
  return opacity;
}

function measured(picture: Colours, front: Colours, back: Colours, at: number): number {
  let along = 0;
  let apart = 1;
  for (let channel = 0; channel < 3; channel++) {
    const ground = back.data[at * 4 + channel] ?? 0;
    const difference = (front.data[at * 4 + channel] ?? 0) - ground;
    along += ((picture.data[at * 4 + channel] ?? 0) - ground) * difference;
    apart += difference * difference;
  }
  return Math.min(1, Math.max(0, along / apart));
}
