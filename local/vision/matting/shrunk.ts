import type { Colours } from '../colours.ts';
import type { Pixels } from '../pixels.ts';

/**
 * The picture with at most so many pixels, each the mean of what it covers, and of weight 1. What can
 * be seen through is laid on white.
 */
export function shrunk(pixels: Pixels, maxPixels: number): Colours {
  return shrunkBy(pixels, maxPixels, shrinkRow);
}

/** The same of a picture to compute with. */
export function shrunkColours(picture: Colours, maxPixels: number): Colours {
  return shrunkBy(picture, maxPixels, shrinkColours);
}

function shrunkBy<Picture extends { readonly width: number; readonly height: number }>(
  picture: Picture,
  maxPixels: number,
  shrink: (picture: Picture, y: number, shares: Shares, row: Float32Array) => void,
): Colours {
  const scale = Math.min(1, Math.sqrt(maxPixels / (picture.width * picture.height)));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const data = new Float32Array(width * height * 4);
  const row = new Float32Array(width * 4);
  const columns = sharesOf(picture.width, width);
  const rows = sharesOf(picture.height, height);
  for (let y = 0; y < picture.height; y++) {
    shrink(picture, y, columns, row);
    const target = rows.target[y] ?? 0;
    addTo(data, target * width * 4, row, rows.first[y] ?? 0);
    const second = rows.second[y] ?? 0;
    if (second > 0) addTo(data, (target + 1) * width * 4, row, second);
  }
  for (let at = 3; at < data.length; at += 4) data[at] = 1;
  return { width, height, data };
}

/** To which of the fewer places each of the many belongs, and with which share; the rest is the next one's. */
interface Shares {
  readonly target: Int32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

function sharesOf(many: number, few: number): Shares {
  const target = new Int32Array(many);
  const first = new Float32Array(many);
  const second = new Float32Array(many);
  const scale = few / many;
  for (let at = 0; at < many; at++) {
    const start = at * scale;
    const place = Math.min(few - 1, Math.floor(start + 1e-9));
    const over = Math.max(0, start + scale - (place + 1));
    target[at] = place;
    const last = place === few - 1;
    first[at] = last ? scale : scale - over;
    second[at] = last || over < 1e-9 ? 0 : over;
  }
  return { target, first, second };
}

function shrinkRow(
  { width, data }: Pixels,
  y: number,
  { target, first, second }: Shares,
  row: Float32Array,
): void {
  row.fill(0);
  let from = y * width * 4;
  for (let x = 0; x < width; x++, from += 4) {
    const opacity = (data[from + 3] ?? 0) / 255;
    const white = 255 * (1 - opacity);
    const red = (data[from] ?? 0) * opacity + white;
    const green = (data[from + 1] ?? 0) * opacity + white;
    const blue = (data[from + 2] ?? 0) * opacity + white;
    const to = (target[x] ?? 0) * 4;
    const share = first[x] ?? 0;
    row[to] = (row[to] ?? 0) + red * share;
    row[to + 1] = (row[to + 1] ?? 0) + green * share;
    row[to + 2] = (row[to + 2] ?? 0) + blue * share;
    const rest = second[x] ?? 0;
    if (rest === 0) continue;
    row[to + 4] = (row[to + 4] ?? 0) + red * rest;
    row[to + 5] = (row[to + 5] ?? 0) + green * rest;
    row[to + 6] = (row[to + 6] ?? 0) + blue * rest;
  }
}

function shrinkColours(
  { width, data }: Colours,
  y: number,
  { target, first, second }: Shares,
  row: Float32Array,
): void {
  row.fill(0);
  let from = y * width * 4;
  for (let x = 0; x < width; x++, from += 4) {
    const to = (target[x] ?? 0) * 4;
    for (let axis = 0; axis < 3; axis++) {
      const value = data[from + axis] ?? 0;
      row[to + axis] = (row[to + axis] ?? 0) + value * (first[x] ?? 0);
      const rest = second[x] ?? 0;
      if (rest > 0) row[to + 4 + axis] = (row[to + 4 + axis] ?? 0) + value * rest;
    }
  }
}

function addTo(data: Float32Array, start: number, row: Float32Array, share: number): void {
  for (let at = 0; at < row.length; at++) {
    data[start + at] = (data[start + at] ?? 0) + (row[at] ?? 0) * share;
  }
}
