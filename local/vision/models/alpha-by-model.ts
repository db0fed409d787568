import type { Pixels } from '../pixels.ts';
import { resampleRows } from '../resample.ts';
import type { Model } from './open-model.ts';
import type { Tensor } from './runtime.ts';
import { cropped, pictureTensor, placeFor, planesOf } from './tensors.ts';

/** What a recurrent model remembers of the pictures before; of none at the beginning. */
export type Memory = Readonly<Record<string, Tensor>>;

/** How opaque each pixel is, 0 to 255, and what the model remembers for the next frame. */
export async function alphaByModel(
  { card, run }: Model,
  picture: Pixels,
  memory: Memory = {},
): Promise<{ readonly alpha: Uint8Array; readonly memory: Memory }> {
  const place = placeFor(card, picture);
  const states = Object.keys(card.states).map((name) => [name, memory[name] ?? NOTHING] as const);
  const answer = await run({
    [card.input]: pictureTensor(card, picture, place),
    ...Object.fromEntries(states),
  });
  const [plane] = planesOf(card, answer[card.output] ?? NOTHING, 1);
  const { width, height } = picture;
  const alpha = new Uint8Array(width * height);
  if (plane) {
    resampleRows(cropped(plane, place), width, height, 'linear', (row, y) => {
      for (let x = 0; x < width; x++) {
        alpha[y * width + x] = Math.max(0, Math.min(Math.round((row[x] ?? 0) * 255), 255));
      }
    });
  }
  const next = Object.entries(card.states).map(([name, from]) => [name, answer[from] ?? NOTHING]);
  return { alpha, memory: Object.fromEntries(next) };
}

const NOTHING: Tensor = { type: 'float32', dims: [1, 1, 1, 1], data: new Float32Array(1) };
