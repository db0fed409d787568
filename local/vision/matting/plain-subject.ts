import { boxBlur } from '../box-blur.ts';
import type { Colours } from '../colours.ts';
import { pushPull } from '../push-pull.ts';
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

const MOST_ROUNDS = 6;

/** How plain a ground has to be: for goods it is expected, for any picture it has to be beyond doubt. */
export interface Plainness {
  readonly sigma: number;
  readonly inliers: number;
}

/** The part of a picture that is not its plain ground, or nothing where its ground is not plain. */
export function subjectOnPlain(lab: Colours, plainness: Plainness): Mask | undefined {
  const ring = surfaceOf(lab, ringOf(lab), 2);
  if (ring.sigma > plainness.sigma || ring.inliers < plainness.inliers) return undefined;
  const size = { width: lab.width, height: lab.height };

  let ground: Ground = {
    surface: surfacePicture(ring, size.width, size.height),
    sigma: ring.sigma,
  };
  let found = 0;
  // Each time more of the ground is known, and foretells better what lies farther in.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const open = below(size, away(lab, ground.surface), thresholdOf(ground));
    const reached = flooded(open, border(size));
    const places = placesIn(reached);
    if (places.length < found * 1.002) break;
    found = places.length;
    ground = refinedGround(lab, reached, places);
  }
  const { sigma } = ground;
  const distance = away(lab, ground.surface);
  const plain = below(size, distance, thresholdOf(ground));
  const flat = flooded(plain, border(size));
  const holed = withHoles(lab, ground.surface, flat, distance, sigma);
  const shaded = withShadows(lab, ground.surface, holed, plain, sigma);
  const whole = withGaps(shaded, plain);
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
      if (x === thickness && y >= thickness && y < height - thickness) {
        x = Math.max(x, width - thickness);
      }
      places.push(y * width + x);
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
function refinedGround(lab: Colours, found: Mask, places: Int32Array): Ground {
  const { width, height } = found;
  const cubic = surfaceOf(lab, places, 3);
  const surface = surfacePicture(cubic, width, height);
  // What the polynomial misses, smoothed, and half of it far below the subject, where it is a guess.
  const rest = new Float32Array(lab.data.length);
  for (let each = 0; each < places.length; each++) {
    const place = (places[each] ?? 0) * 4;
    rest[place] = (lab.data[place] ?? 0) - (surface.data[place] ?? 0);
    rest[place + 1] = (lab.data[place + 1] ?? 0) - (surface.data[place + 1] ?? 0);
    rest[place + 2] = (lab.data[place + 2] ?? 0) - (surface.data[place + 2] ?? 0);
    rest[place + 3] = 1;
  }
  const radius = Math.max(2, Math.round(Math.min(width, height) / 24));
  const near = dilated(found, 2 * radius);
  const smooth = pushPull(scaledToWeights(boxBlur({ width, height, data: rest }, radius)));
  for (let at = 0; at < width * height; at++) {
    const share = near.data[at] === 1 ? 1 : 0.5;
    const place = at * 4;
    surface.data[place] = (surface.data[place] ?? 0) + share * (smooth.data[place] ?? 0);
    surface.data[place + 1] =
      (surface.data[place + 1] ?? 0) + share * (smooth.data[place + 1] ?? 0);
    surface.data[place + 2] =
      (surface.data[place + 2] ?? 0) + share * (smooth.data[place + 2] ?? 0);
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
    const share = known / weight;
    scaled[at] = (data[at] ?? 0) * share;
    scaled[at + 1] = (data[at + 1] ?? 0) * share;
    scaled[at + 2] = (data[at + 2] ?? 0) * share;
    scaled[at + 3] = known;
  }
  return { width, height, data: scaled };
}

function placesIn({ data }: Mask): Int32Array {
  const places = new Int32Array(data.length);
  let count = 0;
  for (let at = 0; at < data.length; at++) if (data[at] === 1) places[count++] = at;
  return places.subarray(0, count);
}

/** How much darker a shadow may be, and how steep; light falls off more softly than any shadow ends. */
const SHADOW = { faintest: 6, darkest: 45, steepest: 3.2 };
const LIGHT = { brightest: 12, steepest: 1.2 };

/**
 * The ground with the shadows on it: darker by a limit, of the same hue, without edges of their own.
 * A shadow is entered through passages of some width only, else light fur on a light ground leaks out.
 */
function withShadows(lab: Colours, ground: Colours, flat: Mask, plain: Mask, sigma: number): Mask {
  const smooth = boxBlur(lab, 1);
  const radius = Math.max(1, Math.round(Math.min(flat.width, flat.height) / 200));
  const slope = slopeOf(smooth);
  const allowed = emptyMask(flat);
  const dark = emptyMask(flat);
  for (let at = 0; at < allowed.data.length; at++) {
    const place = at * 4;
    const light = smooth.data[place] ?? 0;
    const lightOfGround = ground.data[place] ?? 0;
    const darker = lightOfGround - light;
    if (darker < -LIGHT.brightest || darker > SHADOW.darkest) continue;
    if ((slope[at] ?? 0) > (darker < -2 ? LIGHT.steepest : SHADOW.steepest)) continue;
    // Less light means less colour, by the same share.
    const share = light / Math.max(1, lightOfGround);
    const a = (smooth.data[place + 1] ?? 0) - share * (ground.data[place + 1] ?? 0);
    const b = (smooth.data[place + 2] ?? 0) - share * (ground.data[place + 2] ?? 0);
    const limit = Math.max(3, 0.1 * Math.abs(darker) + 2 * sigma);
    if (Math.sqrt(a * a + b * b) >= limit) continue;
    allowed.data[at] = 1;
    if (darker > SHADOW.faintest) dark.data[at] = 1;
  }
  const open = either(plain, allowed);
  const entered = both(dilated(flooded(eroded(open, radius), flat), radius), open);
  const things = both(enclosed(without(entered, flat), flat), dark);
  return either(flat, without(entered, things));
}

/** Of eight ways out, so many that end at an edge make a grey thing of what might be a shadow. */
const WAYS_SHUT = 6;

/** The pixels from which the flat ground is seen in few directions only, the view ending at an edge. */
function enclosed(shadows: Mask, flat: Mask): Mask {
  const { width, height } = flat;
  const places = placesIn(shadows);
  const shut = new Uint8Array(flat.data.length);
  const ends = outside(flat).data;
  for (const [across, down] of EIGHT_WAYS) {
    const step = down * width + across;
    // Whatever lies on the way is asked first.
    for (let each = 0; each < places.length; each++) {
      const at = places[step < 0 ? each : places.length - 1 - each] ?? 0;
      const x = (at % width) + across;
      const next = at + step;
      const beyond = x < 0 || x >= width || next < 0 || next >= width * height;
      const end = beyond ? 0 : (ends[next] ?? 0);
      ends[at] = end;
      shut[at] = (shut[at] ?? 0) + end;
    }
  }
  const mask = emptyMask(flat);
  for (let at = 0; at < shut.length; at++) if ((shut[at] ?? 0) >= WAYS_SHUT) mask.data[at] = 1;
  return mask;
}

const EIGHT_WAYS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [1, -1],
] as const;

/** How steep the lightness is at each pixel, its noise smoothed away before. */
function slopeOf({ width, height, data }: Colours): Float32Array {
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
