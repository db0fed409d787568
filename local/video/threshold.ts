/** How much harder an edge becomes: from its two or three pixels, about one is left half opaque. */
const HARDER = 3;

/**
 * What `BinaryThreshold` makes of every opacity. No page says more than that it moves the edge: 0
 * leaves the edge soft and where it is; anything else puts it where the opacity has that value, and
 * makes it hard but for about a pixel.
 */
export function thresholdTable(threshold: number): Uint8Array | undefined {
  if (threshold === 0) return undefined;
  return Uint8Array.from({ length: 256 }, (_, alpha) => {
    if (alpha === 0 || alpha === 255) return alpha;
    return Math.max(0, Math.min(255, Math.round(128 + (alpha - threshold) * HARDER)));
  });
}
