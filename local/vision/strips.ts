import type { Pixels } from './pixels.ts';

/**
 * Reads a picture in strips from the top, each with a margin around it, as floats. Beyond the edges lie
 * the pixels of the edge. The strips before may have been changed: their last rows are remembered.
 */
export class Strips {
  readonly #picture: Pixels;
  readonly #margin: number;
  #above: Uint8Array = new Uint8Array();

  constructor(picture: Pixels, margin: number) {
    this.#picture = picture;
    this.#margin = margin;
  }

  read(to: Float32Array, y: number, rows: number): void {
    const { width, height, data } = this.#picture;
    const margin = this.#margin;
    const bytes = width * 4;
    for (let line = -margin, at = 0; line < rows + margin; line++) {
      const from = Math.max(0, Math.min(y + line, height - 1));
      const source =
        from < y
          ? this.#above.subarray(this.#above.length - (y - from) * bytes)
          : data.subarray(from * bytes);
      for (let x = -margin; x < width + margin; x++) {
        const pixel = Math.max(0, Math.min(x, width - 1)) * 4;
        for (let c = 0; c < 4; c++) to[at++] = source[pixel + c] ?? 0;
      }
    }
    this.#above = data.slice(Math.max(0, y + rows - margin) * bytes, (y + rows) * bytes);
  }
}

/** How many rows a strip has: about so many pixels, and no fewer rows than a margin needs. */
export function stripRows({ width, height }: Pixels, pixels: number): number {
  return Math.max(8, Math.min(height, Math.floor(pixels / width)));
}
