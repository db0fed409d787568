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
  products(
    guide: number,
    plane: number,
    means: number,
    squares: number,
    rest: number,
    shares: number,
    count: number,
  ): void;
  lines(
    means: number,
    squares: number,
    rest: number,
    shares: number,
    count: number,
    floor: number,
  ): void;
  follow(lines: number, guide: number, plane: number, count: number): void;
}

/**
 * Makes a plane follow the edges of a picture: within each square it becomes the straight line of the
 * three colours that comes nearest to it. `smooth` is how much a colour has to vary to count, of 0 to 255.
 */
export function guidedFilter(
  guide: Colours,
  plane: Float32Array,
  radius: number,
  smooth: number,
): Float32Array {
  const { width, height, data } = guide;
  const count = width * height;
  const kernel = loadKernel<Blur>('blur');
  const { run } = kernel;
  return kernel.lend(data.byteLength * 6 + plane.byteLength + width * 16 + 128, (room) => {
    const colours = room.floats(data.length);
    const values = room.floats(count);
    const fields = [0, 1, 2, 3].map(() => room.floats(data.length).at);
    const [means = 0, squares = 0, rest = 0, shares = 0] = fields;
    const between = room.floats(data.length).at;
    const sums = room.floats(width * 4).at;
    const blur = (field: number) => run.boxBlur(field, field, between, sums, width, height, radius);
    colours.view.set(data);
    values.view.set(plane);
    run.products(colours.at, values.at, means, squares, rest, shares, count);
    for (const field of fields) blur(field);
    run.lines(means, squares, rest, shares, count, smooth * smooth);
    blur(means);
    run.follow(means, colours.at, values.at, count);
    return values.view.slice();
  });
}
