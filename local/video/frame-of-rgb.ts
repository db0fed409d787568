import type { Colours } from './clip.ts';
import { bytesOfFrame, planesOf, type Size } from './planes.ts';
import { yuvOf } from './yuv.ts';

/** A picture of red, green and blue bytes as a frame: four pixels share the mean of their colours. */
export function frameOfRgb(rgb: Uint8Array, size: Size, matrix: Colours['matrix']): Uint8Array {
  const { width, height } = size;
  const pixels = new Uint8Array(bytesOfFrame(size));
  const { y, u, v } = planesOf(pixels, size);
  // Being linear, it is told by what each of the three gives alone.
  const black = yuvOf([0, 0, 0], matrix);
  const [red, green, blue] = [
    yuvOf([1, 0, 0], matrix),
    yuvOf([0, 1, 0], matrix),
    yuvOf([0, 0, 1], matrix),
  ];
  const given = (name: 'y' | 'u' | 'v') =>
    [red[name] - black[name], green[name] - black[name], blue[name] - black[name]] as const;
  const [yr, yg, yb] = given('y');
  const [ur, ug, ub] = given('u');
  const [vr, vg, vb] = given('v');
  for (let row = 0; row < height; row += 2) {
    for (let column = 0; column < width; column += 2) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let part = 0; part < 4; part++) {
        const at = (row + (part >> 1)) * width + column + (part & 1);
        const [ofRed, ofGreen, ofBlue] = [rgb[3 * at], rgb[3 * at + 1], rgb[3 * at + 2]] as [
          number,
          number,
          number,
        ];
        y[at] = Math.round(16 + yr * ofRed + yg * ofGreen + yb * ofBlue);
        r += ofRed / 4;
        g += ofGreen / 4;
        b += ofBlue / 4;
      }
      const colour = (row * width) / 4 + column / 2;
      u[colour] = Math.round(128 + ur * r + ug * g + ub * b);
      v[colour] = Math.round(128 + vr * r + vg * g + vb * b);
    }
  }
  return pixels;
}
