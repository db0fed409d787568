import { loadKernel } from '../../vision/kernels/load-kernel.ts';
import type { Planes } from '../planes.ts';

interface Key {
  strideFor(halfWidth: number): number;
  hueMatte(
    y: number,
    u: number,
    v: number,
    halfWidth: number,
    halfHeight: number,
    table: number,
    opacities: number,
    lights: number,
    weights: number,
    screen: number,
    into: number,
  ): void;
}

const TABLE_BYTES = 65_536;
const WEIGHTS_BYTES = 4096;
/** The kernel repeats the lines at the edges. */
const MORE_LINES = 4;

/**
 * From a table of colours to an opacity for every pixel. Colours are known for every second pixel
 * only: along edges, what is between is told from the brightness.
 */
export function hueMatte(
  { width, height, y, u, v }: Planes,
  table: Uint8Array,
  screenBright: number,
  into: Uint8Array,
): void {
  const kernel = loadKernel<Key>('key');
  const halfWidth = width / 2;
  const halfHeight = height / 2;
  const stride = kernel.run.strideFor(halfWidth);
  const small = stride * (halfHeight + MORE_LINES);
  const frame = y.length + u.length + v.length;
  const bytes = frame + TABLE_BYTES + 9 * small + WEIGHTS_BYTES + 2 * stride * height + 128;
  kernel.lend(bytes, (room) => {
    const lent = (from: Uint8Array): number => {
      const { view, at } = room.bytes(from.length);
      view.set(from);
      return at;
    };
    const alpha = room.bytes(2 * stride * height);
    kernel.run.hueMatte(
      ...([lent(y), lent(u), lent(v), halfWidth, halfHeight, lent(table)] as const),
      ...([room.bytes(small).at, room.bytes(8 * small).at] as const),
      ...([room.bytes(WEIGHTS_BYTES).at, screenBright, alpha.at] as const),
    );
    for (let row = 0; row < height; row++) {
      const first = 2 * stride * row;
      into.set(alpha.view.subarray(first, first + width), row * width);
    }
  });
}
