import { loadKernel } from '../kernels/load-kernel.ts';
import { emptyPixels, type Pixels } from '../pixels.ts';
import { Strips, stripRows } from '../strips.ts';
import { blockiness } from './blockiness.ts';
import { coverInvisible } from './cover-invisible.ts';
import { type BankName, filterBank } from './filter-bank.ts';

interface Filters {
  lightOf(colours: number, to: number, width: number, height: number): void;
  sort(
    light: number,
    to: number,
    width: number,
    height: number,
    weights: number,
    tensor: number,
    between: number,
  ): void;
  doubled(
    light: number,
    kinds: number,
    bank: number,
    to: number,
    width: number,
    height: number,
  ): void;
  sharpened(
    light: number,
    kinds: number,
    bank: number,
    to: number,
    width: number,
    height: number,
  ): void;
  coloursDoubled(
    colours: number,
    between: number,
    to: number,
    width: number,
    height: number,
    taps: number,
  ): void;
  lit(colours: number, light: number, to: number, count: number, share: number): void;
}

/** What the kernel wants to see around a strip, on all four sides. */
const MARGIN = 6;
/** So many pixels are worked on at once. */
const STRIP_PIXELS = 1 << 16;
/** From here on the blocks of a compressed picture would be sharpened as well. */
const COMPRESSED = 0.7;

/** How the gradients around a pixel count: a bell over seven of them. */
const BELL = normal(
  [-3, -2, -1, 0, 1, 2, 3].map((step) => Math.exp(-(step * step) / (2 * 1.4 ** 2))),
);
/** A quarter of a pixel beside the one there. */
const LANCZOS = normal([-2.75, -1.75, -0.75, 0.25, 1.25, 2.25].map(lanczos));

/**
 * Two or four times as wide and high. Light is made with weights that were learnt for surroundings of
 * that kind, colour and transparency by a Lanczos filter: edges come out sharp, and nothing is invented.
 * What cannot be seen of the picture itself may change its colour.
 */
export function enlarged(picture: Pixels, times: 2 | 4): Pixels {
  coverInvisible(picture);
  const twice = doubled(picture, blockiness(picture) >= COMPRESSED ? 'compressed' : 'clean');
  return times === 2 ? twice : doubled(twice, 'clean');
}

/** Sharpens where a picture lies, by a share of what was learnt. */
export function sharpen(picture: Pixels, share = 1): void {
  coverInvisible(picture);
  inStrips(picture, 'sharpening', 1, share, (strip, y) => {
    keepAlpha(strip, picture.data, y * picture.width * 4);
  });
}

function doubled(picture: Pixels, bank: BankName): Pixels {
  const twice = emptyPixels(picture.width * 2, picture.height * 2);
  inStrips(picture, bank, 2, 1, (strip, y) => twice.data.set(strip, 2 * y * twice.width * 4));
  return twice;
}

function keepAlpha(strip: Uint8Array, data: Uint8Array, from: number): void {
  for (let at = 0; at < strip.length; at += 4) {
    for (let c = 0; c < 3; c++) data[from + at + c] = strip[at + c] ?? 0;
  }
}

function inStrips(
  picture: Pixels,
  bank: BankName,
  times: 1 | 2,
  share: number,
  take: (strip: Uint8Array, y: number) => void,
): void {
  const { width, height } = picture;
  const rows = stripRows(picture, STRIP_PIXELS);
  const row = width + 2 * MARGIN;
  const most = row * (rows + 2 * MARGIN);
  const weights = filterBank(bank);
  const kernel = loadKernel<Filters>('filters');
  const out = width * rows * times * times;
  const bytes = weights.length * 4 + most * 84 + out * 24 + width * rows + 4096;
  const strips = new Strips(picture, MARGIN);
  kernel.lend(bytes, (room) => {
    const { run } = kernel;
    const lentBank = room.floats(weights.length);
    const bell = room.floats(BELL.length);
    const taps = room.floats(LANCZOS.length);
    const colours = room.floats(most * 4);
    const light = room.floats(most + 4);
    // Used by one step after the other.
    const tensor = room.floats(most * 4);
    const between = room.floats(most * 8);
    const kinds = room.bytes(width * rows);
    const made = room.floats(out);
    const wide = times === 1 ? undefined : room.floats(out * 4);
    const done = room.bytes(out * 4);
    lentBank.view.set(weights);
    bell.view.set(BELL);
    taps.view.set(LANCZOS);
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      strips.read(colours.view, y, count);
      run.lightOf(colours.at, light.at, width, count);
      run.sort(light.at, kinds.at, width, count, bell.at, tensor.at, between.at);
      const apply = times === 2 ? run.doubled : run.sharpened;
      apply(light.at, kinds.at, lentBank.at, made.at, width, count);
      const pixels = width * count * times * times;
      if (wide) {
        run.coloursDoubled(colours.at, between.at, wide.at, width, count, taps.at);
        run.lit(wide.at, made.at, done.at, pixels, share);
      } else {
        for (let line = 0; line < count; line++) {
          const from = ((line + MARGIN) * row + MARGIN) * 16;
          const to = line * width * 4;
          run.lit(colours.at + from, made.at + to, done.at + to, width, share);
        }
      }
      take(done.view.subarray(0, pixels * 4), y);
    }
  });
}

function normal(weights: readonly number[]): Float32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(weights, (weight) => weight / total);
}

function lanczos(x: number): number {
  const turn = Math.PI * x;
  return (3 * Math.sin(turn) * Math.sin(turn / 3)) / (turn * turn);
}
