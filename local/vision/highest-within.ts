import { loadKernel } from './kernels/load-kernel.ts';

interface Reach {
  highestBytes(plane: number, length: number, step: number, more: number): void;
  highestFloats(plane: number, length: number, step: number, more: number): void;
}

/** The kernel works on whole vectors: the last may go beyond the plane. */
const SLACK = 16;

/** The highest byte within `radius` of each pixel, in a square. */
export function highestByteWithin(
  values: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  const [wide, high] = [width + 2 * radius, height + 2 * radius];
  const length = wide * high;
  const kernel = loadKernel<Reach>('reach');
  return kernel.lend(length + 2 * SLACK, (room) => {
    const { at, view } = room.bytes(length + SLACK);
    const first = radius * wide + radius;
    for (let y = 0; y < height; y++) {
      view.set(values.subarray(y * width, (y + 1) * width), first + y * wide);
    }
    kernel.run.highestBytes(at, length, 1, 2 * radius);
    kernel.run.highestBytes(at, length, wide, 2 * radius);
    const highest = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      highest.set(view.subarray(y * wide, y * wide + width), y * width);
    }
    return highest;
  });
}

/** The same of floats from 0 on. */
export function highestWithin(
  values: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const [wide, high] = [width + 2 * radius, height + 2 * radius];
  const length = wide * high;
  const kernel = loadKernel<Reach>('reach');
  return kernel.lend((length + 2 * SLACK) * 4, (room) => {
    const { at, view } = room.floats(length + SLACK);
    const first = radius * wide + radius;
    for (let y = 0; y < height; y++) {
      view.set(values.subarray(y * width, (y + 1) * width), first + y * wide);
    }
    kernel.run.highestFloats(at, length, 1, 2 * radius);
    kernel.run.highestFloats(at, length, wide, 2 * radius);
    const highest = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      highest.set(view.subarray(y * wide, y * wide + width), y * width);
    }
    return highest;
  });
}
