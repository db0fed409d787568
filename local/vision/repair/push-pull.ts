import type { Colours } from '../colours.ts';

/**
 * Fills a hole with what is known around it, the wider the deeper: averages of the known over ever
 * larger squares, and back. Quick, smooth, and a good beginning for whatever is slower.
 */
export function pushPull(picture: Colours, hole: Uint8Array): void {
  const { width, height, data } = picture;
  if (!hole.includes(255) || !hole.includes(0)) return;
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const half = {
    width: halfWidth,
    height: halfHeight,
    data: new Float32Array(halfWidth * halfHeight * 4),
  };
  const halfHole = new Uint8Array(halfWidth * halfHeight).fill(255);
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      const to = y * halfWidth + x;
      let known = 0;
      for (let part = 0; part < 4; part++) {
        const u = 2 * x + (part & 1);
        const v = 2 * y + (part >> 1);
        if (u >= width || v >= height || hole[v * width + u] !== 0) continue;
        known++;
        const from = (v * width + u) * 4;
        for (let c = 0; c < 4; c++) {
          half.data[to * 4 + c] = (half.data[to * 4 + c] ?? 0) + (data[from + c] ?? 0);
        }
      }
      if (known === 0) continue;
      halfHole[to] = 0;
      for (let c = 0; c < 4; c++) half.data[to * 4 + c] = (half.data[to * 4 + c] ?? 0) / known;
    }
  }
  pushPull(half, halfHole);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (hole[y * width + x] !== 0) between(half, x, y, data, (y * width + x) * 4);
    }
  }
}

/** What lies at a pixel, of a picture half as large: a quarter of the way to the next ones. */
function between(half: Colours, x: number, y: number, to: Float32Array, at: number): void {
  const left = x >> 1;
  const top = y >> 1;
  const beside = clamp(left + (x & 1 ? 1 : -1), half.width - 1);
  const above = clamp(top + (y & 1 ? 1 : -1), half.height - 1);
  const corners = [
    (top * half.width + left) * 4,
    (top * half.width + beside) * 4,
    (above * half.width + left) * 4,
    (above * half.width + beside) * 4,
  ] as const;
  for (let c = 0; c < 4; c++) {
    to[at + c] =
      (9 * (half.data[corners[0] + c] ?? 0) +
        3 * (half.data[corners[1] + c] ?? 0) +
        3 * (half.data[corners[2] + c] ?? 0) +
        (half.data[corners[3] + c] ?? 0)) /
      16;
  }
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}
