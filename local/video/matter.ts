import type { Planes } from './planes.ts';

/** Says how opaque every pixel of a frame is; frames come in order, and it may remember. */
export interface Matter {
  /** Fills `alpha`, a byte a pixel. */
  matte(frame: Planes, alpha: Uint8Array): void | Promise<void>;
  /** What shines through what is half there, where that is known: it is taken out of the subject. */
  readonly behind?: Behind | undefined;
}

export interface Behind {
  readonly y: number;
  readonly u: number;
  readonly v: number;
  /** Takes its light off a colour of the subject; not where it has no hue. */
  readonly unspill?: ((u: number, v: number) => readonly [u: number, v: number]) | undefined;
}
