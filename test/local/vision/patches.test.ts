import { expect, test } from 'vitest';
import { loadKernel } from '../../../local/vision/kernels/load-kernel.ts';
import { allowedIn } from '../../../local/vision/repair/patch-level.ts';
import { randomOf } from './random.ts';

interface Patches {
  measure(...addresses: number[]): void;
  search(...addresses: number[]): number;
  vote(...addresses: number[]): void;
}

const WIDTH = 40;
const HEIGHT = 30;
const SIZE = WIDTH * HEIGHT;

/** A picture of noise with a hole, and a first guess for every patch that touches the hole. */
function start() {
  const random = randomOf(7);
  const picture = Uint8Array.from({ length: SIZE * 4 }, () => Math.floor(random() * 256));
  const hole = new Uint8Array(SIZE);
  for (let y = 10; y < 16; y++) hole.fill(255, y * WIDTH + 14, y * WIDTH + 22);
  const allowed = allowedIn({ picture: { width: WIDTH, height: HEIGHT, data: picture }, hole });
  const found = new Int32Array(SIZE).fill(-1);
  const first = allowed.indexOf(1);
  for (let y = 3; y < HEIGHT - 3; y++) {
    for (let x = 3; x < WIDTH - 3; x++) {
      if (x > 10 && x < 25 && y > 6 && y < 19) found[y * WIDTH + x] = first;
    }
  }
  const targets = Int32Array.from([...found.keys()].filter((at) => found[at] !== -1));
  return { picture, hole, allowed, found, targets };
}

test('the search for patches finds the same as one written in TypeScript, to the bit', () => {
  const { picture, allowed, found, targets } = start();
  const kernel = loadKernel<Patches>('patches');
  const theirs = kernel.lend(SIZE * 20, (room) => {
    const lent = room.bytes(SIZE * 4);
    const lentAllowed = room.bytes(SIZE);
    const lentTargets = room.ints(targets.length);
    const lentFound = room.ints(SIZE);
    const cost = room.ints(SIZE);
    lent.view.set(picture);
    lentAllowed.view.set(allowed);
    lentTargets.view.set(targets);
    lentFound.view.set(found);
    const where = [lentTargets.at, targets.length, lentFound.at, cost.at] as const;
    kernel.run.measure(lent.at, WIDTH, ...where);
    let seed = 99;
    for (const backwards of [0, 1, 0]) {
      const size = [lent.at, WIDTH, HEIGHT, lentAllowed.at] as const;
      seed = kernel.run.search(...size, ...where, backwards, WIDTH, seed);
    }
    return { found: lentFound.view.slice(), cost: cost.view.slice(), seed };
  });

  const cost = new Int32Array(SIZE);
  for (const at of targets) cost[at] = distance(picture, at, found[at] ?? 0);
  let seed = 99;
  for (const backwards of [false, true, false]) {
    seed = slowSearch({ picture, allowed, found, targets, cost, backwards, seed });
  }
  expect(theirs.found).toEqual(found);
  expect(theirs.cost).toEqual(cost);
  expect(theirs.seed >>> 0).toBe(seed);
});

test('votes are the weighted means of what the patches around have, to a thousandth', () => {
  const { picture, hole, found } = start();
  const random = randomOf(8);
  const weight = Float32Array.from({ length: SIZE }, random);
  const pixels = Int32Array.from([...hole.keys()].filter((at) => hole[at] !== 0));
  const kernel = loadKernel<Patches>('patches');
  const votes = kernel.lend(SIZE * 20, (room) => {
    const lent = room.bytes(SIZE * 4);
    const lentPixels = room.ints(pixels.length);
    const lentFound = room.ints(SIZE);
    const lentWeight = room.floats(SIZE);
    const to = room.floats(pixels.length * 4);
    lent.view.set(picture);
    lentPixels.view.set(pixels);
    lentFound.view.set(found);
    lentWeight.view.set(weight);
    const where = [lentPixels.at, pixels.length, lentFound.at, lentWeight.at, to.at];
    kernel.run.vote(lent.at, WIDTH, HEIGHT, ...where);
    return to.view.slice();
  });
  pixels.forEach((at, number) => {
    const sum = [0, 0, 0, 0];
    let weights = 0;
    for (let dy = -3; dy <= 3; dy++) {
      for (let dx = -3; dx <= 3; dx++) {
        const patch = at + dy * WIDTH + dx;
        const from = (found[patch] ?? -1) - dy * WIDTH - dx;
        if (found[patch] === -1) continue;
        const w = weight[patch] ?? 0;
        weights += w;
        for (let c = 0; c < 4; c++) sum[c] = (sum[c] ?? 0) + w * (picture[from * 4 + c] ?? 0);
      }
    }
    for (let c = 0; c < 4; c++) {
      expect(votes[number * 4 + c]).toBeCloseTo((sum[c] ?? 0) / weights, 3);
    }
  });
});

interface Search {
  readonly picture: Uint8Array;
  readonly allowed: Uint8Array;
  readonly found: Int32Array;
  readonly targets: Int32Array;
  readonly cost: Int32Array;
  readonly backwards: boolean;
  readonly seed: number;
}

function slowSearch({ picture, allowed, found, targets, cost, backwards, seed }: Search): number {
  const step = backwards ? -1 : 1;
  let state = seed;
  const inside = (x: number, y: number) => x >= 3 && x < WIDTH - 3 && y >= 3 && y < HEIGHT - 3;
  for (const at of backwards ? targets.toReversed() : targets) {
    const tryOut = (from: number) => {
      if (allowed[from] !== 1) return;
      const d = distance(picture, at, from);
      if (d >= (cost[at] ?? 0)) return;
      cost[at] = d;
      found[at] = from;
    };
    for (const offset of [step, step * WIDTH]) {
      const beside = at - offset;
      const theirs = found[beside] ?? -1;
      if (!inside(beside % WIDTH, Math.floor(beside / WIDTH)) || theirs < 0) continue;
      const from = theirs + offset;
      if (inside(from % WIDTH, Math.floor(from / WIDTH))) tryOut(from);
    }
    for (let radius = WIDTH; radius >= 1; radius >>= 1) {
      const best = found[at] ?? 0;
      const [x, y] = [best % WIDTH, Math.floor(best / WIDTH)];
      const [left, right] = [Math.max(3, x - radius), Math.min(WIDTH - 4, x + radius)];
      const [top, bottom] = [Math.max(3, y - radius), Math.min(HEIGHT - 4, y + radius)];
      state = next(state);
      const fromX = left + (state % (right - left + 1));
      state = next(state);
      tryOut((top + (state % (bottom - top + 1))) * WIDTH + fromX);
    }
  }
  return state;
}

function distance(picture: Uint8Array, one: number, other: number): number {
  let sum = 0;
  for (let dy = -3; dy <= 3; dy++) {
    for (let dx = -12; dx < 16; dx++) {
      const a = picture[(one + dy * WIDTH) * 4 + dx] ?? 0;
      sum += (a - (picture[(other + dy * WIDTH) * 4 + dx] ?? 0)) ** 2;
    }
  }
  return sum;
}

function next(state: number): number {
  let value = state ^ (state << 13);
  value ^= value >>> 17;
  return (value ^ (value << 5)) >>> 0;
}
