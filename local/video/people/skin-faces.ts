import type { Planes } from '../planes.ts';
import type { Face } from './body-prior.ts';
import { regionsOf } from './regions.ts';

/** The two colours of skin, whatever its brightness: of all peoples it is blood that colours it. */
const SKIN = { u: [96, 125], v: [135, 170] } as const;
/** Of the height of a frame: what is smaller is no face that matters, and what is larger no face. */
const SIZES = [0.07, 0.5] as const;
/** Height to width, neck and all, and how much of its box a face fills. */
const SHAPES = [0.85, 2.3] as const;
const FULL = 0.5;
const MOST_FACES = 4;

/**
 * Finds what may be faces by their colour and shape alone: patches of skin, upright and full, that
 * do not come in from below. Where wood or sand is behind somebody, it finds none.
 */
export function skinFaces({ width, height, y, u, v }: Planes): readonly Face[] {
  const across = width / 2;
  const down = height / 2;
  const skin = new Uint8Array(across * down);
  for (let at = 0; at < skin.length; at++) {
    const row = Math.floor(at / across);
    const bright = y[2 * row * width + 2 * (at - row * across)] as number;
    const [reds, blues] = [v[at] as number, u[at] as number];
    const isSkin =
      blues >= SKIN.u[0] && blues <= SKIN.u[1] && reds >= SKIN.v[0] && reds <= SKIN.v[1];
    skin[at] = isSkin && bright > 50 ? 1 : 0;
  }
  const faces: (Face & { readonly area: number })[] = [];
  for (const region of regionsOf(skin, across, down)) {
    const face = faceIn(region, across, down);
    if (face) faces.push({ ...face, area: region.length });
  }
  return faces.sort((one, two) => two.area - one.area).slice(0, MOST_FACES);
}

function faceIn(region: Int32Array, across: number, down: number): Face | undefined {
  let [left, right, top, bottom] = [across, 0, down, 0];
  for (const at of region) {
    const x = at % across;
    const row = (at - x) / across;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const wide = right - left + 1;
  const high = bottom - top + 1;
  const isSized = high >= SIZES[0] * down && high <= SIZES[1] * down;
  const isShaped = high >= SHAPES[0] * wide && high <= SHAPES[1] * wide;
  const isFull = region.length >= FULL * wide * high;
  if (!isSized || !isShaped || !isFull || bottom === down - 1) return undefined;
  // In pixels of the frame. Fair hair counts as skin, and dark hair hides the brow: something between.
  return { x: left + right + 1, y: top + bottom + 1, side: 2 * wide * 0.8 };
}
