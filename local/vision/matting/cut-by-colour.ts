import type { Colours } from '../colours.ts';
import { graphCut } from './graph-cut.ts';
import type { Mask } from './masks.ts';
import { type Mixture, mixtureOf, unlikeliness } from './mixture.ts';

export interface CutWishes {
  /** How much what was known before counts beside the colours. */
  readonly trust: number;
  readonly rounds: number;
  /** How far the colours may speak against what was known. */
  readonly limit?: number;
}

export interface CutOut {
  readonly mask: Mask;
  readonly subject: Mixture;
  readonly ground: Mixture;
}

const SMOOTH = 6;
const LIMIT = 6;
/** Costs are whole numbers for the cut: so many for 1. */
const UNIT = 256;
/** What is known for certain costs more than all edges of a pixel to contradict. */
const CERTAIN = 1e6;

/**
 * Parts a picture in two by colours that are learned from each part in turn, beginning with what is
 * likely. A likeliness of exactly 0 or 1 is never contradicted.
 */
export function cutByColour(
  lab: Colours,
  prior: Float32Array,
  { trust, rounds, limit = LIMIT }: CutWishes,
): CutOut {
  const { width, height, data } = lab;
  const edges = edgesOf(lab);
  const ends = new Int32Array(width * height);
  const inside = prior.slice();
  const outside = prior.map((each) => 1 - each);
  sharpen(inside);
  sharpen(outside);
  let subject = mixtureOf(lab, inside);
  let ground = mixtureOf(lab, outside);
  let mask: Mask = { width, height, data: new Uint8Array(width * height) };
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < ends.length; at++) {
      const likely = prior[at] ?? 0;
      if (likely === 0 || likely === 1) {
        ends[at] = likely === 0 ? -CERTAIN : CERTAIN;
        continue;
      }
      const l = data[at * 4] ?? 0;
      const a = data[at * 4 + 1] ?? 0;
      const b = data[at * 4 + 2] ?? 0;
      const colour = unlikeliness(ground, l, a, b) - unlikeliness(subject, l, a, b);
      const known = Math.log(likely / (1 - likely));
      ends[at] = Math.round(UNIT * (clipped(colour, limit) + trust * clipped(known, LIMIT)));
    }
    const next = graphCut({ width, height, ends, edges });
    const same = round > 0 && Buffer.compare(next.data, mask.data) === 0;
    mask = next;
    if (same) break;
    for (let at = 0; at < inside.length; at++) {
      inside[at] = mask.data[at] ?? 0;
      outside[at] = 1 - (mask.data[at] ?? 0);
    }
    subject = mixtureOf(lab, inside);
    ground = mixtureOf(lab, outside);
  }
  return { mask, subject, ground };
}

/** Only what is more likely than not teaches anything. */
function sharpen(weights: Float32Array): void {
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    weights[at] = weight > 0.5 ? weight * weight : 0;
  }
}

function clipped(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/** Dear where neighbours are alike, cheap along edges, by what is usual in this picture. */
function edgesOf({ width, height, data }: Colours): Int32Array {
  const steps = [1, width, width + 1, width - 1];
  const squares = new Float32Array(width * height * 4).fill(-1);
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      for (let way = 0; way < 4; way++) {
        const across = way === 0 || way === 2 ? 1 : way === 3 ? -1 : 0;
        if (x + across < 0 || x + across >= width || (way > 0 && y + 1 >= height)) continue;
        const next = at + (steps[way] ?? 0);
        const l = (data[at * 4] ?? 0) - (data[next * 4] ?? 0);
        const a = (data[at * 4 + 1] ?? 0) - (data[next * 4 + 1] ?? 0);
        const b = (data[at * 4 + 2] ?? 0) - (data[next * 4 + 2] ?? 0);
        const square = l * l + a * a + b * b;
        squares[at * 4 + way] = square;
        sum += square;
        count++;
      }
    }
  }
  const beta = 1 / Math.max(2 * (sum / Math.max(1, count)), 1e-6);
  const edges = new Int32Array(squares.length);
  for (let at = 0; at < squares.length; at++) {
    const square = squares[at] ?? -1;
    if (square < 0) continue;
    const length = at % 4 < 2 ? 1 : Math.SQRT1_2;
    edges[at] = Math.round(UNIT * SMOOTH * length * Math.exp(-beta * square));
  }
  return edges;
}
