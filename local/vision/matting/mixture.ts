import type { Colours } from '../colours.ts';

/** What the colours of some pixels are like: a few bell curves in three dimensions. */
export interface Mixture {
  /** Ten numbers each: the mean, the six of the inverse covariance, and the log of its share and height. */
  readonly parts: Float64Array;
}

const PARTS = 5;
const NUMBERS = 10;
const ROUNDS = 4;
/** Noise that every colour has, so that no part becomes a point. */
const FLOORS = [4, 2, 2] as const;

/**
 * Learns from pixels that are chosen by their weight, 0 for those that are not. The same pixels always
 * give the same mixture: it begins with colours that lie far apart.
 */
export function mixtureOf(lab: Colours, weights: Float32Array): Mixture {
  const chosen = chosenOf(lab, weights);
  const centres = centresOf(chosen);
  const parts = new Float64Array(PARTS * NUMBERS);
  for (let round = 0; round < ROUNDS; round++) {
    measure(sumsOf(chosen, centres), parts);
    for (let part = 0; part < PARTS; part++) {
      for (let axis = 0; axis < 3; axis++) {
        centres[part * 3 + axis] = parts[part * NUMBERS + axis] ?? 0;
      }
    }
  }
  return { parts };
}

/** The pixels that count, one after the other: three of colour and the weight of each. */
function chosenOf({ data }: Colours, weights: Float32Array): Float32Array {
  const chosen = new Float32Array(data.length);
  let count = 0;
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    if (weight === 0) continue;
    chosen[count] = data[at * 4] ?? 0;
    chosen[count + 1] = data[at * 4 + 1] ?? 0;
    chosen[count + 2] = data[at * 4 + 2] ?? 0;
    chosen[count + 3] = weight;
    count += 4;
  }
  return chosen.subarray(0, count);
}

/** How unlikely a colour is: less for what was often seen. */
export function unlikeliness({ parts }: Mixture, l: number, a: number, b: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < parts.length; at += NUMBERS) {
    const x = l - (parts[at] ?? 0);
    const y = a - (parts[at + 1] ?? 0);
    const z = b - (parts[at + 2] ?? 0);
    const square =
      x * x * (parts[at + 3] ?? 0) +
      y * y * (parts[at + 6] ?? 0) +
      z * z * (parts[at + 8] ?? 0) +
      2 *
        (x * y * (parts[at + 4] ?? 0) +
          x * z * (parts[at + 5] ?? 0) +
          y * z * (parts[at + 7] ?? 0));
    const value = square / 2 - (parts[at + 9] ?? 0);
    if (value < least) least = value;
  }
  return least;
}

function centresOf(chosen: Float32Array): Float64Array {
  const centres = new Float64Array(PARTS * 3);
  let sum = 0;
  for (let at = 0; at < chosen.length; at += 4) {
    const weight = chosen[at + 3] ?? 0;
    sum += weight;
    for (let axis = 0; axis < 3; axis++) {
      centres[axis] = (centres[axis] ?? 0) + weight * (chosen[at + axis] ?? 0);
    }
  }
  for (let axis = 0; axis < 3; axis++) centres[axis] = (centres[axis] ?? 0) / Math.max(sum, 1e-9);
  const away = new Float64Array(chosen.length >> 2).fill(Number.POSITIVE_INFINITY);
  for (let part = 1; part < PARTS; part++) {
    const l = centres[part * 3 - 3] ?? 0;
    const a = centres[part * 3 - 2] ?? 0;
    const b = centres[part * 3 - 1] ?? 0;
    let farthest = 0;
    let most = -1;
    for (let at = 0; at < chosen.length; at += 4) {
      const x = (chosen[at] ?? 0) - l;
      const y = (chosen[at + 1] ?? 0) - a;
      const z = (chosen[at + 2] ?? 0) - b;
      const distance = Math.min(away[at >> 2] ?? 0, x * x + y * y + z * z);
      away[at >> 2] = distance;
      // Neither one odd pixel nor the shade next door: far, but no farther than counts.
      const worth = Math.min(distance, 2500) * (chosen[at + 3] ?? 0);
      if (worth > most) {
        most = worth;
        farthest = at;
      }
    }
    for (let axis = 0; axis < 3; axis++) centres[part * 3 + axis] = chosen[farthest + axis] ?? 0;
  }
  return centres;
}

/** Of the pixels that are nearest to each centre: the weight, three sums and six sums of products. */
function sumsOf(chosen: Float32Array, centres: Float64Array): Float64Array {
  const sums = new Float64Array(PARTS * 10);
  for (let at = 0; at < chosen.length; at += 4) {
    const x = chosen[at] ?? 0;
    const y = chosen[at + 1] ?? 0;
    const z = chosen[at + 2] ?? 0;
    const weight = chosen[at + 3] ?? 0;
    let least = Number.POSITIVE_INFINITY;
    let start = 0;
    for (let part = 0; part < PARTS; part++) {
      const l = x - (centres[part * 3] ?? 0);
      const a = y - (centres[part * 3 + 1] ?? 0);
      const b = z - (centres[part * 3 + 2] ?? 0);
      const square = l * l + a * a + b * b;
      if (square >= least) continue;
      least = square;
      start = part * 10;
    }
    sums[start] = (sums[start] ?? 0) + weight;
    sums[start + 1] = (sums[start + 1] ?? 0) + weight * x;
    sums[start + 2] = (sums[start + 2] ?? 0) + weight * y;
    sums[start + 3] = (sums[start + 3] ?? 0) + weight * z;
    sums[start + 4] = (sums[start + 4] ?? 0) + weight * x * x;
    sums[start + 5] = (sums[start + 5] ?? 0) + weight * x * y;
    sums[start + 6] = (sums[start + 6] ?? 0) + weight * x * z;
    sums[start + 7] = (sums[start + 7] ?? 0) + weight * y * y;
    sums[start + 8] = (sums[start + 8] ?? 0) + weight * y * z;
    sums[start + 9] = (sums[start + 9] ?? 0) + weight * z * z;
  }
  return sums;
}

function measure(sums: Float64Array, parts: Float64Array): void {
  let all = 0;
  for (let part = 0; part < PARTS; part++) all += sums[part * 10] ?? 0;
  for (let part = 0; part < PARTS; part++) {
    const [n = 0, sx = 0, sy = 0, sz = 0, ...products] = sums.subarray(part * 10, part * 10 + 10);
    const weight = Math.max(n, 1e-6);
    const [x, y, z] = [sx / weight, sy / weight, sz / weight];
    const [xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0] = products.map((sum) => sum / weight);
    const a = xx - x * x + FLOORS[0];
    const b = xy - x * y;
    const c = xz - x * z;
    const d = yy - y * y + FLOORS[1];
    const e = yz - y * z;
    const f = zz - z * z + FLOORS[2];
    const size = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
    const inverse = [
      (d * f - e * e) / size,
      (c * e - b * f) / size,
      (b * e - c * d) / size,
      (a * f - c * c) / size,
      (b * c - a * e) / size,
      (a * d - b * b) / size,
    ];
    const share = n / Math.max(all, 1e-9);
    const height = n > 0 ? Math.log(share) - Math.log(size) / 2 : -1e9;
    parts.set([x, y, z, ...inverse, height], part * NUMBERS);
  }
}
