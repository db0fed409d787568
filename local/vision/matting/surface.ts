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
  const bases = basesOf(picture, samples, degree, count);
  const colours = coloursAt(picture, samples);
  const lengths = new Float64Array(samples.length);
  const weights = new Float64Array(samples.length).fill(1);
  let terms = new Float64Array(count * 3);
  let sigma = 0;
  for (let round = 0; round < ROUNDS; round++) {
    terms = fitted(colours, bases, weights, count);
    measure(lengths, colours, bases, terms, count);
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
    let at = y * width * 4;
    for (let x = 0; x < width; x++, at += 4) {
      const across = (x / Math.max(1, width - 1)) * 2 - 1;
      let first = 0;
      let second = 0;
      let third = 0;
      for (let power = degree * 3; power >= 0; power -= 3) {
        first = first * across + (row[power] ?? 0);
        second = second * across + (row[power + 1] ?? 0);
        third = third * across + (row[power + 2] ?? 0);
      }
      data[at] = first;
      data[at + 1] = second;
      data[at + 2] = third;
    }
  }
  return { width, height, data };
}

function termCount(degree: number): number {
  return ((degree + 1) * (degree + 2)) / 2;
}

/** The terms of the polynomial at each sample. */
function basesOf(
  { width, height }: Pick<Colours, 'width' | 'height'>,
  samples: Int32Array,
  degree: number,
  count: number,
): Float64Array {
  const bases = new Float64Array(samples.length * count);
  const across = new Float64Array(degree + 1).fill(1);
  const down = new Float64Array(degree + 1).fill(1);
  let term = 0;
  for (let at = 0; at < samples.length; at++) {
    const place = samples[at] ?? 0;
    const x = ((place % width) / Math.max(1, width - 1)) * 2 - 1;
    const y = (Math.floor(place / width) / Math.max(1, height - 1)) * 2 - 1;
    for (let power = 1; power <= degree; power++) {
      across[power] = (across[power - 1] ?? 0) * x;
      down[power] = (down[power - 1] ?? 0) * y;
    }
    for (let total = 0; total <= degree; total++) {
      for (let power = 0; power <= total; power++) {
        bases[term++] = (across[total - power] ?? 0) * (down[power] ?? 0);
      }
    }
  }
  return bases;
}

function coloursAt({ data }: Colours, samples: Int32Array): Float64Array {
  const colours = new Float64Array(samples.length * 3);
  for (let at = 0; at < samples.length; at++) {
    const place = (samples[at] ?? 0) * 4;
    colours[at * 3] = data[place] ?? 0;
    colours[at * 3 + 1] = data[place + 1] ?? 0;
    colours[at * 3 + 2] = data[place + 2] ?? 0;
  }
  return colours;
}

/** Weighted least squares, the three channels at once. */
function fitted(
  colours: Float64Array,
  bases: Float64Array,
  weights: Float64Array,
  count: number,
): Float64Array<ArrayBuffer> {
  const matrix = new Float64Array(count * count);
  const right = new Float64Array(count * 3);
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    if (weight === 0) continue;
    const base = at * count;
    const first = colours[at * 3] ?? 0;
    const second = colours[at * 3 + 1] ?? 0;
    const third = colours[at * 3 + 2] ?? 0;
    for (let row = 0; row < count; row++) {
      const share = weight * (bases[base + row] ?? 0);
      const line = row * count;
      // The other half is the same.
      for (let column = row; column < count; column++) {
        matrix[line + column] = (matrix[line + column] ?? 0) + share * (bases[base + column] ?? 0);
      }
      right[row * 3] = (right[row * 3] ?? 0) + share * first;
      right[row * 3 + 1] = (right[row * 3 + 1] ?? 0) + share * second;
      right[row * 3 + 2] = (right[row * 3 + 2] ?? 0) + share * third;
    }
  }
  for (let row = 0; row < count; row++) {
    matrix[row * count + row] = (matrix[row * count + row] ?? 0) + 1e-6;
    for (let column = 0; column < row; column++) {
      matrix[row * count + column] = matrix[column * count + row] ?? 0;
    }
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

/** How far each sample is from the surface. */
function measure(
  lengths: Float64Array,
  colours: Float64Array,
  bases: Float64Array,
  terms: Float64Array,
  count: number,
): void {
  for (let at = 0; at < lengths.length; at++) {
    let first = -(colours[at * 3] ?? 0);
    let second = -(colours[at * 3 + 1] ?? 0);
    let third = -(colours[at * 3 + 2] ?? 0);
    for (let term = 0; term < count; term++) {
      const base = bases[at * count + term] ?? 0;
      first += base * (terms[term * 3] ?? 0);
      second += base * (terms[term * 3 + 1] ?? 0);
      third += base * (terms[term * 3 + 2] ?? 0);
    }
    lengths[at] = Math.sqrt(first * first + second * second + third * third);
  }
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1] ?? 0;
}
