import { loadKernel } from '../kernels/load-kernel.ts';
import { depthOf } from './depth.ts';
import type { Holed } from './pyramid.ts';
import { smoothPixels } from './smooth-fill.ts';
import { eachBeside, unknownsOf } from './unknowns.ts';

interface Solve {
  poisson(
    x: number,
    right: number,
    near: number,
    degree: number,
    count: number,
    work: number,
    rounds: number,
    tolerance: number,
  ): number;
}

const ROUNDS = 150;
const TOLERANCE = 1e-6;

/**
 * What a pixel insists on beside fitting its neighbours: the colour it was copied with, a little; or
 * that of the smooth surface across the hole, where this is thin enough for it to be right.
 */
export type Hold = 'copies' | 'surface';

const LEAST = 0.002;

/** How much. The smooth surface is right beside what is known, and is a smear deep in the hole. */
function strengthOf(hold: Hold, depth: number): number {
  return hold === 'copies' ? LEAST : Math.max(LEAST, 0.2 * Math.exp((1 - depth) / 3));
}

/**
 * Copies pixels into the hole so that no seam is seen: the steps from pixel to pixel are those of the
 * places they come from, and the colours end where the surroundings begin. `sources` names for each
 * pixel of the hole the one it is a copy of.
 */
export function blendIn({ picture, hole }: Holed, sources: Int32Array, hold: Hold): void {
  const { width, height, data } = picture;
  const { at, numberOf } = unknownsOf(hole);
  const copied = data.slice();
  for (const pixel of at) {
    const from = (sources[pixel] ?? pixel) * 4;
    copied.copyWithin(pixel * 4, from, from + 4);
  }
  const wanted = hold === 'copies' ? copied : data.slice();
  if (hold === 'surface') smoothPixels({ width, height, data: wanted }, hole);
  const depth = depthOf(hole, width, height);
  const kernel = loadKernel<Solve>('solve');
  kernel.lend((at.length + 1) * 116 + 1024, (room) => {
    const x = room.floats((at.length + 1) * 4);
    const right = room.floats(at.length * 4);
    const near = room.ints(at.length * 4);
    const degree = room.floats(at.length);
    const work = room.floats((at.length + 1) * 12);
    near.view.fill(at.length);
    at.forEach((pixel, number) => {
      const strength = strengthOf(hold, depth[pixel] ?? 0);
      let neighbours = 0;
      eachBeside(pixel, width, height, (beside, side) => {
        neighbours++;
        const theirs = numberOf[beside] ?? -1;
        if (theirs >= 0) near.view[number * 4 + side] = theirs;
        for (let c = 0; c < 4; c++) {
          const step = stepBetween(pixel, beside, c);
          const known = theirs < 0 ? (data[beside * 4 + c] ?? 0) : 0;
          right.view[number * 4 + c] = (right.view[number * 4 + c] ?? 0) + step + known;
        }
      });
      degree.view[number] = neighbours + strength;
      for (let c = 0; c < 4; c++) {
        const value = wanted[pixel * 4 + c] ?? 0;
        x.view[number * 4 + c] = copied[pixel * 4 + c] ?? 0;
        right.view[number * 4 + c] = (right.view[number * 4 + c] ?? 0) + strength * value;
      }
    });
    kernel.run.poisson(
      ...[x.at, right.at, near.at, degree.at],
      ...[at.length, work.at, ROUNDS, TOLERANCE],
    );
    at.forEach((pixel, number) => {
      for (let c = 0; c < 4; c++) {
        const value = Math.round(x.view[number * 4 + c] ?? 0);
        data[pixel * 4 + c] = Math.max(0, Math.min(value, 255));
      }
    });
  });

  /** How much more a pixel has than the one beside it, as both of their sources see it. */
  function stepBetween(pixel: number, beside: number, c: number): number {
    const offset = beside - pixel;
    const here = sources[pixel] ?? -1;
    const there = sources[beside] ?? -1;
    const mine = step(here, here + offset, c);
    const theirs = there < 0 ? mine : step(there - offset, there, c);
    return ((mine ?? theirs ?? 0) + (theirs ?? mine ?? 0)) / 2;
  }

  function step(one: number, other: number, c: number): number | undefined {
    if (one < 0 || other < 0 || one >= hole.length || other >= hole.length) return undefined;
    if (hole[one] !== 0 || hole[other] !== 0) return undefined;
    return (data[one * 4 + c] ?? 0) - (data[other * 4 + c] ?? 0);
  }
}
