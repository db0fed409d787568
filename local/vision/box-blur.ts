import type { Colours } from './colours.ts';
import { loadKernel } from './kernels/load-kernel.ts';

interface Blur {
  boxBlur(
    from: number,
    to: number,
    between: number,
    sums: number,
    width: number,
    height: number,
    radius: number,
  ): void;
}

/** The mean of the pixels within `radius` of each; those outside the picture are left out. */
export function boxBlur({ width, height, data }: Colours, radius: number): Colours {
  const kernel = loadKernel<Blur>('blur');
  return kernel.lend(3 * data.byteLength + width * 16, (room) => {
    const from = room.floats(data.length);
    const to = room.floats(data.length);
    const between = room.floats(data.length);
    const sums = room.floats(width * 4);
    from.view.set(data);
    kernel.run.boxBlur(from.at, to.at, between.at, sums.at, width, height, radius);
    return { width, height, data: to.view.slice() };
  });
}
