import { loadKernel } from '../kernels/load-kernel.ts';
import type { Pixels } from '../pixels.ts';
import { Strips, stripRows } from '../strips.ts';

interface Denoise {
  denoise(
    colours: number,
    to: number,
    width: number,
    height: number,
    near: number,
    width2: number,
  ): void;
}

const MARGIN = 3;
const STRIP_PIXELS = 1 << 17;
/** How much a place counts by how far it is: a bell over 7 x 7 of them. */
const NEAR = Float32Array.from({ length: 49 }, (_, at) => {
  const x = (at % 7) - 3;
  const y = Math.floor(at / 7) - 3;
  return Math.exp(-(x * x + y * y) / (2 * 2 * 2));
});

/**
 * Each pixel becomes a mean of those around it that are like it: those that differ by more than
 * `width` levels count little. The picture is changed where it lies.
 */
export function denoise(picture: Pixels, width: number): void {
  const rows = stripRows(picture, STRIP_PIXELS);
  const row = picture.width + 2 * MARGIN;
  const strips = new Strips(picture, MARGIN);
  const kernel = loadKernel<Denoise>('denoise');
  const bytes = (row * (rows + 2 * MARGIN) + picture.width * rows) * 16 + 1024;
  kernel.lend(bytes, (room) => {
    const near = room.floats(NEAR.length);
    const colours = room.floats(row * (rows + 2 * MARGIN) * 4);
    const to = room.floats(picture.width * rows * 4);
    near.view.set(NEAR);
    for (let y = 0; y < picture.height; y += rows) {
      const count = Math.min(rows, picture.height - y);
      strips.read(colours.view, y, count);
      // Three colours differ together, each as much as the light does.
      const measure = 3 * width * width;
      kernel.run.denoise(colours.at, to.at, picture.width, count, near.at, measure);
      const from = y * picture.width * 4;
      for (let at = 0; at < picture.width * count * 4; at++) {
        picture.data[from + at] = Math.round(to.view[at] ?? 0);
      }
    }
  });
}
