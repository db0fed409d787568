import type { Colours } from '../colours.ts';
import { type Face, findFaces } from '../faces/find-faces.ts';

/** The faces in a picture to compute with. */
export function facesIn({ width, height, data }: Colours): readonly Face[] {
  const light = new Uint8Array(width * height);
  for (let at = 0; at < light.length; at++) {
    const place = at * 4;
    light[at] =
      0.299 * (data[place] ?? 0) + 0.587 * (data[place + 1] ?? 0) + 0.114 * (data[place + 2] ?? 0);
  }
  return findFaces({ width, height, data: light });
}

/**
 * How likely each pixel belongs to somebody, from faces: a head around each and a body that widens below
 * it, certain in the middle of the face and at the neck; what else was likely counts for somewhat less.
 */
export function peoplePrior(
  usual: Float32Array,
  faces: readonly Face[],
  width: number,
): Float32Array {
  return usual.map((share, at) => {
    const x = (at % width) + 0.5;
    const y = Math.floor(at / width) + 0.5;
    let likely = 0.02;
    for (const face of faces) likely = Math.max(likely, likelyOf(face, x, y));
    return likely === 1 ? 1 : Math.max(0.8 * likely, 0.6 * share);
  });
}

function likelyOf(face: Face, x: number, y: number): number {
  const across = Math.abs(x - face.x) / face.side;
  const down = (y - face.y) / face.side;
  const head = Math.hypot(across / 0.62, (down + 0.08) / 0.8);
  if (head < 0.5) return 1;
  if (across < 0.2 && down > 0 && down < 0.9) return 1;
  const half = down < 0.6 ? 0 : Math.min(1.4, 0.55 + 1.2 * (down - 0.6));
  const body = half > 0 ? soft(half - across, 0.3) : 0;
  return Math.min(0.98, Math.max(soft(1 - head, 0.25), body));
}

/** From 0 to 1 while `inside` goes from minus to plus `width`. */
function soft(inside: number, width: number): number {
  return Math.min(1, Math.max(0, 0.5 + inside / (2 * width)));
}
