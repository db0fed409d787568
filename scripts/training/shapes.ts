import type { Plane } from '../../local/vision/resample.ts';

const SIZE = 256;
const FINER = 4;

/** Lines, rings and discs at all angles: photos have too few hard edges for lettering and drawings. */
export function shapes(): Plane {
  const data = new Float32Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      let sum = 0;
      for (let part = 0; part < FINER * FINER; part++) {
        const u = x + ((part % FINER) + 0.5) / FINER;
        const v = y + (Math.floor(part / FINER) + 0.5) / FINER;
        sum += lightAt(u, v);
      }
      data[y * SIZE + x] = sum / (FINER * FINER);
    }
  }
  return { width: SIZE, height: SIZE, data };
}

function lightAt(x: number, y: number): number {
  const column = Math.floor(x / 64);
  const row = Math.floor(y / 64);
  const [u, v] = [x - column * 64 - 32, y - row * 64 - 32];
  const distance = Math.hypot(u, v);
  const number = row * 4 + column;
  const dark = 20 + 9 * number;
  const light = 245 - 6 * number;
  if (number % 3 === 0) return distance < 8 + number ? light : dark;
  if (number % 3 === 1) return Math.floor(distance / (3 + number / 4)) % 2 ? light : dark;
  const angle = (number * Math.PI) / 16 + 0.1;
  const along = u * Math.cos(angle) + v * Math.sin(angle);
  return Math.abs(along) % 14 < 2 + number / 6 ? light : dark;
}
