import type { Colours } from '../colours.ts';
import { loadKernel } from '../kernels/load-kernel.ts';
import type { Pixels } from '../pixels.ts';

/** What was found out about a picture, perhaps on a smaller one. Colours are of 0 to 255. */
export interface Layers {
  /** The colour of the subject everywhere, and how opaque it is. */
  readonly front: Colours;
  /** The colour of the ground everywhere, and how far the two can be told apart: 0 to 1. */
  readonly back: Colours;
}

interface Refine {
  refineRows(
    pixels: number,
    width: number,
    rows: number,
    top: number,
    height: number,
    front: number,
    back: number,
    range: number,
    workWidth: number,
    workHeight: number,
  ): void;
}

const STRIP_BYTES = 4 * 1024 * 1024;

/**
 * Cuts the subject out of a picture at its full size. The pixels are changed where they lie, strip by
 * strip: a second copy of a large picture is another gigabyte. Between the layers' pixels the opacity
 * is measured anew, as the place of a colour between that of the ground and that of the subject.
 */
export function refine(pixels: Pixels, { front, back }: Layers): void {
  const { width, height, data } = pixels;
  const kernel = loadKernel<Refine>('refine');
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_BYTES / (width * 4))));
  const range = rangesOf(front);
  const layers = front.data.byteLength + back.data.byteLength + range.byteLength;
  kernel.lend(layers + rows * width * 4 + 64, (room) => {
    const frontRoom = room.floats(front.data.length);
    const backRoom = room.floats(back.data.length);
    const rangeRoom = room.floats(range.length);
    const strip = room.bytes(rows * width * 4);
    frontRoom.view.set(front.data);
    backRoom.view.set(back.data);
    rangeRoom.view.set(range);
    for (let top = 0; top < height; top += rows) {
      const count = Math.min(rows, height - top);
      const part = data.subarray(top * width * 4, (top + count) * width * 4);
      strip.view.set(part);
      kernel.run.refineRows(
        ...([strip.at, width, count, top, height] as const),
        ...([frontRoom.at, backRoom.at, rangeRoom.at, front.width, front.height] as const),
      );
      part.set(strip.view.subarray(0, part.length));
    }
  });
}

/** The least and the most opacity within one pixel of each. */
function rangesOf({ width, height, data }: Colours): Float32Array {
  const rows = new Float32Array(width * height * 2);
  const ranges = new Float32Array(width * height * 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const own = data[at * 4 + 3] ?? 0;
      const left = x > 0 ? (data[at * 4 - 1] ?? 0) : own;
      const right = x < width - 1 ? (data[at * 4 + 7] ?? 0) : own;
      rows[at * 2] = Math.min(own, left, right);
      rows[at * 2 + 1] = Math.max(own, left, right);
    }
  }
  const line = width * 2;
  for (let at = 0; at < ranges.length; at += 2) {
    const above = at >= line ? at - line : at;
    const below = at < ranges.length - line ? at + line : at;
    ranges[at] = Math.min(rows[at] ?? 0, rows[above] ?? 0, rows[below] ?? 0);
    ranges[at + 1] = Math.max(rows[at + 1] ?? 0, rows[above + 1] ?? 0, rows[below + 1] ?? 0);
  }
  return ranges;
}
