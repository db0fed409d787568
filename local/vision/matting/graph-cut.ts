import { loadKernel } from '../kernels/load-kernel.ts';
import type { Mask } from './masks.ts';

/** A grid of pixels to be parted in two. All costs are whole numbers. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  /** What it costs more to be outside than inside, for each pixel; below 0 where inside costs more. */
  readonly ends: Int32Array;
  /** What parting costs a pixel from those to the right, below, below right and below left. */
  readonly edges: Int32Array;
}

interface Cut {
  bytesAPixel(): number;
  cut(capacities: number, ends: number, room: number, width: number, height: number): void;
}

/** The pixels inside, of the parting that costs least. */
export function graphCut({ width, height, ends, edges }: Grid): Mask {
  const kernel = loadKernel<Cut>('cut');
  // A rim around the grid is never entered: no way leads there.
  const [wide, high] = [width + 2, height + 2];
  const count = wide * high;
  const perPixel = kernel.run.bytesAPixel() + 4;
  return kernel.lend(count * (36 + perPixel) + 1024, (room) => {
    const capacities = room.ints(count * 8);
    const costs = room.ints(count);
    const rest = room.bytes(count * perPixel + 16);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = y * width + x;
        const to = (y + 1) * wide + x + 1;
        costs.view[to] = ends[from] ?? 0;
        // The ways to the right, below, below right and below left; what leads out of the picture is shut.
        for (let way = 0; way < 4; way++) {
          const across = way === 3 ? -1 : way === 1 ? 0 : 1;
          const down = way === 0 ? 0 : 1;
          if (x + across < 0 || x + across >= width || y + down >= height) continue;
          const capacity = edges[from * 4 + way] ?? 0;
          // The kernel numbers all eight; the opposite is one more.
          capacities.view[to * 8 + way * 2] = capacity;
          capacities.view[(to + down * wide + across) * 8 + way * 2 + 1] = capacity;
        }
      }
    }
    kernel.run.cut(capacities.at, costs.at, rest.at, wide, high);
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        data[y * width + x] = rest.view[(y + 1) * wide + x + 1] === 1 ? 1 : 0;
      }
    }
    return { width, height, data };
  });
}
