/** The first row of the standard table for brightness, from which an encoder scales its own. */
const STANDARD_SUM = 16 + 11 + 12 + 14 + 12 + 10 + 16 + 14;

/** The quality a JPEG was saved with, guessed from its first quantisation table as encoders scale it. */
export function jpegQuality(input: Uint8Array): number | undefined {
  let at = 2;
  while (at + 4 <= input.length && input[at] === 0xff) {
    const marker = input[at + 1];
    const length = ((input[at + 2] ?? 0) << 8) | (input[at + 3] ?? 0);
    if (marker === 0xda || length < 2) return undefined;
    if (marker === 0xdb && at + 13 <= input.length) {
      // The table lies in zigzag order; its first eight are the corner of low frequencies.
      let sum = 0;
      for (let index = 0; index < 8; index++) sum += input[at + 5 + index] ?? 0;
      const scale = (sum * 100) / STANDARD_SUM;
      const quality = scale <= 100 ? (200 - scale) / 2 : 5000 / scale;
      return Math.max(1, Math.min(100, Math.round(quality)));
    }
    at += 2 + length;
  }
  return undefined;
}
