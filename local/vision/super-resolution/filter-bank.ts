import { CLEAN } from './banks/clean.ts';
import { COMPRESSED } from './banks/compressed.ts';
import { SHARPENING } from './banks/sharpening.ts';

/** Kinds of surroundings: 24 directions, 3 strengths, 3 degrees of agreement. */
export const KINDS = 216;
const SIDE = 9;
const TAPS = SIDE * SIDE;
/** The kernel takes rows of three vectors. */
const ROW = 12;
const FILTER = SIDE * ROW;
/** Weights are kept as whole numbers of this size. */
export const UNIT = 8192;

export type BankName = 'clean' | 'compressed' | 'sharpening';

const KEPT: Readonly<Record<BankName, string>> = {
  clean: CLEAN,
  compressed: COMPRESSED,
  sharpening: SHARPENING,
};
const opened = new Map<BankName, Float32Array>();

/** The weights of a bank as the kernel takes them: by kind, and for doubling by pixel of the four. */
export function filterBank(name: BankName): Float32Array {
  const known = opened.get(name);
  if (known) return known;
  const bytes = Buffer.from(KEPT[name], 'base64');
  const kept = new Int16Array(KINDS * TAPS);
  for (let at = 0; at < kept.length; at++) kept[at] = bytes.readInt16LE(at * 2);
  const pixels = name === 'sharpening' ? 1 : 4;
  const bank = new Float32Array(KINDS * pixels * FILTER);
  for (let kind = 0; kind < KINDS; kind++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const filter = kept.subarray(mirrored(kind, pixel) * TAPS);
      const into = bank.subarray((kind * pixels + pixel) * FILTER);
      for (let tap = 0; tap < TAPS; tap++) {
        const x = tap % SIDE;
        const y = (tap - x) / SIDE;
        const from = (pixel & 2 ? SIDE - 1 - y : y) * SIDE + (pixel & 1 ? SIDE - 1 - x : x);
        into[y * ROW + x] = (filter[from] ?? 0) / UNIT;
      }
    }
  }
  opened.set(name, bank);
  return bank;
}

/** Filters are kept for the pixel above left; the other three see a mirror image of the surroundings. */
function mirrored(kind: number, pixel: number): number {
  const rest = kind % 9;
  const direction = (kind - rest) / 9;
  return (pixel === 1 || pixel === 2 ? 23 - direction : direction) * 9 + rest;
}
