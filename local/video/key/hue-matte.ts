import type { Planes } from '../planes.ts';

/** Colours are known for every second pixel only: what is between is told from the brightness. */
interface Edge {
  /** How opacity goes with brightness around here. */
  readonly slope: number;
  /** How bright the subject and the screen are around here. */
  readonly subject: number;
  readonly screen: number;
}

/** Opacities that differ by more than this around a pixel make an edge. */
const EDGE = 8;
/** Brightness that differs by less is noise: its square is added to the variance. */
const FLAT = 8;
/** A slope that is measured among noise comes out too low. */
const STEEPER = 1.4;
/** How much brightness alone may say, and the contrast at which it says half of that. */
const TRUST = 0.8;
const CONTRAST = 15;

/** Memory for frames of one size. */
export class HueMatte {
  readonly #width: number;
  readonly #height: number;
  readonly #alpha: Float32Array;
  readonly #bright: Float32Array;

  constructor(width: number, height: number) {
    this.#width = width / 2;
    this.#height = height / 2;
    this.#alpha = new Float32Array(this.#width * this.#height);
    this.#bright = new Float32Array(this.#width * this.#height);
  }

  /** From a table of colours to an opacity for every pixel. */
  fill({ width, y, u, v }: Planes, table: Uint8Array, screenBright: number, into: Uint8Array) {
    const alpha = this.#alpha;
    const bright = this.#bright;
    for (let at = 0; at < alpha.length; at++) {
      alpha[at] = table[(u[at] as number) * 256 + (v[at] as number)] as number;
    }
    for (let row = 0, at = 0; row < this.#height; row++) {
      for (let first = 2 * row * width, end = first + width; first < end; first += 2, at++) {
        bright[at] =
          ((y[first] as number) +
            (y[first + 1] as number) +
            (y[first + width] as number) +
            (y[first + width + 1] as number)) /
          4;
      }
    }
    for (let row = 0, at = 0; row < this.#height; row++) {
      for (let column = 0; column < this.#width; column++, at++) {
        const first = 2 * row * width + 2 * column;
        if (this.#isEdge(column, row)) {
          const edge = this.#edgeAt(column, row, screenBright);
          this.#fillEdge({ width, y, into }, column, row, edge);
        } else {
          const same = alpha[at] as number;
          into[first] = same;
          into[first + 1] = same;
          into[first + width] = same;
          into[first + width + 1] = same;
        }
      }
    }
  }

  #isEdge(column: number, row: number): boolean {
    const { alpha, left, right, up, down } = this.#around(column, row, 1);
    let least = 255;
    let most = 0;
    for (let y = up; y <= down; y++) {
      for (let x = left; x <= right; x++) {
        const opacity = alpha[y * this.#width + x] as number;
        if (opacity < least) least = opacity;
        if (opacity > most) most = opacity;
      }
    }
    return most - least > EDGE;
  }

  #edgeAt(column: number, row: number, screenBright: number): Edge {
    const near = this.#around(column, row, 1);
    let count = 0;
    let a = 0;
    let b = 0;
    let ab = 0;
    let bb = 0;
    for (let y = near.up; y <= near.down; y++) {
      for (let x = near.left; x <= near.right; x++) {
        const opacity = this.#alpha[y * this.#width + x] as number;
        const brightness = this.#bright[y * this.#width + x] as number;
        count += 1;
        a += opacity;
        b += brightness;
        ab += opacity * brightness;
        bb += brightness * brightness;
      }
    }
    const covariance = ab / count - (a / count) * (b / count);
    const variance = bb / count - (b / count) ** 2;
    const far = this.#around(column, row, 2);
    let subjects = 1e-6;
    let subject = subjects * (this.#bright[row * this.#width + column] as number);
    let screens = 0.02;
    let screen = screens * screenBright;
    for (let y = far.up; y <= far.down; y++) {
      for (let x = far.left; x <= far.right; x++) {
        const opacity = (this.#alpha[y * this.#width + x] as number) / 255;
        const brightness = this.#bright[y * this.#width + x] as number;
        const is = opacity ** 4;
        const isNot = (1 - opacity) ** 4;
        subjects += is;
        subject += is * brightness;
        screens += isNot;
        screen += isNot * brightness;
      }
    }
    return {
      slope: (STEEPER * covariance) / (variance + FLAT),
      subject: subject / subjects,
      screen: screen / screens,
    };
  }

  #fillEdge(
    { width, y, into }: { width: number; y: Uint8Array; into: Uint8Array },
    column: number,
    row: number,
    { slope, subject, screen }: Edge,
  ): void {
    const between = subject - screen;
    const contrast = Math.abs(between);
    const trust = TRUST * (contrast / (contrast + CONTRAST)) ** 2;
    for (let part = 0; part < 4; part++) {
      const right = part & 1;
      const below = part >> 1;
      const at = (2 * row + below) * width + 2 * column + right;
      const brightness = y[at] as number;
      const opacity = this.#between(this.#alpha, column, row, right, below);
      const usual = this.#between(this.#bright, column, row, right, below);
      const told = opacity + slope * (brightness - usual);
      const alone = contrast < 4 ? told : (255 * (brightness - screen)) / between;
      const held = Math.max(0, Math.min(255, alone));
      into[at] = Math.max(0, Math.min(255, Math.round(told + trust * (held - told))));
    }
  }

  /** A quarter of the way to the neighbours, which is where the pixel lies. */
  #between(plane: Float32Array, column: number, row: number, right: number, below: number): number {
    const x = Math.max(0, Math.min(this.#width - 1, column + 2 * right - 1));
    const y = Math.max(0, Math.min(this.#height - 1, row + 2 * below - 1));
    const here = plane[row * this.#width + column] as number;
    const beside = plane[row * this.#width + x] as number;
    const over = plane[y * this.#width + column] as number;
    const across = plane[y * this.#width + x] as number;
    return (9 * here + 3 * beside + 3 * over + across) / 16;
  }

  #around(column: number, row: number, by: number) {
    return {
      alpha: this.#alpha,
      left: Math.max(0, column - by),
      right: Math.min(this.#width - 1, column + by),
      up: Math.max(0, row - by),
      down: Math.min(this.#height - 1, row + by),
    };
  }
}
