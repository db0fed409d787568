import type { Colours } from './clip.ts';

/** Brightness and the two of colour, in video range. */
export interface Yuv {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** How much red and blue weigh in brightness. */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;

export function yuvOf(rgb: readonly [number, number, number], matrix: Colours['matrix']): Yuv {
  const [red, green, blue] = rgb;
  const [ofRed, ofBlue] = WEIGHTS[matrix];
  const bright = ofRed * red + (1 - ofRed - ofBlue) * green + ofBlue * blue;
  return {
    y: 16 + (bright * 219) / 255,
    u: 128 + (((blue - bright) / (2 - 2 * ofBlue)) * 224) / 255,
    v: 128 + (((red - bright) / (2 - 2 * ofRed)) * 224) / 255,
  };
}
