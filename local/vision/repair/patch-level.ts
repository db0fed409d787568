import { loadKernel } from '../kernels/load-kernel.ts';
import { depthOf } from './depth.ts';
import { grown } from './grown.ts';
import type { Holed } from './pyramid.ts';

interface Patches {
  measure(
    picture: number,
    width: number,
    targets: number,
    count: number,
    found: number,
    cost: number,
  ): void;
  search(
    picture: number,
    width: number,
    height: number,
    allowed: number,
    targets: number,
    count: number,
    found: number,
    cost: number,
    backwards: number,
    widest: number,
    seed: number,
  ): number;
  vote(
    picture: number,
    width: number,
    height: number,
    hole: number,
    count: number,
    found: number,
    weight: number,
    to: number,
  ): void;
}

/** Patches are 7 x 7. */
export const PATCH_RADIUS = 3;
const SWEEPS = 3;
/** So many patches are searched for in all rounds of a level together: a huge hole has fewer rounds. */
const MOST_SEARCHES = 400_000;
const SEED = 0x9e3779b9;

/** For each centre of a patch that touches the hole, the centre of the one it is like; else -1. */
export type Found = Int32Array;

/** Centres of patches that lie in the picture and hold nothing of the hole. */
export function allowedIn({ picture: { width, height }, hole }: Holed): Uint8Array {
  const touched = grown(hole, width, height, PATCH_RADIUS);
  return touched.map((touches, at) => (touches === 0 && isCentre(at, width, height) ? 1 : 0));
}

function isCentre(at: number, width: number, height: number): boolean {
  const x = at % width;
  const y = (at - x) / width;
  return (
    x >= PATCH_RADIUS && x < width - PATCH_RADIUS && y >= PATCH_RADIUS && y < height - PATCH_RADIUS
  );
}

/** By turns finds what each patch is like and makes the hole of what was found. Both are changed. */
export function refine(level: Holed, allowed: Uint8Array, found: Found, rounds: number): void {
  const { picture, hole } = level;
  const { width, height, data } = picture;
  const targets = placesWhere(found, (from) => from >= 0);
  const pixels = placesWhere(hole, (unknown) => unknown !== 0);
  const trust = trustOf(depthOf(hole, width, height));
  const affordable = Math.max(1, Math.floor(MOST_SEARCHES / Math.max(1, targets.length)));
  const kernel = loadKernel<Patches>('patches');
  const size = width * height;
  const bytes = size * 17 + targets.length * 4 + pixels.length * 20 + 1024;
  kernel.lend(bytes, (room) => {
    const lent = room.bytes(size * 4);
    const lentAllowed = room.bytes(size);
    const lentFound = room.ints(size);
    const cost = room.ints(size);
    const weight = room.floats(size);
    const lentTargets = room.ints(targets.length);
    const lentPixels = room.ints(pixels.length);
    const votes = room.floats(pixels.length * 4);
    lent.view.set(data);
    lentAllowed.view.set(allowed);
    lentFound.view.set(found);
    lentTargets.view.set(targets);
    lentPixels.view.set(pixels);
    const { run } = kernel;
    let seed = SEED;
    for (let round = 0; round < Math.min(rounds, affordable); round++) {
      run.measure(...[lent.at, width, lentTargets.at, targets.length, lentFound.at, cost.at]);
      for (let sweep = 0; sweep < SWEEPS; sweep++) {
        seed = run.search(
          ...[lent.at, width, height, lentAllowed.at, lentTargets.at, targets.length],
          ...[lentFound.at, cost.at, sweep % 2, Math.max(width, height), seed],
        );
      }
      weigh(targets, cost.view, trust, weight.view);
      run.vote(
        ...[lent.at, width, height, lentPixels.at, pixels.length],
        ...[lentFound.at, weight.at, votes.at],
      );
      pixels.forEach((at, number) => {
        for (let c = 0; c < 4; c++) {
          lent.view[at * 4 + c] = Math.round(votes.view[number * 4 + c] ?? 0);
        }
      });
    }
    data.set(lent.view);
    found.set(lentFound.view);
  });
}

function placesWhere(values: ArrayLike<number>, is: (value: number) => boolean): Int32Array {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (is(values[at] ?? 0)) count++;
  const places = new Int32Array(count);
  for (let at = 0, next = 0; at < values.length; at++) if (is(values[at] ?? 0)) places[next++] = at;
  return places;
}

/** What lies deep in the hole was guessed from guesses. */
function trustOf(depth: Uint8Array): Float32Array {
  return Float32Array.from(depth, (steps) => Math.exp(-0.12 * steps));
}

/** The more alike, the more it counts. On the scale of this picture: fur is never as alike as sky. */
function weigh(
  targets: Int32Array,
  cost: Int32Array,
  trust: Float32Array,
  weight: Float32Array,
): void {
  const sum = targets.reduce((total, at) => total + (cost[at] ?? 0), 0);
  const sigma = 0.05 * (sum / Math.max(1, targets.length)) + 20;
  for (const at of targets) {
    weight[at] = Math.exp(-(cost[at] ?? 0) / (2 * sigma)) * (trust[at] ?? 0) + 1e-12;
  }
}
