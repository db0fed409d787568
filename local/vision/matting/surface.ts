import type { Colours } from '../colours.ts';

/** A colour that changes smoothly over a picture, as that of a wall under a lamp does. */
export interface Surface {
  readonly degree: number;
  /** For each term, its share of each of the three channels. */
  readonly terms: Float64Array;
  /** How far the pixels it was made of lie from it, whatever a few outliers do. */
  readonly sigma: number;
  /** The share of those pixels that lie near. */
  readonly inliers: number;
}

const ROUNDS = 6;
const MOST_SAMPLES = 8000;
/** The median length of a vector of three normal numbers. */
const MEDIAN_LENGTH = 1.538;

/** Fits a polynomial of x and y to the pixels that are given by their places. */
export function surfaceOf(picture: Colours, places: Int32Array, degree: number): Surface {
  const step = Math.max(1, Math.ceil(places.length / MOST_SAMPLES));
  const samples = new Int32Array(Math.ceil(places.length / step));
  for (let at = 0; at < samples.length; at++) samples[at] = places[at * step] ?? 0;
  const count = termCount(degree);
  const bases = new Float64Array(samples.length * count);
  const basis = new Float64Array(count);
  samples.forEach((place, at) => {
    writeBasis(basis, picture, place, degree);
    bases.set(basis, at * count);
  });
  const lengths = new Float64Array(samples.length);
  const weights = new Float64Array(samples.length).fill(1);
  let terms = new Float64Array(count * 3);
  let sigma = 0;
  for (let round = 0; round < ROUNDS; round++) {
    terms = fitted(picture, samples, bases, weights, count);
    for (let at = 0; at < samples.length; at++) {
      lengths[at] = distance(picture, samples[at] ?? 0, bases, at * count, terms, count);
    }
    sigma = Math.max(median(lengths) / MEDIAN_LENGTH, 0.15);
    const reach = 4.685 * sigma * 1.5;
    for (let at = 0; at < samples.length; at++) {
      const share = (lengths[at] ?? 0) / reach;
      weights[at] = share < 1 ? (1 - share * share) ** 2 : 0;
    }
  }
  const near = Math.max(4, 4 * sigma);
  const inliers = lengths.reduce((sum, length) => sum + (length < near ? 1 : 0), 0);
  return { degree, terms, sigma, inliers: inliers / Math.max(1, samples.length) };
}

/** The colour of a surface at every pixel, with the weight 1. */
export function surfacePicture({ degree, terms }: Surface, width: number, height: number): Colours {
  const data = new Float32Array(width * height * 4).fill(1);
  const powers = degree + 1;
  const row = new Float64Array(powers * 3);
  for (let y = 0; y < height; y++) {
    const down = (y / Math.max(1, height - 1)) * 2 - 1;
    // Along a row it is a polynomial of x alone.
    row.fill(0);
    let term = 0;
    for (let total = 0; total <= degree; total++) {
      for (let power = 0; power <= total; power++, term++) {
        for (let channel = 0; channel < 3; channel++) {
          const at = (total - power) * 3 + channel;
          row[at] = (row[at] ?? 0) + (terms[term * 3 + channel] ?? 0) * down ** power;
        }
      }
    }
    for (let x = 0; x < width; x++) {
      const across = (x / Math.max(1, width - 1)) * 2 - 1;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let power = degree; power >= 0; power--) {
          sum = sum * across + (row[power * 3 + channel] ?? 0);
        }
        data[(y * width + x) * 4 + channel] = sum;
      }
    }
  }
  return { width, height, data };
}

function termCount(degree: number): number {
  return ((degree + 1) * (degree + 2)) / 2;
}

function writeBasis(
  basis: Float64Array,
  { width, height }: Pick<Colours, 'width' | 'height'>,
  place: number,
  degree: number,
): void {
  const x = ((place % width) / Math.max(1, width - 1)) * 2 - 1;
  const y = (Math.floor(place / width) / Math.max(1, height - 1)) * 2 - 1;
  let term = 0;
  for (let total = 0; total <= degree; total++) {
    for (let power = 0; power <= total; power++) basis[term++] = x ** (total - power) * y ** power;
  }
}

/** Weighted least squares, the three channels at once. */
function fitted(
  { data }: Colours,
  samples: Int32Array,
  bases: Float64Array,
  weights: Float64Array,
  count: number,
): Float64Array<ArrayBuffer> {
  const matrix = new Float64Array(count * count);
  const right = new Float64Array(count * 3);
  for (let at = 0; at < samples.length; at++) {
    const weight = weights[at] ?? 0;
    if (weight === 0) continue;
    const pixel = (samples[at] ?? 0) * 4;
    for (let row = 0; row < count; row++) {
      const share = weight * (bases[at * count + row] ?? 0);
      for (let column = 0; column < count; column++) {
        matrix[row * count + column] =
          (matrix[row * count + column] ?? 0) + share * (bases[at * count + column] ?? 0);
      }
      for (let channel = 0; channel < 3; channel++) {
        right[row * 3 + channel] =
          (right[row * 3 + channel] ?? 0) + share * (data[pixel + channel] ?? 0);
      }
    }
  }
  for (let row = 0; row < count; row++) {
    matrix[row * count + row] = (matrix[row * count + row] ?? 0) + 1e-6;
  }
  return solved(matrix, right, count);
}

/** Gauss's elimination of a positive matrix, for three right sides. */
function solved(
  matrix: Float64Array,
  right: Float64Array<ArrayBuffer>,
  count: number,
): Float64Array<ArrayBuffer> {
  for (let pivot = 0; pivot < count; pivot++) {
    const scale = 1 / (matrix[pivot * count + pivot] ?? 1);
    for (let row = 0; row < count; row++) {
      if (row === pivot) continue;
      const factor = (matrix[row * count + pivot] ?? 0) * scale;
      for (let column = pivot; column < count; column++) {
        matrix[row * count + column] =
          (matrix[row * count + column] ?? 0) - factor * (matrix[pivot * count + column] ?? 0);
      }
      for (let channel = 0; channel < 3; channel++) {
        right[row * 3 + channel] =
          (right[row * 3 + channel] ?? 0) - factor * (right[pivot * 3 + channel] ?? 0);
      }
    }
  }
  for (let row = 0; row < count; row++) {
    const scale = 1 / (matrix[row * count + row] ?? 1);
    for (let channel = 0; channel < 3; channel++) {
      right[row * 3 + channel] = (right[row * 3 + channel] ?? 0) * scale;
    }
  }
  return right;
}

function distance(
  { data }: Colours,
  place: number,
  bases: Float64Array,
  base: number,
  terms: Float64Array,
  count: number,
): number {
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    let value = -(data[place * 4 + channel] ?? 0);
    for (let term = 0; term < count; term++) {
      value += (bases[base + term] ?? 0) * (terms[term * 3 + channel] ?? 0);
    }
    sum += value * value;
  }
  return Math.sqrt(sum);
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1] ?? 0;
}
