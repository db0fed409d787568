/** One value for each pixel, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export type Kernel = 'linear' | 'cubic' | 'lanczos';

/** How far a kernel reaches, in pixels of the coarser side. */
const REACH: Readonly<Record<Kernel, number>> = { linear: 1, cubic: 2, lanczos: 3 };

/**
 * Scales a plane by a separable kernel. The picture library shifts what it enlarges by half a pixel;
 * here the corners of both sizes lie on each other, which is worth 2 to 3 dB.
 */
export function resample(plane: Plane, width: number, height: number, kernel: Kernel): Plane {
  const data = new Float32Array(width * height);
  resampleRows(plane, width, height, kernel, (row, y) => data.set(row, y * width));
  return { width, height, data };
}

/** The same, handed out row by row, so that a large result need not exist at once. */
export function resampleRows(
  { width: fromWidth, height: fromHeight, data }: Plane,
  width: number,
  height: number,
  kernel: Kernel,
  take: (row: Float32Array, y: number) => void,
): void {
  const across = tapsFor(fromWidth, width, kernel);
  const down = tapsFor(fromHeight, height, kernel);
  const kept = new Map<number, Float32Array>();
  const spare: Float32Array[] = [];
  const sum = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const first = down.first[y] ?? 0;
    for (const [at, row] of kept) {
      if (at >= first) continue;
      kept.delete(at);
      spare.push(row);
    }
    sum.fill(0);
    for (let tap = 0; tap < down.count; tap++) {
      const from = Math.min(first + tap, fromHeight - 1);
      let row = kept.get(from);
      if (!row) {
        row = spare.pop() ?? new Float32Array(width);
        scaleRow(data, from * fromWidth, fromWidth, across, row);
        kept.set(from, row);
      }
      const weight = down.weights[y * down.count + tap] ?? 0;
      if (weight === 0) continue;
      for (let x = 0; x < width; x++) sum[x] = (sum[x] ?? 0) + weight * (row[x] ?? 0);
    }
    take(sum, y);
  }
}

/** For each place of the result: the first pixel it is made of, and what each of them weighs. */
interface Taps {
  readonly count: number;
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

function tapsFor(from: number, to: number, kernel: Kernel): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = REACH[kernel] * stretch;
  const count = Math.min(from, Math.ceil(reach) * 2 + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale - 0.5;
    const lowest = Math.ceil(centre - reach);
    const highest = Math.floor(centre + reach);
    const start = Math.max(0, Math.min(lowest, from - count));
    first[at] = start;
    let total = 0;
    for (let each = lowest; each <= highest; each++) {
      const weight = weightAt((each - centre) / stretch, kernel);
      // Beyond the edge lies the pixel of the edge.
      const tap = Math.max(0, Math.min(each, from - 1)) - start;
      weights[at * count + tap] = (weights[at * count + tap] ?? 0) + weight;
      total += weight;
    }
    for (let tap = 0; tap < count; tap++) {
      weights[at * count + tap] = (weights[at * count + tap] ?? 0) / total;
    }
  }
  return { count, first, weights };
}

function weightAt(distance: number, kernel: Kernel): number {
  const x = Math.abs(distance);
  if (kernel === 'linear') return Math.max(0, 1 - x);
  if (kernel === 'cubic') {
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  }
  if (x < 1e-8) return 1;
  if (x >= 3) return 0;
  const turn = Math.PI * x;
  return (3 * Math.sin(turn) * Math.sin(turn / 3)) / (turn * turn);
}

function scaleRow(
  data: Float32Array,
  offset: number,
  width: number,
  { count, first, weights }: Taps,
  into: Float32Array,
): void {
  for (let x = 0; x < into.length; x++) {
    const start = first[x] ?? 0;
    let sum = 0;
    for (let tap = 0; tap < count && start + tap < width; tap++) {
      sum += (data[offset + start + tap] ?? 0) * (weights[x * count + tap] ?? 0);
    }
    into[x] = sum;
  }
}
