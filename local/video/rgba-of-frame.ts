import type { Pixels } from '../vision/pixels.ts';
import type { Colours } from './clip.ts';
import type { Planes } from './planes.ts';

/** What the two of colour add to red, green and blue. */
const ADDS = {
  bt601: { red: 1.596, greenU: 0.392, greenV: 0.813, blue: 2.017 },
  bt709: { red: 1.793, greenU: 0.213, greenV: 0.533, blue: 2.112 },
} as const;

/** A frame as a picture of red, green and blue; four pixels share a colour. */
export function rgbaOfFrame(frame: Planes, matrix: Colours['matrix']): Pixels {
  const { width, height, y, u, v } = frame;
  const { red, greenU, greenV, blue } = ADDS[matrix];
  const data = new Uint8Array(width * height * 4);
  // Clamped and rounded by the kind of array.
  const into = new Uint8ClampedArray(data.buffer);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const colour = ((row >> 1) * width) / 2 + (column >> 1);
      const light = 1.164 * ((y[at] as number) - 16);
      const across = (u[colour] as number) - 128;
      const down = (v[colour] as number) - 128;
      into[4 * at] = light + red * down;
      into[4 * at + 1] = light - greenU * across - greenV * down;
      into[4 * at + 2] = light + blue * across;
      into[4 * at + 3] = 255;
    }
  }
  return { width, height, data };
}
