import type { Pixels } from '../pixels.ts';

/** How far red and blue are moved from the light, by how light it is: cool shadows, warm lights. */
const CURVE: readonly (readonly [light: number, red: number, blue: number])[] = [
  [0, 0, 0],
  [48, -6, 9],
  [96, 6, -5],
  [160, 16, -20],
  [216, 10, -14],
  [255, 0, 0],
];

/**
 * Gives a grey picture the tone of a photographic print, and keeps its light. It is one curve for all
 * pictures: no leaf becomes green by it. The picture is changed where it lies.
 */
export function tone({ data }: Pixels): void {
  const offsets = Array.from({ length: 256 }, (_, light) => offsetsAt(light));
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    const light = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    const [moreRed, moreGreen, moreBlue] = offsets[light] ?? [0, 0, 0];
    data[at] = byte(red + moreRed);
    data[at + 1] = byte(green + moreGreen);
    data[at + 2] = byte(blue + moreBlue);
  }
}

function offsetsAt(light: number): readonly [number, number, number] {
  const after = Math.max(
    1,
    CURVE.findIndex(([at]) => at >= light),
  );
  const [from = 0, redBefore = 0, blueBefore = 0] = CURVE[after - 1] ?? [];
  const [to = 255, redAfter = 0, blueAfter = 0] = CURVE[after] ?? [];
  const share = (light - from) / (to - from);
  const red = redBefore + share * (redAfter - redBefore);
  const blue = blueBefore + share * (blueAfter - blueBefore);
  return [red, -(0.299 * red + 0.114 * blue) / 0.587, blue];
}

function byte(value: number): number {
  return Math.max(0, Math.min(Math.round(value), 255));
}
