/** The pixels of a hole in the order in which systems of equations know them, and who is beside whom. */
export interface Unknowns {
  /** Where each lies in the picture. */
  readonly at: Int32Array;
  /** For each pixel of the picture its number, or -1. */
  readonly numberOf: Int32Array;
}

export function unknownsOf(hole: Uint8Array): Unknowns {
  const numberOf = new Int32Array(hole.length).fill(-1);
  let count = 0;
  for (let at = 0; at < hole.length; at++) if (hole[at] !== 0) numberOf[at] = count++;
  const at = new Int32Array(count);
  numberOf.forEach((number, pixel) => {
    if (number >= 0) at[number] = pixel;
  });
  return { at, numberOf };
}

/** The neighbours of a pixel within the picture, as far as there are four: calls back with each. */
export function eachBeside(
  pixel: number,
  width: number,
  height: number,
  tell: (neighbour: number, side: number) => void,
): void {
  const x = pixel % width;
  if (x > 0) tell(pixel - 1, 0);
  if (x < width - 1) tell(pixel + 1, 1);
  if (pixel >= width) tell(pixel - width, 2);
  if (pixel < width * (height - 1)) tell(pixel + width, 3);
}
