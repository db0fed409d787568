import type { Pixels } from '../pixels.ts';

/** A picture with a hole in it: 255 where a pixel is unknown. */
export interface Holed {
  readonly picture: Pixels;
  readonly hole: Uint8Array;
}

/** Half as wide and as high: the mean of what is known, and a hole where less than half is. */
export function halved({ picture: { width, height, data }, hole }: Holed): Holed {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8Array(halfWidth * halfHeight * 4);
  const halfHole = new Uint8Array(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      const to = y * halfWidth + x;
      const from = 2 * y * width + 2 * x;
      let known = 0;
      const sum = [0, 0, 0, 0];
      for (const pixel of [from, from + 1, from + width, from + width + 1]) {
        if (hole[pixel] !== 0) continue;
        known++;
        for (let c = 0; c < 4; c++) sum[c] = (sum[c] ?? 0) + (data[pixel * 4 + c] ?? 0);
      }
      if (known < 2) halfHole[to] = 255;
      for (let c = 0; known > 0 && c < 4; c++) half[to * 4 + c] = Math.round((sum[c] ?? 0) / known);
    }
  }
  return { picture: { width: halfWidth, height: halfHeight, data: half }, hole: halfHole };
}
