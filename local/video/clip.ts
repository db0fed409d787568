/** What is known of a video before its frames are: it was looked at, its headers were not believed. */
export interface Clip {
  readonly path: string;
  /** Upright, and even: a last odd row or column is left out, as the colours of 4:2:0 need pairs. */
  readonly width: number;
  readonly height: number;
  /** Upright and whole. */
  readonly wholeWidth: number;
  readonly wholeHeight: number;
  /** Width to height of a pixel; [0, 1] where nobody says. */
  readonly aspect: readonly [numerator: number, denominator: number];
  readonly frames: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** What its times are counted in. */
  readonly timebase: readonly [numerator: number, denominator: number];
  readonly colours: Colours;
  readonly sound: 'none' | 'copied' | 'encoded';
}

/** How its numbers mean colours; what the file does not say is not said of the output either. */
export interface Colours {
  readonly matrix: 'bt601' | 'bt709';
  /** Names to hand on: of the matrix, the primaries and the transfer. */
  readonly tags: readonly string[];
}
