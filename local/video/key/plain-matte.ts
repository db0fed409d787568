import type { Planes } from '../planes.ts';
import type { Yuv } from '../yuv.ts';

/** Distances between colours, as red, green and blue from 0 to 255: all key, and all subject. */
const KEY = 22;
const SUBJECT = 64;

/**
 * For a key without a hue (black, white, grey): what is like it in all three of red, green and blue.
 * The distance is worked out from the differences in brightness and colour, which comes to the same.
 */
export function plainMatte({ width, height, y, u, v }: Planes, key: Yuv, into: Uint8Array): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const colour = (row >> 1) * (width / 2) + (column >> 1);
      const at = row * width + column;
      const bright = 1.164 * ((y[at] as number) - key.y);
      const du = (u[colour] as number) - key.u;
      const dv = (v[colour] as number) - key.v;
      const red = bright + 1.596 * dv;
      const green = bright - 0.813 * dv - 0.392 * du;
      const blue = bright + 2.017 * du;
      const distance = Math.sqrt(red * red + green * green + blue * blue);
      const opacity = (distance - KEY) / (SUBJECT - KEY);
      into[at] = Math.max(0, Math.min(255, Math.round(opacity * 255)));
    }
  }
}
