/**
 * A picture to compute with: four floats a pixel, row by row. The first three are a colour, the fourth
 * is a weight or an opacity, and what it is multiplied into says whoever made it.
 */
export interface Colours {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}
