import { expect, test } from 'vitest';
import { type Layers, refine } from '../../../local/vision/matting/refine.ts';
import type { Pixels } from '../../../local/vision/pixels.ts';
import { randomOf } from './random.ts';

test('a picture is refined as it is by hand, to one of 255, in strips or at once', () => {
  const random = randomOf(11);
  for (const [width, height, workWidth, workHeight] of [
    [20, 14, 20, 14],
    [50, 41, 12, 9],
    [1500, 1400, 15, 14],
  ] as const) {
    const pixels = noise(width, height, random);
    const layers = {
      front: layer(workWidth, workHeight, random),
      back: layer(workWidth, workHeight, random),
    };
    const expected = slowly(pixels, layers);
    refine(pixels, layers);
    let worst = 0;
    for (let at = 0; at < expected.length; at++) {
      worst = Math.max(worst, Math.abs((expected[at] ?? 0) - (pixels.data[at] ?? 0)));
    }
    expect(worst).toBeLessThanOrEqual(1);
  }
});

function noise(width: number, height: number, random: () => number): Pixels {
  const data = new Uint8Array(width * height * 4).map(() => Math.floor(random() * 256));
  return { width, height, data };
}

function layer(width: number, height: number, random: () => number) {
  const data = new Float32Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) {
    const share = Math.min(1, Math.max(0, random() * 2 - 0.5));
    data.set([random() * 255, random() * 255, random() * 255, share], at);
  }
  return { width, height, data };
}

/** The twin of the kernel. */
function slowly({ width, height, data }: Pixels, { front, back }: Layers): Float64Array {
  const out = Float64Array.from(data);
  const { width: wide, height: high } = front;
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const u = ((x + 0.5) * wide) / width - 0.5;
      const v = ((y + 0.5) * high) / height - 0.5;
      const [left, top] = [Math.floor(u), Math.floor(v)];
      const [shareX, shareY] = [u - left, v - top];
      const nearX = clamp(shareX < 0.5 ? left : left + 1, wide - 1);
      const nearY = clamp(shareY < 0.5 ? top : top + 1, high - 1);
      let [least, most] = [1, 0];
      for (let j = nearY - 1; j <= nearY + 1; j++) {
        for (let i = nearX - 1; i <= nearX + 1; i++) {
          const share = front.data[(clamp(j, high - 1) * wide + clamp(i, wide - 1)) * 4 + 3] ?? 0;
          least = Math.min(least, share);
          most = Math.max(most, share);
        }
      }
      if (least >= 1) continue;
      if (most <= 0) {
        out.fill(0, at, at + 4);
        continue;
      }
      const sample = (from: Float32Array, channel: number) => {
        const of = (i: number, j: number) =>
          from[(clamp(j, high - 1) * wide + clamp(i, wide - 1)) * 4 + channel] ?? 0;
        const over = of(left, top) * (1 - shareX) + of(left + 1, top) * shareX;
        const under = of(left, top + 1) * (1 - shareX) + of(left + 1, top + 1) * shareX;
        return over * (1 - shareY) + under * shareY;
      };
      let [along, size] = [0, 1];
      for (let channel = 0; channel < 3; channel++) {
        const apart = sample(front.data, channel) - sample(back.data, channel);
        along += ((data[at + channel] ?? 0) - sample(back.data, channel)) * apart;
        size += apart * apart;
      }
      const found = sample(front.data, 3);
      const measured = clamp(Math.max(along / size, least), most);
      const opacity = clamp(found + sample(back.data, 3) * (measured - found), 1);
      for (let channel = 0; channel < 3; channel++) {
        const [subject, ground] = [sample(front.data, channel), sample(back.data, channel)];
        const mixed = subject * opacity + ground * (1 - opacity);
        const share = opacity / (opacity ** 2 + (1 - opacity) ** 2);
        const colour = subject + ((data[at + channel] ?? 0) - mixed) * share;
        out[at + channel] = Math.floor(clamp(colour, 255) + 0.5);
      }
      out[at + 3] = Math.floor(clamp(opacity * (data[at + 3] ?? 0), 255) + 0.5);
    }
  }
  return out;
}
