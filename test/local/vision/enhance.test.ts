import { expect, test } from 'vitest';
import { tone } from '../../../local/vision/colouring/tone.ts';
import { denoise } from '../../../local/vision/enhance/denoise.ts';
import { enhance } from '../../../local/vision/enhance/enhance.ts';
import { noiseOf } from '../../../local/vision/enhance/noise-of.ts';
import type { Pixels } from '../../../local/vision/pixels.ts';
import { decoded } from './decoded.ts';
import { randomOf } from './random.ts';
import { psnr } from './scores.ts';

test('noise is measured, and taken out: 3 dB at least', async () => {
  const truth = await decoded('sr/coffee.png');
  const picture = noisy(truth, 8);
  expect(noiseOf(picture)).toBeGreaterThan(3);
  const before = psnr(picture, truth);
  enhance(picture, { denoise: 3, sharpen: 0 });
  expect(psnr(picture, truth)).toBeGreaterThan(before + 3);
});

test('a clean picture keeps its texture, and with nothing to do every pixel', () => {
  const picture = stripes();
  const before = picture.data.slice();
  enhance(picture, { denoise: 5, sharpen: 0 });
  expect(Buffer.compare(picture.data, before)).toBe(0);
  enhance(picture, { denoise: 0, sharpen: 0 });
  expect(Buffer.compare(picture.data, before)).toBe(0);
});

test('sharpening makes edges steeper, and more so when asked for more', () => {
  const steepest = [0, 1, 3, 5].map((strength) => {
    const picture = softStep();
    enhance(picture, { denoise: 0, sharpen: strength });
    let most = 0;
    for (let x = 1; x < 40; x++) {
      const at = (20 * 40 + x) * 4;
      most = Math.max(most, Math.abs((picture.data[at] ?? 0) - (picture.data[at - 4] ?? 0)));
    }
    return most;
  });
  expect(steepest).toEqual(steepest.toSorted((a, b) => a - b));
  expect(steepest[3]).toBeGreaterThan((steepest[0] ?? 0) + 4);
});

test('the kernel takes noise out as one would write it in TypeScript, to a level, in strips as in one', () => {
  const picture = noisy({ width: 14_000, height: 12, data: stripes(14_000, 12).data }, 10);
  const wanted = slowDenoise(picture, 20);
  denoise(picture, 20);
  const worst = picture.data.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (wanted[at] ?? 0))),
    0,
  );
  expect(worst).toBeLessThanOrEqual(1);
});

test('a tone keeps the light of a grey picture, leaves black and white, and gives no colour its own', () => {
  const greys = { width: 256, height: 1, data: new Uint8Array(256 * 4) };
  for (let at = 0; at < 256; at++) greys.data.set([at, at, at, 77], at * 4);
  tone(greys);
  for (let at = 0; at < 256; at++) {
    const [red = 0, green = 0, blue = 0, alpha] = greys.data.subarray(at * 4, at * 4 + 4);
    expect(Math.abs(0.299 * red + 0.587 * green + 0.114 * blue - at)).toBeLessThan(1);
    expect(alpha).toBe(77);
  }
  expect([...greys.data.subarray(0, 3), ...greys.data.subarray(255 * 4, 255 * 4 + 3)]).toEqual([
    0, 0, 0, 255, 255, 255,
  ]);
  expect(greys.data[170 * 4]).toBeGreaterThan((greys.data[170 * 4 + 2] ?? 0) + 20);
});

function slowDenoise({ width, height, data }: Pixels, measure: number): Uint8Array {
  const done = new Uint8Array(data.length);
  const place = (x: number, y: number) =>
    (Math.max(0, Math.min(y, height - 1)) * width + Math.max(0, Math.min(x, width - 1))) * 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const own = place(x, y);
      const sum = [0, 0, 0, 0];
      let total = 0;
      for (let dy = -3; dy <= 3; dy++) {
        for (let dx = -3; dx <= 3; dx++) {
          const other = place(x + dx, y + dy);
          let squares = 0;
          for (let c = 0; c < 4; c++)
            squares += ((data[other + c] ?? 0) - (data[own + c] ?? 0)) ** 2;
          const far = 1 + squares / (3 * measure * measure);
          const weight = Math.exp(-(dx * dx + dy * dy) / 8) / (far * far);
          total += weight;
          for (let c = 0; c < 4; c++) sum[c] = (sum[c] ?? 0) + weight * (data[other + c] ?? 0);
        }
      }
      for (let c = 0; c < 4; c++) done[own + c] = Math.round((sum[c] ?? 0) / total);
    }
  }
  return done;
}

function noisy({ width, height, data }: Pixels, deviation: number): Pixels {
  const random = randomOf(11);
  const noise = () => 2 * deviation * (random() + random() + random() - 1.5);
  const worse = Uint8Array.from(data, (value, at) =>
    at % 4 === 3 ? value : Math.max(0, Math.min(Math.round(value + noise()), 255)),
  );
  return { width, height, data: worse };
}

/** Wide stripes, each plain. */
function stripes(width = 96, height = 96): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const light = Math.floor((at % width) / 20) % 2 ? 200 : 60;
    data.set([light, light, 90, 255], at * 4);
  }
  return { width, height, data };
}

function softStep(): Pixels {
  const data = new Uint8Array(40 * 40 * 4);
  for (let at = 0; at < 1600; at++) {
    const light = 50 + 150 / (1 + Math.exp(-((at % 40) - 19.5) * 1.1));
    data.set([light, light, light, 255], at * 4);
  }
  return { width: 40, height: 40, data };
}
