import type { Plane } from '../../local/vision/resample.ts';
import { KINDS } from '../../local/vision/super-resolution/filter-bank.ts';
import { kindsOf, valueAt } from './direction.ts';

/** A picture as it comes in, and as it should come out: of the same size, or twice as wide and high. */
export interface Pair {
  readonly given: Plane;
  readonly wanted: Plane;
}

const REACH = 4;
const SIDE = 2 * REACH + 1;
const TAPS = SIDE * SIDE;
const CENTRE = (TAPS - 1) / 2;
/** How strongly a kind that was seldom seen keeps to what is right for all kinds together. */
const RIDGE = 2000;

/** What least squares need to know of the surroundings of one kind, for the pixel above left. */
interface Sums {
  /** Of products of taps, lower triangle used. */
  readonly products: Float64Array;
  /** Of products of taps and what is wanted. */
  readonly wanted: Float64Array;
}

const noSums = (): Sums => ({
  products: new Float64Array(TAPS * TAPS),
  wanted: new Float64Array(TAPS),
});

/**
 * Learns for each kind of surroundings the 9 x 9 weights that come nearest to what is wanted. When
 * doubling there are four pixels for each: the weights for the one above left are learnt, and the
 * others are its mirror images. The same pairs always give the same weights, to the bit.
 */
export function learnFilters(pairs: Iterable<Pair>, times: 1 | 2): Float64Array[] {
  const seen = Array.from({ length: KINDS }, () =>
    Array.from({ length: times * times }, () => new Float64Array(TAPS)),
  );
  const products = Array.from({ length: KINDS }, () => new Float64Array(TAPS * TAPS));
  for (const pair of pairs) add(pair, times, products, seen);

  const sums = Array.from({ length: KINDS }, noSums);
  for (let kind = 0; kind < KINDS; kind++) {
    for (const mirror of MIRRORS) {
      const to = sums[mirror.kind(kind)] as Sums;
      const from = products[kind] as Float64Array;
      // With one pixel each every mirror image is a further example; with four, each is of one pixel.
      for (let i = 0; i < TAPS; i++) {
        const mirrored = mirror.tap(i) * TAPS;
        for (let j = 0; j < TAPS; j++) {
          const product = from[Math.max(i, j) * TAPS + Math.min(i, j)] ?? 0;
          to.products[mirrored + mirror.tap(j)] =
            (to.products[mirrored + mirror.tap(j)] ?? 0) + product;
        }
        const wanted = seen[kind]?.[times === 1 ? 0 : mirror.pixel]?.[i] ?? 0;
        to.wanted[mirror.tap(i)] = (to.wanted[mirror.tap(i)] ?? 0) + wanted;
      }
    }
  }
  const all = noSums();
  for (const each of sums) {
    addInto(all.products, each.products);
    addInto(all.wanted, each.wanted);
  }
  const usual = solved(all, new Float64Array(TAPS), 1);
  return sums.map((each) => solved(each, usual, RIDGE));
}

function addInto(sums: Float64Array, more: Float64Array): void {
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (more[at] as number);
}

/** The ways to mirror surroundings: what becomes of a kind and of a tap, and for which pixel of the four. */
const MIRRORS = [false, true].flatMap((turned) =>
  [0, 1, 2, 3].map((pixel) => ({
    pixel,
    kind(kind: number): number {
      const rest = kind % 9;
      let direction = (kind - rest) / 9;
      if (pixel === 1 || pixel === 2) direction = 23 - direction;
      if (turned) direction = (35 - direction) % 24;
      return direction * 9 + rest;
    },
    tap(tap: number): number {
      let x = tap % SIDE;
      let y = (tap - x) / SIDE;
      if (pixel & 1) x = SIDE - 1 - x;
      if (pixel & 2) y = SIDE - 1 - y;
      return turned ? x * SIDE + y : y * SIDE + x;
    },
  })),
);

/** Plain surroundings are many and teach little: only some of them are looked at. */
function everyFor(kind: number, times: 1 | 2): number {
  const plain = kind % 9 < 3;
  return (plain ? 4 : 1) * (times === 1 ? 3 : 1);
}

function add(
  { given, wanted }: Pair,
  times: 1 | 2,
  products: readonly Float64Array[],
  seen: readonly (readonly Float64Array[])[],
): void {
  const kinds = kindsOf(given);
  const taps = new Float64Array(TAPS);
  for (let y = REACH; y < given.height - REACH; y++) {
    for (let x = REACH; x < given.width - REACH; x++) {
      const kind = kinds[y * given.width + x] ?? 0;
      if ((x + 2 * y) % everyFor(kind, times) !== 0) continue;
      const middle = valueAt(given, x, y);
      // Differences from the middle: weights that add up to one keep a plain area as it is.
      for (let tap = 0; tap < TAPS; tap++) {
        const column = x + (tap % SIDE) - REACH;
        taps[tap] = valueAt(given, column, y + Math.floor(tap / SIDE) - REACH) - middle;
      }
      const sums = products[kind] as Float64Array;
      for (let i = 0; i < TAPS; i++) {
        const one = taps[i] as number;
        if (one === 0) continue;
        const row = i * TAPS;
        for (let j = 0; j <= i; j++)
          sums[row + j] = (sums[row + j] as number) + one * (taps[j] as number);
      }
      for (let pixel = 0; pixel < times * times; pixel++) {
        const target = valueAt(wanted, x * times + (pixel & 1), y * times + (pixel >> 1)) - middle;
        const into = seen[kind]?.[pixel] as Float64Array;
        for (let i = 0; i < TAPS; i++) into[i] = (into[i] as number) + target * (taps[i] as number);
      }
    }
  }
}

/** Cholesky, with a pull towards the usual weights. The middle takes what is left to add up to one. */
function solved({ products, wanted }: Sums, usual: Float64Array, ridge: number): Float64Array {
  const lower = products.slice();
  const right = wanted.slice();
  for (let i = 0; i < TAPS; i++) {
    lower[i * TAPS + i] = (lower[i * TAPS + i] ?? 0) + ridge;
    right[i] = (right[i] ?? 0) + ridge * (usual[i] ?? 0);
  }
  const at = (i: number, j: number) => lower[i * TAPS + j] as number;
  for (let i = 0; i < TAPS; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      lower[i * TAPS + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / at(j, j);
    }
  }
  for (let i = 0; i < TAPS; i++) {
    for (let k = 0; k < i; k++) right[i] = (right[i] as number) - at(i, k) * (right[k] as number);
    right[i] = (right[i] as number) / at(i, i);
  }
  for (let i = TAPS - 1; i >= 0; i--) {
    for (let k = i + 1; k < TAPS; k++)
      right[i] = (right[i] as number) - at(k, i) * (right[k] as number);
    right[i] = (right[i] as number) / at(i, i);
  }
  right[CENTRE] = 0;
  right[CENTRE] = 1 - right.reduce((sum, weight) => sum + weight, 0);
  return right;
}
