import { highestByteWithin } from '../highest-within.ts';

/** Which pixels: one byte each, 0 or 1, row by row. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function emptyMask({ width, height }: Pick<Mask, 'width' | 'height'>): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** The pixels whose value is less. */
export function below(
  size: Pick<Mask, 'width' | 'height'>,
  values: Float32Array,
  limit: number,
): Mask {
  const mask = emptyMask(size);
  for (let at = 0; at < values.length; at++) if ((values[at] ?? 0) < limit) mask.data[at] = 1;
  return mask;
}

export function outside(mask: Mask): Mask {
  const turned = emptyMask(mask);
  for (let at = 0; at < turned.data.length; at++) turned.data[at] = 1 - (mask.data[at] ?? 0);
  return turned;
}

export function both(one: Mask, other: Mask): Mask {
  const mask = emptyMask(one);
  const { data } = mask;
  for (let at = 0; at < data.length; at++) data[at] = (one.data[at] ?? 0) & (other.data[at] ?? 0);
  return mask;
}

export function either(one: Mask, other: Mask): Mask {
  const mask = emptyMask(one);
  const { data } = mask;
  for (let at = 0; at < data.length; at++) data[at] = (one.data[at] ?? 0) | (other.data[at] ?? 0);
  return mask;
}

export function without(one: Mask, other: Mask): Mask {
  const mask = emptyMask(one);
  const { data } = mask;
  for (let at = 0; at < data.length; at++) data[at] = (one.data[at] ?? 0) & ~(other.data[at] ?? 0);
  return mask;
}

/** The pixels of which all within `radius` are in the mask; what is outside the picture counts as in. */
export function eroded(mask: Mask, radius: number): Mask {
  return outside(dilated(outside(mask), radius));
}

/** The pixels of which any within `radius` is in the mask. */
export function dilated({ width, height, data }: Mask, radius: number): Mask {
  return { width, height, data: highestByteWithin(data, width, height, radius) };
}

/** Everything that can be reached from the seeds without leaving what is open, by the four sides. */
export function flooded(open: Mask, seeds: Mask): Mask {
  const { width, height, data } = open;
  const reached = new Uint8Array(data.length);
  // No pixel waits more often than twice: once for the row above it, and once for that below.
  const waiting = new Int32Array(2 * data.length + 1);
  for (let seed = 0; seed < data.length; seed++) {
    if (seeds.data[seed] !== 1 || data[seed] !== 1 || reached[seed] === 1) continue;
    let count = 1;
    waiting[0] = seed;
    while (count > 0) {
      count--;
      const at = waiting[count] ?? 0;
      if (reached[at] === 1) continue;
      // What is open of the row to both sides of it, and then where the rows beside that are open.
      const row = at - (at % width);
      let from = at;
      while (from > row && data[from - 1] === 1) from--;
      let to = at + 1;
      while (to < row + width && data[to] === 1) to++;
      reached.fill(1, from, to);
      for (let side = -width; side <= width; side += 2 * width) {
        if (row + side < 0 || row + side >= width * height) continue;
        let before = false;
        for (let next = from + side; next < to + side; next++) {
          const enters = data[next] === 1 && reached[next] === 0;
          if (enters && !before) waiting[count++] = next;
          before = enters;
        }
      }
    }
  }
  return { width, height, data: reached };
}

/** The pixels of the outermost rows and columns. */
export function border(size: Pick<Mask, 'width' | 'height'>): Mask {
  const mask = emptyMask(size);
  const { width, height, data } = mask;
  data.fill(1, 0, width);
  data.fill(1, width * (height - 1));
  for (let y = 0; y < height; y++) data[y * width] = data[y * width + width - 1] = 1;
  return mask;
}

/** Pieces that hang together by the four sides: a number from 0 for each pixel, -1 outside the mask. */
export interface Pieces {
  readonly labels: Int32Array;
  readonly sizes: readonly number[];
}

export function piecesOf({ width, data }: Mask): Pieces {
  const labels = new Int32Array(data.length).fill(-1);
  const queue = new Int32Array(data.length);
  const sizes: number[] = [];
  for (let first = 0; first < data.length; first++) {
    if (data[first] !== 1 || labels[first] !== -1) continue;
    const label = sizes.length;
    let end = 1;
    labels[first] = label;
    queue[0] = first;
    for (let begin = 0; begin < end; begin++) {
      const at = queue[begin] ?? 0;
      const x = at % width;
      for (let side = 0; side < 4; side++) {
        if ((side === 0 && x === 0) || (side === 1 && x === width - 1)) continue;
        const next =
          side === 0 ? at - 1 : side === 1 ? at + 1 : side === 2 ? at - width : at + width;
        if (data[next] !== 1 || labels[next] !== -1) continue;
        labels[next] = label;
        queue[end++] = next;
      }
    }
    sizes.push(end);
  }
  return { labels, sizes };
}

/** The pieces that are wanted. */
export function piecesWhere(
  size: Pick<Mask, 'width' | 'height'>,
  labels: Int32Array,
  wanted: readonly boolean[],
): Mask {
  const mask = emptyMask(size);
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at] ?? -1;
    if (label >= 0 && wanted[label] === true) mask.data[at] = 1;
  }
  return mask;
}
