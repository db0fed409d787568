import type { Size } from '../planes.ts';

/** Where a face is in a small frame: its middle, and the side of the square around it. */
export interface Face {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Odds, in natural logarithms: of what a face makes certain, and of what nothing speaks for. */
const CERTAIN = 4;
const NOTHING = -2.5;

/**
 * How much speaks for a person, from the faces alone: a head around each, and a body that widens
 * below it. How wide is left open by being unsure at its sides.
 */
export function fillBodyPrior(faces: readonly Face[], { width, height }: Size, into: Float32Array) {
  into.fill(NOTHING);
  for (const { x: middle, y: face, side } of faces) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        const across = Math.abs(x - middle) / side;
        const down = (y - face) / side;
        const says = Math.max(headAt(across, down), bodyAt(across, down));
        if (says > (into[at] as number)) into[at] = says;
      }
    }
  }
}

/** An ellipse somewhat larger than the face, as hair is, and certain in its middle. */
function headAt(across: number, down: number): number {
  const far = Math.hypot(across / 0.68, (down + 0.08) / 0.86);
  return scale(1.25 - far, 0.5);
}

/** From the chin down: as narrow as a neck, then as wide as shoulders. */
function bodyAt(across: number, down: number): number {
  if (down < 0.45) return NOTHING;
  const half = down < 0.75 ? 0.3 : Math.min(1.45, 0.3 + 1.6 * (down - 0.75));
  return Math.min(scale(half + 0.18 - across, 0.35), 3);
}

/** From nothing to certain while `inside` goes from minus to plus `soft`. */
function scale(inside: number, soft: number): number {
  const part = Math.max(-1, Math.min(1, inside / soft));
  return part < 0 ? -part * NOTHING : part * CERTAIN;
}
