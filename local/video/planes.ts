/** A frame as its three planes: brightness, and two of colour at half its width and height. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Width and height are even. */
export function bytesOfFrame({ width, height }: Size): number {
  return (width * height * 3) / 2;
}

export function planesOf(pixels: Uint8Array, { width, height }: Size): Planes {
  const area = width * height;
  return {
    width,
    height,
    y: pixels.subarray(0, area),
    u: pixels.subarray(area, area + area / 4),
    v: pixels.subarray(area + area / 4, area + area / 2),
  };
}
