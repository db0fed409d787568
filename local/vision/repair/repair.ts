import type { Pixels } from '../pixels.ts';
import { depthOf } from './depth.ts';
import { type Box, partsOf } from './mask-parts.ts';
import { patchFill } from './patch-fill.ts';
import type { Holed } from './pyramid.ts';
import { smoothPixels } from './smooth-fill.ts';
import { cutMask, putBack, windowAround, windowOf } from './window.ts';

/** Half the thickness of a scratch: a smooth surface across it is all there is to see. */
const SCRATCH = 3;
/** Half the thickness of a letter or line: pieces of the surroundings, held to the smooth surface. */
const STROKE = 16;
/** So much is worked on at once; what is larger is cut into tiles, or filled at half the size. */
const TILE = 1024;
const MOST_PIXELS = 4_000_000;

/**
 * Removes what the mask covers (255) and fills the gap with what is around it. The picture is changed
 * where it lies, and every pixel outside the mask stays as it is. The same every time.
 */
export function repair(picture: Pixels, mask: Uint8Array): void {
  const missing = mask.slice();
  for (const part of partsOf(mask, picture.width, picture.height)) {
    const thickness = thicknessOf(cutMask(mask, picture.width, part), part);
    for (const tile of thickness <= STROKE ? tilesOf(part) : [part]) {
      const window = windowAround(tile, picture);
      const filled = fill(windowOf(picture, missing, window, MOST_PIXELS), thickness);
      putBack(picture, missing, filled.picture, window, tile);
    }
  }
}

function thicknessOf(mask: Uint8Array, { left, top, right, bottom }: Box): number {
  const depth = depthOf(mask, right - left, bottom - top);
  return depth.reduce((most, steps) => Math.max(most, steps), 0);
}

function tilesOf({ left, top, right, bottom }: Box): readonly Box[] {
  const tiles: Box[] = [];
  for (let y = top; y < bottom; y += TILE) {
    for (let x = left; x < right; x += TILE) {
      const tile = { left: x, top: y, right: x + TILE, bottom: y + TILE };
      tiles.push({ ...tile, right: Math.min(right, x + TILE), bottom: Math.min(bottom, y + TILE) });
    }
  }
  return tiles;
}

/** Fills the hole of a window, which is changed. */
function fill(window: Holed, thickness: number): Holed {
  const { picture, hole } = window;
  const done = thickness > SCRATCH && patchFill(window, thickness <= STROKE ? 'surface' : 'copies');
  if (!done) smoothPixels(picture, hole);
  return window;
}
