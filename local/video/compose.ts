import type { Behind } from './matter.ts';
import type { Planes } from './planes.ts';

/** Opacity as brightness in video range. */
const AS_BRIGHTNESS = Uint8Array.from({ length: 256 }, (_, alpha) =>
  Math.round(16 + (alpha * 219) / 255),
);

/** Four opacities at once: most of a matte is all or nothing. */
const NOTHING = 0;
const ALL = 0xffffffff;
const NOTHING_AS_BRIGHTNESS = 0x10101010;
const ALL_AS_BRIGHTNESS = 0xebebebeb;

/** Makes the frame its own mask: grey, in video range. */
export function writeMask({ y, u, v }: Planes, alpha: Uint8Array): void {
  const fours = inFours(alpha);
  const brightness = inFours(y);
  for (let four = 0; four < fours.length; four++) {
    const opacities = fours[four] as number;
    if (opacities === NOTHING) brightness[four] = NOTHING_AS_BRIGHTNESS;
    else if (opacities === ALL) brightness[four] = ALL_AS_BRIGHTNESS;
    else {
      for (let at = 4 * four; at < 4 * four + 4; at++) {
        y[at] = AS_BRIGHTNESS[alpha[at] as number] as number;
      }
    }
  }
  u.fill(128);
  v.fill(128);
}

/** Puts the subject of a frame over another, in place. What was behind it is taken out first. */
export function putOver(frame: Planes, alpha: Uint8Array, over: Planes, behind?: Behind): void {
  brightnessOver(frame, alpha, over, behind);
  colourOver(frame, alpha, over, behind);
}

function brightnessOver({ y }: Planes, alpha: Uint8Array, over: Planes, behind?: Behind): void {
  const fours = inFours(alpha);
  const brightness = inFours(y);
  const grounds = inFours(over.y);
  for (let four = 0; four < fours.length; four++) {
    const opacities = fours[four] as number;
    if (opacities === ALL) continue;
    if (opacities === NOTHING) brightness[four] = grounds[four] as number;
    else fourOver(4 * four, y, alpha, over.y, behind);
  }
}

function fourOver(
  first: number,
  y: Uint8Array,
  alpha: Uint8Array,
  over: Uint8Array,
  behind?: Behind,
): void {
  for (let at = first; at < first + 4; at++) {
    const opacity = alpha[at] as number;
    const ground = over[at] as number;
    const is = opacity / 255;
    const own = is * (y[at] as number);
    const shown = behind ? (y[at] as number) - (1 - is) * behind.y : own;
    // However it is taken out, what is left is light that a subject can have.
    const light = Math.max(16 * is, Math.min(235 * is, shown));
    y[at] = Math.round(light + (1 - is) * ground);
  }
}

function colourOver(frame: Planes, alpha: Uint8Array, over: Planes, behind?: Behind): void {
  const { width, height, u, v } = frame;
  for (let row = 0, at = 0; row < height; row += 2) {
    for (let first = row * width, end = first + width; first < end; first += 2, at++) {
      const opacity =
        (alpha[first] as number) +
        (alpha[first + 1] as number) +
        (alpha[first + width] as number) +
        (alpha[first + width + 1] as number);
      if (opacity === 1020) continue;
      const groundU = over.u[at] as number;
      const groundV = over.v[at] as number;
      if (opacity === 0) {
        u[at] = groundU;
        v[at] = groundV;
        continue;
      }
      const is = opacity / 1020;
      let ownU = u[at] as number;
      let ownV = v[at] as number;
      if (behind) {
        ownU = within((ownU - (1 - is) * behind.u) / is);
        ownV = within((ownV - (1 - is) * behind.v) / is);
        if (behind.unspill) [ownU, ownV] = behind.unspill(ownU, ownV);
      }
      u[at] = Math.round(is * ownU + (1 - is) * groundU);
      v[at] = Math.round(is * ownV + (1 - is) * groundV);
    }
  }
}

/** Planes of brightness begin with the memory of their frame, and have pixels in fours. */
function inFours({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function within(colour: number): number {
  return Math.max(16, Math.min(240, colour));
}
