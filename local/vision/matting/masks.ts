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
  return spread(mask, radius, 0);
}

/** The pixels of which any within `radius` is in the mask. */
export function dilated(mask: Mask, radius: number): Mask {
  return spread(mask, radius, 1);
}

/** Gives every pixel the value that is looked for when one within reach has it; rows first, then columns. */
function spread({ width, height, data }: Mask, radius: number, wanted: 0 | 1): Mask {
  const rows = new Uint8Array(data.length);
  const all = new Uint8Array(data.length);
  alongLines(data, rows, { lines: height, line: width, length: width, step: 1 }, radius, wanted);
  alongLines(rows, all, { lines: width, line: 1, length: height, step: width }, radius, wanted);
  return { width, height, data: all };
}

interface Lines {
  readonly lines: number;
  readonly line: number;
  readonly length: number;
  readonly step: number;
}

function alongLines(
  from: Uint8Array,
  to: Uint8Array,
  { lines, line, length, step }: Lines,
  radius: number,
  wanted: 0 | 1,
): void {
  for (let each = 0; each < lines; each++) {
    const start = each * line;
    let last = -radius - 1;
    for (let ahead = 0; ahead < length + radius; ahead++) {
      if (ahead < length && from[start + ahead * step] === wanted) last = ahead;
      const at = ahead - radius;
      if (at >= 0) to[start + at * step] = last >= at - radius ? wanted : 1 - wanted;
    }
  }
}

/** Everything that can be reached from the seeds without leaving what is open, by the four sides. */
export function flooded(open: Mask, seeds: Mask): Mask {
  const { width, height, data } = open;
  const last = data.length - width;
  const reached = new Uint8Array(data.length);
  const queue = new Int32Array(data.length);
  let end = 0;
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 1 && seeds.data[at] === 1) {
      reached[at] = 1;
      queue[end++] = at;
    }
  }
  for (let begin = 0; begin < end; begin++) {
    const at = queue[begin] ?? 0;
    const x = at % width;
    if (x > 0 && data[at - 1] === 1 && reached[at - 1] === 0) {
      reached[at - 1] = 1;
      queue[end++] = at - 1;
    }
    if (x < width - 1 && data[at + 1] === 1 && reached[at + 1] === 0) {
      reached[at + 1] = 1;
      queue[end++] = at + 1;
    }
    if (at >= width && data[at - width] === 1 && reached[at - width] === 0) {
      reached[at - width] = 1;
      queue[end++] = at - width;
    }
    if (at < last && data[at + width] === 1 && reached[at + width] === 0) {
      reached[at + width] = 1;
      queue[end++] = at + width;
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
