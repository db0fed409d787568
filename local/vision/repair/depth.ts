/**
 * How many steps each pixel of a hole is away from what is known, up to 255; 0 outside. The edge of
 * the picture is no way out: nothing is known there.
 */
export function depthOf(hole: Uint8Array, width: number, height: number): Uint8Array {
  const depth = new Uint8Array(hole.length);
  for (let at = 0; at < hole.length; at++) depth[at] = hole[at] === 0 ? 0 : 255;
  const nearer = (at: number, from: number) => {
    const steps = (depth[from] ?? 0) + 1;
    if (steps < (depth[at] ?? 0)) depth[at] = steps;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (x > 0) nearer(at, at - 1);
      if (y > 0) nearer(at, at - width);
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const at = y * width + x;
      if (x < width - 1) nearer(at, at + 1);
      if (y < height - 1) nearer(at, at + width);
    }
  }
  return depth;
}
