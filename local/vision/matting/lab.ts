import type { Colours } from '../colours.ts';

/** sRGB of 0 to 255 to light, and light to the scale on which the eye sees equal steps. */
const STEPS = 4096;
const LIGHT = Float32Array.from({ length: 4 * 255 + 1 }, (_, at) => {
  const value = at / (4 * 255);
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});
const SEEN = Float32Array.from({ length: STEPS + 2 }, (_, at) => {
  const value = at / STEPS;
  return value > 216 / 24389 ? Math.cbrt(value) : (value * 24389) / 27 / 116 + 16 / 116;
});

function seen(light: number): number {
  // The shares of the three lights are positive, and their sum is 1 but for rounding.
  const at = Math.min(light, 1) * STEPS;
  const floor = at | 0;
  const one = SEEN[floor] ?? 0;
  return one + ((SEEN[floor + 1] ?? 0) - one) * (at - floor);
}

/** CIE L*a*b*, in which distances are what the eye sees. The weight stays what it is. */
export function labOf({ width, height, data }: Colours): Colours {
  const lab = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const red = LIGHT[((data[at] ?? 0) * 4 + 0.5) | 0] ?? 0;
    const green = LIGHT[((data[at + 1] ?? 0) * 4 + 0.5) | 0] ?? 0;
    const blue = LIGHT[((data[at + 2] ?? 0) * 4 + 0.5) | 0] ?? 0;
    const x = seen(0.43394 * red + 0.37621 * green + 0.18985 * blue);
    const y = seen(0.21264 * red + 0.71517 * green + 0.07219 * blue);
    const z = seen(0.01775 * red + 0.10945 * green + 0.8728 * blue);
    lab[at] = 116 * y - 16;
    lab[at + 1] = 500 * (x - y);
    lab[at + 2] = 200 * (y - z);
    lab[at + 3] = data[at + 3] ?? 0;
  }
  return { width, height, data: lab };
}
