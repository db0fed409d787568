import type { Pixels } from '../pixels.ts';
import { resampleRows } from '../resample.ts';
import type { Box } from './mask-parts.ts';
import { type Holed, halved } from './pyramid.ts';

const MOST_AROUND = 448;
/** Each missing pixel takes a hundred bytes to be solved for. */
const MOST_MISSING = 1_000_000;

/** With enough around it to learn from: three times as large, if there is room. */
export function windowAround({ left, top, right, bottom }: Box, { width, height }: Pixels): Box {
  const more = Math.max(32, Math.min(MOST_AROUND, Math.max(right - left, bottom - top)));
  return {
    left: Math.max(0, left - more),
    top: Math.max(0, top - more),
    right: Math.min(width, right + more),
    bottom: Math.min(height, bottom + more),
  };
}

/**
 * A part of a picture, colours multiplied by their alpha, so that the colour of what cannot be seen
 * does not come into view. As often half as large as it takes to have no more than so many pixels,
 * and no more of them missing than can be solved for.
 */
export function windowOf(picture: Pixels, mask: Uint8Array, box: Box, most: number): Holed {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  let window = width * height <= most ? whole(picture, mask, box) : halfOf(picture, mask, box);
  while (window.hole.length > most || missingOf(window) > MOST_MISSING) window = halved(window);
  return window;
}

function missingOf({ hole }: Holed): number {
  return hole.reduce((count, missing) => (missing === 0 ? count : count + 1), 0);
}

function whole(picture: Pixels, mask: Uint8Array, box: Box): Holed {
  return { picture: premultiplied(cut(picture, box)), hole: cutMask(mask, picture.width, box) };
}

const STRIP = 64;

/** In strips: the whole window at its own size may be as large as the picture. */
function halfOf(picture: Pixels, mask: Uint8Array, box: Box): Holed {
  const width = (box.right - box.left) >> 1;
  const height = (box.bottom - box.top) >> 1;
  const data = new Uint8Array(width * height * 4);
  const hole = new Uint8Array(width * height);
  for (let y = 0; y < height; y += STRIP / 2) {
    const top = box.top + 2 * y;
    const strip = { ...box, top, bottom: Math.min(top + STRIP, box.top + 2 * height) };
    const half = halved(whole(picture, mask, strip));
    data.set(half.picture.data, y * width * 4);
    hole.set(half.hole, y * width);
  }
  return { picture: { width, height, data }, hole };
}

function cut({ width, data }: Pixels, { left, top, right, bottom }: Box): Pixels {
  const window = new Uint8Array((right - left) * (bottom - top) * 4);
  for (let y = top; y < bottom; y++) {
    const row = data.subarray((y * width + left) * 4, (y * width + right) * 4);
    window.set(row, (y - top) * (right - left) * 4);
  }
  return { width: right - left, height: bottom - top, data: window };
}

export function cutMask(
  mask: Uint8Array,
  width: number,
  { left, top, right, bottom }: Box,
): Uint8Array {
  const window = new Uint8Array((right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    window.set(mask.subarray(y * width + left, y * width + right), (y - top) * (right - left));
  }
  return window;
}

function premultiplied(pixels: Pixels): Pixels {
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 255) continue;
    for (let c = at; c < at + 3; c++) data[c] = Math.round(((data[c] ?? 0) * alpha) / 255);
  }
  return pixels;
}

/**
 * Writes what a window was filled with into what is missing of a tile, which then is no longer. A
 * window of less than its box's size is enlarged.
 */
export function putBack(
  { width, data }: Pixels,
  missing: Uint8Array,
  filled: Pixels,
  window: Box,
  tile: Box,
): void {
  for (let c = 0; c < 4; c++) {
    eachRow(filled, c, window, (row, y) => {
      if (y < tile.top || y >= tile.bottom) return;
      for (let x = tile.left; x < tile.right; x++) {
        const at = y * width + x;
        if (missing[at] === 0) continue;
        data[at * 4 + c] = Math.max(0, Math.min(Math.round(row[x - window.left] ?? 0), 255));
      }
    });
  }
  for (let y = tile.top; y < tile.bottom; y++) {
    for (let x = tile.left; x < tile.right; x++) {
      const at = y * width + x;
      if (missing[at] === 0) continue;
      missing[at] = 0;
      divide(data, at * 4);
    }
  }
}

/** One channel of what fills a box, row by row. */
function eachRow(
  { width, height, data }: Pixels,
  channel: number,
  { left, top, right, bottom }: Box,
  take: (row: Float32Array, y: number) => void,
): void {
  const plane = new Float32Array(width * height);
  for (let at = 0; at < plane.length; at++) plane[at] = data[at * 4 + channel] ?? 0;
  const size = [right - left, bottom - top] as const;
  resampleRows({ width, height, data: plane }, ...size, 'linear', (row, y) => take(row, y + top));
}

function divide(data: Uint8Array, at: number): void {
  const alpha = data[at + 3] ?? 0;
  if (alpha === 255) return;
  for (let c = at; c < at + 3; c++) {
    data[c] = alpha === 0 ? 0 : Math.min(255, Math.round(((data[c] ?? 0) * 255) / alpha));
  }
}
