/** A decoded picture: four bytes a pixel, red, green, blue and alpha, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function emptyPixels(width: number, height: number): Pixels {
  return { width, height, data: new Uint8Array(width * height * 4) };
}

/** Lays a picture over another at a place; what falls outside is cut. */
export function place(onto: Pixels, from: Pixels, left: number, top: number): void {
  const startX = Math.max(0, -left);
  const endX = Math.min(from.width, onto.width - left);
  if (endX <= startX) return;
  for (let y = Math.max(0, -top); y < Math.min(from.height, onto.height - top); y++) {
    const row = (y * from.width + startX) * 4;
    const target = ((y + top) * onto.width + left + startX) * 4;
    onto.data.set(from.data.subarray(row, row + (endX - startX) * 4), target);
  }
}
