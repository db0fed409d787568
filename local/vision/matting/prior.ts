import { boxBlur } from '../box-blur.ts';
import type { Colours } from '../colours.ts';
import { mixtureOf, unlikeliness } from './mixture.ts';

/**
 * How likely each pixel belongs to the subject, 0 to 1, before anything is cut: subjects are near the
 * middle, of other colours than the border, and shut off from it by edges.
 */
export function priorOf(lab: Colours): Float32Array {
  const { width, height } = lab;
  const barrier = ranked(barrierFromBorder(lab));
  const rare = ranked(unlikeBorder(lab));
  const prior = new Float32Array(width * height);
  for (let at = 0; at < prior.length; at++) {
    const evidence =
      4 * Math.sqrt(barrier[at] ?? 0) + 1.5 * (rare[at] ?? 0) + 4 * centred(at, width, height) - 5;
    prior[at] = 1 / (1 + Math.exp(-evidence));
  }
  return prior;
}

/** 1 in the middle, falling to 0 in the corners. */
export function centred(at: number, width: number, height: number): number {
  const x = ((at % width) + 0.5) / width - 0.5;
  const y = (Math.floor(at / width) + 0.5) / height - 0.52;
  return Math.exp(-(x * x + y * y) / 0.09);
}

/** Between 0 and 1 by the place among all, so that no picture has only high values. */
function ranked(values: Float32Array): Float32Array {
  const sorted = values.slice().sort();
  const low = sorted[Math.floor(sorted.length * 0.1)] ?? 0;
  const high = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const scale = 1 / Math.max(high - low, 1e-6);
  return values.map((value) => Math.min(1, Math.max(0, (value - low) * scale)));
}

const PASSES = 3;

/**
 * The least that the colours along any way from the border vary; the bottom does not count, for many
 * subjects stand on it. Ways are looked for by rows, from above and from below in turn.
 */
function barrierFromBorder({ width, height, data }: Colours): Float32Array {
  const total = new Float32Array(width * height);
  const values = new Float32Array(width * height);
  const ways: Ways = {
    values,
    distance: new Float32Array(width * height),
    highest: new Float32Array(width * height),
    lowest: new Float32Array(width * height),
  };
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < values.length; at++) {
      const x = at % width;
      const seed = at < width || x === 0 || x === width - 1;
      const value = data[at * 4 + channel] ?? 0;
      values[at] = value;
      ways.distance[at] = seed ? 0 : 1e9;
      ways.highest[at] = value;
      ways.lowest[at] = value;
    }
    for (let pass = 0; pass < PASSES; pass++) {
      for (let y = 1; y < height; y++) {
        for (let x = 0, at = y * width; x < width; x++, at++) {
          if (x > 0) relax(ways, at, at - 1);
          relax(ways, at, at - width);
        }
      }
      for (let y = height - 2; y >= 0; y--) {
        for (let x = width - 1, at = y * width + x; x >= 0; x--, at--) {
          if (x < width - 1) relax(ways, at, at + 1);
          relax(ways, at, at + width);
        }
      }
    }
    for (let at = 0; at < total.length; at++) {
      total[at] = (total[at] ?? 0) + (ways.distance[at] ?? 0);
    }
  }
  return total;
}

/** The best way to each pixel so far: how much the colour varies along it, and between what. */
interface Ways {
  readonly values: Float32Array;
  readonly distance: Float32Array;
  readonly highest: Float32Array;
  readonly lowest: Float32Array;
}

/** Goes to a pixel by way of its neighbour where that varies less. */
function relax({ values, distance, highest, lowest }: Ways, at: number, from: number): void {
  const value = values[at] ?? 0;
  const most = Math.max(highest[from] ?? 0, value);
  const least = Math.min(lowest[from] ?? 0, value);
  if (most - least >= (distance[at] ?? 0)) return;
  distance[at] = most - least;
  highest[at] = most;
  lowest[at] = least;
}

/** How unlikely the colour of a pixel is along the sides and the top, smoothed a little. */
function unlikeBorder(lab: Colours): Float32Array {
  const { width, height } = lab;
  const smooth = boxBlur(lab, 2);
  const thickness = Math.max(2, Math.round(Math.min(width, height) * 0.06));
  const weights = new Float32Array(width * height);
  for (let at = 0; at < weights.length; at++) {
    const x = at % width;
    const y = Math.floor(at / width);
    if (Math.min(x, y, width - 1 - x) < thickness) weights[at] = 1;
  }
  const border = mixtureOf(smooth, weights);
  const { data } = smooth;
  return weights.map((_, at) =>
    Math.min(
      40,
      unlikeliness(border, data[at * 4] ?? 0, data[at * 4 + 1] ?? 0, data[at * 4 + 2] ?? 0),
    ),
  );
}
