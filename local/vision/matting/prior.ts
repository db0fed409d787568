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
  const distance = new Float32Array(width * height);
  const highest = new Float32Array(width * height);
  const lowest = new Float32Array(width * height);
  for (let channel = 0; channel < 3; channel++) {
    const value = (at: number) => data[at * 4 + channel] ?? 0;
    for (let at = 0; at < distance.length; at++) {
      const x = at % width;
      const seed = at < width || x === 0 || x === width - 1;
      distance[at] = seed ? 0 : 1e9;
      highest[at] = lowest[at] = value(at);
    }
    const relax = (at: number, from: number) => {
      const most = Math.max(highest[from] ?? 0, value(at));
      const least = Math.min(lowest[from] ?? 0, value(at));
      if (most - least >= (distance[at] ?? 0)) return;
      distance[at] = most - least;
      highest[at] = most;
      lowest[at] = least;
    };
    for (let pass = 0; pass < PASSES; pass++) {
      for (let at = width; at < distance.length; at++) {
        if (at % width > 0) relax(at, at - 1);
        relax(at, at - width);
      }
      for (let at = distance.length - width - 1; at >= 0; at--) {
        if (at % width < width - 1) relax(at, at + 1);
        relax(at, at + width);
      }
    }
    for (let at = 0; at < total.length; at++) total[at] = (total[at] ?? 0) + (distance[at] ?? 0);
  }
  return total;
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
