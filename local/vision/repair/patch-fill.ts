import type { Pixels } from '../pixels.ts';
import { blendIn, type Hold } from './blend-in.ts';
import { grown } from './grown.ts';
import { allowedIn, type Found, PATCH_RADIUS, refine } from './patch-level.ts';
import { type Holed, halved } from './pyramid.ts';
import { smoothPixels } from './smooth-fill.ts';

const SMALLEST_SIDE = 24;
const MOST_ROUNDS = 10;
const FEWEST_ROUNDS = 4;

/**
 * Fills a hole with pieces of what is around it, coarse to fine, so that structure goes on first and
 * grain comes last. The picture is changed within the hole. False, and nothing changed, where there is
 * not one whole patch to learn from.
 */
export function patchFill(whole: Holed, hold: Hold): boolean {
  if (!allowedIn(whole).includes(1)) return false;
  const levels = [whole];
  for (let level = whole; roomToHalve(level); ) {
    level = halved(level);
    if (!allowedIn(level).includes(1)) break;
    levels.push(level);
  }

  let coarser: Matched | undefined;
  for (const [number, level] of [...levels.entries()].reverse()) {
    const allowed = allowedIn(level);
    if (!coarser) smoothPixels(level.picture, level.hole);
    const found = startOf(level, allowed, coarser);
    if (coarser) copy(level, found, coarser.picture);
    const share = number / Math.max(1, levels.length - 1);
    const rounds = FEWEST_ROUNDS + share * (MOST_ROUNDS - FEWEST_ROUNDS);
    refine(level, allowed, found, Math.round(rounds));
    coarser = { picture: level.picture, found };
  }
  if (coarser) blendIn(whole, sourcesOf(whole, coarser.found), hold);
  return true;
}

/** A level that is done. */
interface Matched {
  readonly picture: Pixels;
  readonly found: Found;
}

function roomToHalve({ picture: { width, height }, hole }: Holed): boolean {
  return Math.min(width, height) >= 2 * SMALLEST_SIDE && hole.includes(255);
}

/** What was found one level before, twice as far; where that cannot be, the next that is allowed. */
function startOf(
  { picture: { width, height }, hole }: Holed,
  allowed: Uint8Array,
  coarser: Matched | undefined,
): Found {
  const touched = grown(hole, width, height, PATCH_RADIUS);
  const found = new Int32Array(hole.length).fill(-1);
  // Spread over all that is allowed, and the same on every run.
  let spread = 0;
  const next = () => {
    spread = (spread + 7919) % allowed.length;
    const after = allowed.indexOf(1, spread);
    return after >= 0 ? after : allowed.indexOf(1);
  };
  for (let y = PATCH_RADIUS; y < height - PATCH_RADIUS; y++) {
    for (let x = PATCH_RADIUS; x < width - PATCH_RADIUS; x++) {
      const at = y * width + x;
      if (touched[at] === 0) continue;
      const from = coarser ? twice(coarser, x, y, width) : -1;
      found[at] = from >= 0 && allowed[from] === 1 ? from : next();
    }
  }
  return found;
}

function twice({ picture, found }: Matched, x: number, y: number, width: number): number {
  const above = Math.min(y >> 1, picture.height - 1) * picture.width;
  const from = found[above + Math.min(x >> 1, picture.width - 1)] ?? -1;
  if (from < 0) return -1;
  const fromX = from % picture.width;
  const fromY = (from - fromX) / picture.width;
  return (2 * fromY + (y & 1)) * width + 2 * fromX + (x & 1);
}

/** For each pixel of the hole, in order, the pixel that it is to be a copy of. */
function sourcesOf({ picture: { width, height }, hole }: Holed, found: Found): Int32Array {
  const sources = new Int32Array(hole.length).fill(-1);
  for (let at = 0; at < hole.length; at++) {
    if (hole[at] === 0) continue;
    const x = at % width;
    const y = (at - x) / width;
    const centreX = Math.max(PATCH_RADIUS, Math.min(x, width - 1 - PATCH_RADIUS));
    const centreY = Math.max(PATCH_RADIUS, Math.min(y, height - 1 - PATCH_RADIUS));
    const centre = centreY * width + centreX;
    sources[at] = (found[centre] ?? at) + at - centre;
  }
  return sources;
}

/** Begins with copies; at the very edge, where no patch has its centre, with the level before. */
function copy(level: Holed, found: Found, before: Pixels): void {
  const { picture, hole } = level;
  const { width, data } = picture;
  for (let at = 0; at < hole.length; at++) {
    if (hole[at] === 0) continue;
    const from = found[at] ?? -1;
    if (from >= 0) {
      data.copyWithin(at * 4, from * 4, from * 4 + 4);
    } else {
      const x = Math.min((at % width) >> 1, before.width - 1);
      const y = Math.min(Math.floor(at / width) >> 1, before.height - 1);
      const pixel = (y * before.width + x) * 4;
      data.set(before.data.subarray(pixel, pixel + 4), at * 4);
    }
  }
}
