import type { Yuv } from '../yuv.ts';

/** Of the way from grey to the key: nearer than this is all subject, farther than that all screen. */
const SUBJECT = 0.05;
const SCREEN = 0.8;
/** How much a difference in hue counts for the subject. */
const HUE = 0.5;
/** What noise may make of a hue. */
const NOISE = 3;

/**
 * The opacity of every colour, 256 by 256: how far a colour is from grey toward the key, less for
 * what it is beside that way. A yellow duck before a green screen is not half of the screen.
 */
export function keyTable(key: Yuv): Uint8Array {
  const table = new Uint8Array(65536);
  const toward = towardKey(key);
  for (let u = 0; u < 256; u++) {
    for (let v = 0; v < 256; v++) {
      const opacity = 1 - (toward(u, v) - SUBJECT) / (SCREEN - SUBJECT);
      table[u * 256 + v] = Math.max(0, Math.min(255, Math.round(opacity * 255)));
    }
  }
  return table;
}

/** Takes the light of the key off a colour: it may go toward the key as far as a subject may. */
export function unspiller(key: Yuv): (u: number, v: number) => readonly [number, number] {
  const toward = towardKey(key);
  return (u, v) => {
    const over = Math.max(0, toward(u, v) - SUBJECT);
    return [u - over * (key.u - 128), v - over * (key.v - 128)];
  };
}

/** 0 for grey and whatever is away from the key, 1 for the key. */
function towardKey(key: Yuv): (u: number, v: number) => number {
  const keyU = key.u - 128;
  const keyV = key.v - 128;
  const square = keyU * keyU + keyV * keyV;
  const length = Math.sqrt(square);
  return (u, v) => {
    const along = ((u - 128) * keyU + (v - 128) * keyV) / square;
    const beside = Math.abs((v - 128) * keyU - (u - 128) * keyV) / square;
    return along - HUE * Math.max(0, beside - NOISE / length);
  };
}
