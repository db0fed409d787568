/** A mask and all that is within a square of so many pixels around it. */
export function grown(mask: Uint8Array, width: number, height: number, by: number): Uint8Array {
  const across = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0, last = -by - 1; x < width + by; x++) {
      if (x < width && mask[row + x] !== 0) last = x;
      const at = x - by;
      if (at >= 0 && last >= at - by) across[row + at] = 255;
    }
  }
  const both = new Uint8Array(mask.length);
  const lasts = new Int32Array(width).fill(-by - 1);
  for (let y = 0; y < height + by; y++) {
    const at = y - by;
    for (let x = 0; x < width; x++) {
      if (y < height && across[y * width + x] !== 0) lasts[x] = y;
      if (at >= 0 && (lasts[x] ?? 0) >= at - by) both[at * width + x] = 255;
    }
  }
  return both;
}
