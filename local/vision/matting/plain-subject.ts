import { boxBlur } from '../box-blur.ts';
import type { Colours } from '../colours.ts';
import { pushPull } from '../push-pull.ts';
import { labOf } from './lab.ts';
import {
  below,
  border,
  both,
  dilated,
  either,
  emptyMask,
  eroded,
  flooded,
  type Mask,
  outside,
  piecesOf,
  piecesWhere,
  without,
} from './masks.ts';
import { type Surface, surfaceOf, surfacePicture } from './surface.ts';

/** How plain a ground has to be: for goods it is expected, for any picture it has to be beyond doubt. */
export interface Plainness {
  readonly sigma: number;
  readonly inliers: number;
}

/** The part of a picture that is not its plain ground, or nothing where its ground is not plain. */
export function subjectOnPlain(picture: Colours, plainness: Plainness): Mask | undefined {
  const lab = labOf(picture);
  const ring = surfaceOf(lab, ringOf(picture), 2);
  if (ring.sigma > plainness.sigma || ring.inliers < plainness.inliers) return undefined;
  const size = { width: picture.width, height: picture.height };

  const first = away(lab, surfacePicture(ring, size.width, size.height));
  const tau = thresholdOf(ring);
  const reached = flooded(below(size, first, tau), border(size));

  const ground = refinedGround(lab, reached);
  const { sigma } = ground;
  const distance = away(lab, ground.surface);
  const plain = below(size, distance, thresholdOf(ground));
  const flat = flooded(plain, border(size));
  const background = withShadows(boxBlur(lab, 1), ground.surface, flat, plain, sigma);
  const holed = withHoles(lab, ground.surface, background, distance, sigma);
  const whole = withGaps(holed, plain);
  return withoutSpecks(outside(whole));
}

function thresholdOf({ sigma }: Pick<Surface, 'sigma'>): number {
  return Math.max(4, 4 * sigma);
}

/** The places of the pixels along the border, where a subject seldom is. */
function ringOf({ width, height }: Colours): Int32Array {
  const thickness = Math.max(2, Math.round(0.035 * Math.min(width, height)));
  const places: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const toSide = Math.min(x, y, width - 1 - x, height - 1 - y);
      if (toSide < thickness) places.push(y * width + x);
    }
  }
  return Int32Array.from(places);
}

function away(lab: Colours, ground: Colours): Float32Array {
  const distances = new Float32Array(lab.data.length / 4);
  for (let at = 0; at < distances.length; at++) {
    const lightness = (lab.data[at * 4] ?? 0) - (ground.data[at * 4] ?? 0);
    const a = (lab.data[at * 4 + 1] ?? 0) - (ground.data[at * 4 + 1] ?? 0);
    const b = (lab.data[at * 4 + 2] ?? 0) - (ground.data[at * 4 + 2] ?? 0);
    distances[at] = Math.sqrt(lightness * lightness + a * a + b * b);
  }
  return distances;
}

interface Ground {
  readonly surface: Colours;
  readonly sigma: number;
}

/** What the ground looks like everywhere, also below the subject, from all of it that was found. */
function refinedGround(lab: Colours, found: Mask): Ground {
  const { width, height } = found;
  const places = Int32Array.from(placesIn(found));
  const cubic = surfaceOf(lab, places, 3);
  const surface = surfacePicture(cubic, width, height);
  // What the polynomial misses, smoothed, and half of it below the subject, where it is a guess.
  const rest = new Float32Array(lab.data.length);
  for (const at of places) {
    for (let channel = 0; channel < 3; channel++) {
      rest[at * 4 + channel] =
        (lab.data[at * 4 + channel] ?? 0) - (surface.data[at * 4 + channel] ?? 0);
    }
    rest[at * 4 + 3] = 1;
  }
  const radius = Math.max(2, Math.round(Math.min(width, height) / 24));
  const smooth = pushPull(scaledToWeights(boxBlur({ width, height, data: rest }, radius)));
  for (let at = 0; at < width * height; at++) {
    const share = found.data[at] === 1 ? 1 : 0.5;
    for (let channel = 0; channel < 3; channel++) {
      const place = at * 4 + channel;
      surface.data[place] = (surface.data[place] ?? 0) + share * (smooth.data[place] ?? 0);
    }
  }
  return { surface, sigma: cubic.sigma };
}

/** Means of weighted colours become weighted means: known well where there were enough of them. */
function scaledToWeights({ width, height, data }: Colours): Colours {
  const scaled = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const weight = data[at + 3] ?? 0;
    if (weight < 0.02) continue;
    const known = Math.min(1, weight * 4);
    for (let channel = 0; channel < 3; channel++) {
      scaled[at + channel] = ((data[at + channel] ?? 0) / weight) * known;
    }
    scaled[at + 3] = known;
  }
  return { width, height, data: scaled };
}

function placesIn({ data }: Mask): number[] {
  const places: number[] = [];
  for (let at = 0; at < data.length; at++) if (data[at] === 1) places.push(at);
  return places;
}

/**
 * The ground with the shadows on it: darker by a limit, of the same hue, without edges of their own.
 * A shadow is entered through passages of some width only, else light fur on a light ground leaks out.
 */
function withShadows(lab: Colours, ground: Colours, flat: Mask, plain: Mask, sigma: number): Mask {
  const { width, height } = flat;
  const radius = Math.max(1, Math.round(Math.min(width, height) / 200));
  const slope = slopeOf(lab);
  const allowed = emptyMask(flat);
  for (let at = 0; at < allowed.data.length; at++) {
    const place = at * 4;
    const light = lab.data[place] ?? 0;
    const lightOfGround = ground.data[place] ?? 0;
    const darker = lightOfGround - light;
    if (darker < -2 || darker > 45 || (slope[at] ?? 0) > 3.2) continue;
    // Less light means less colour, by the same share.
    const share = light / Math.max(1, lightOfGround);
    const a = (lab.data[place + 1] ?? 0) - share * (ground.data[place + 1] ?? 0);
    const b = (lab.data[place + 2] ?? 0) - share * (ground.data[place + 2] ?? 0);
    if (Math.sqrt(a * a + b * b) < Math.max(3, 0.1 * darker + 2 * sigma)) allowed.data[at] = 1;
  }
  const open = either(plain, allowed);
  const entered = dilated(flooded(eroded(open, radius), flat), radius);
  return either(flat, both(entered, open));
}

/** How steep the lightness is at each pixel, its noise smoothed away twice. */
function slopeOf(lab: Colours): Float32Array {
  const { width, height } = lab;
  const { data } = boxBlur(lab, 1);
  const slope = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const left = y * width + Math.max(0, x - 1);
      const right = y * width + Math.min(width - 1, x + 1);
      const across = (data[right * 4] ?? 0) - (data[left * 4] ?? 0);
      const down = (data[(below + x) * 4] ?? 0) - (data[(above + x) * 4] ?? 0);
      slope[y * width + x] = Math.sqrt(across * across + down * down) / 2;
    }
  }
  return slope;
}

/** What looks like the ground inside the subject is ground: a handle, a ring. */
function withHoles(
  lab: Colours,
  ground: Colours,
  background: Mask,
  distance: Float32Array,
  sigma: number,
): Mask {
  const { width, height } = background;
  const smooth = away(boxBlur(lab, 1), ground);
  const limit = 0.75 * Math.max(4, 4 * sigma);
  const islands = without(below(background, smooth, limit), background);
  const { labels, sizes } = piecesOf(islands);
  const sums = new Float64Array(sizes.length);
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at] ?? -1;
    if (label >= 0) sums[label] = (sums[label] ?? 0) + (distance[at] ?? 0);
  }
  const least = Math.max(12, (width * height) / 20_000);
  const isHole = sizes.map(
    (size, label) => size >= least && (sums[label] ?? 0) / size < Math.max(3, 2.5 * sigma),
  );
  return either(background, piecesWhere(islands, labels, isHole));
}

/** Between hairs the ground is seen through gaps of any size, not far from where it lies open. */
function withGaps(background: Mask, plain: Mask): Mask {
  const reach = Math.max(3, Math.round(Math.min(background.width, background.height) / 40));
  const near = dilated(background, reach);
  return either(background, both(near, plain));
}

/** Dust on the ground is no subject. */
function withoutSpecks(subject: Mask): Mask {
  const { labels, sizes } = piecesOf(subject);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const least = Math.max(4, largest * 0.002);
  return piecesWhere(
    subject,
    labels,
    sizes.map((size) => size >= least),
  );
}
