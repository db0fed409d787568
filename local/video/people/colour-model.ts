import type { Planes } from '../planes.ts';

/** Cells of brightness and of the two colours: coarse, so that a few frames fill them. */
const BRIGHT = 4;
const HUE = 3;
const CELLS = (256 >> BRIGHT) * (256 >> HUE) * (256 >> HUE);
/** What is known of earlier frames fades by this with each frame. */
const FADES = 0.92;
/** Counts that say nothing yet. */
const UNSURE = 4;
/** No colour says more than this, in natural logarithms of odds. */
const MOST = 2.5;

/** Which colours a person has and which the rest has, learned from frame to frame. */
export class ColourModel {
  readonly #person = new Float32Array(CELLS);
  readonly #rest = new Float32Array(CELLS);
  #persons = 0;
  #rests = 0;

  /** What the colour of each pixel says for a person; 0 while nothing is known. */
  fill(frame: Planes, into: Float32Array): void {
    if (this.#persons < 50) {
      into.fill(0);
      return;
    }
    const usual = Math.log(this.#persons / this.#rests);
    for (let at = 0; at < into.length; at++) {
      const cell = cellOf(frame, at);
      const person = this.#person[cell] as number;
      const rest = this.#rest[cell] as number;
      const seen = person + rest;
      const says = Math.log((person + 0.5) / (rest + 0.5)) - usual;
      const trust = seen / (seen + UNSURE);
      into[at] = Math.max(-MOST, Math.min(MOST, says * trust));
    }
  }

  /** Learns from what was found in a frame, from 0 to 1 a pixel. */
  learn(frame: Planes, person: Float32Array): void {
    for (let cell = 0; cell < CELLS; cell++) {
      this.#person[cell] = (this.#person[cell] as number) * FADES;
      this.#rest[cell] = (this.#rest[cell] as number) * FADES;
    }
    this.#persons *= FADES;
    this.#rests *= FADES;
    for (let at = 0; at < person.length; at++) {
      const is = person[at] as number;
      // What is neither is left out, or errors would learn themselves.
      if (is > 0.2 && is < 0.8) continue;
      const cell = cellOf(frame, at);
      if (is >= 0.8) {
        this.#person[cell] = (this.#person[cell] as number) + 1;
        this.#persons += 1;
      } else {
        this.#rest[cell] = (this.#rest[cell] as number) + 1;
        this.#rests += 1;
      }
    }
  }
}

function cellOf({ width, y, u, v }: Planes, at: number): number {
  const x = at % width;
  const row = (at - x) / width;
  const colour = (row >> 1) * (width >> 1) + (x >> 1);
  const bright = (y[at] as number) >> BRIGHT;
  const hue = ((u[colour] as number) >> HUE) * (256 >> HUE) + ((v[colour] as number) >> HUE);
  return bright * (256 >> HUE) * (256 >> HUE) + hue;
}
