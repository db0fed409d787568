import sharp from 'sharp';
import type { Pixels } from '../../local/vision/pixels.ts';
import { type Plane, resample } from '../../local/vision/resample.ts';
import { enlarged } from '../../local/vision/super-resolution/super-resolve.ts';
import { decoded } from '../../test/local/vision/decoded.ts';
import { lightPsnr } from '../../test/local/vision/scores.ts';

/** Not among the pictures that the filters learnt from. */
const PICTURES = ['sr/coffee.png', 'sr/brick.png', 'matting/f-m01.jpg', 'goods/f-g01.jpg'];

/** Twice as wide and high, beside a Lanczos filter that shifts nothing and the library's, that does. */
export async function enlargingRows(print: (line: string) => void): Promise<void> {
  print('twice as wide and high: error in dB (more is better), and how much nearer than Lanczos');
  const rows = new Map<string, (readonly [lanczos: number, library: number, ours: number])[]>();
  let took = 0;
  let pixels = 0;
  for (const name of PICTURES) {
    const truth = even(await decoded(name));
    const [width, height] = [truth.width >> 1, truth.height >> 1];
    const clean = scaled(truth, width, height, 'cubic');
    for (const quality of [0, 90, 75, 50, 30]) {
      const half = quality === 0 ? clean : await compressed(clean, quality);
      const lanczos = lightPsnr(scaled(half, truth.width, truth.height, 'lanczos'), truth);
      const library = lightPsnr(await byLibrary(half, truth), truth);
      const began = performance.now();
      const ours = lightPsnr(enlarged(half, 2), truth);
      took += performance.now() - began;
      pixels += truth.width * truth.height;
      const kind = quality === 0 ? 'clean' : `JPEG ${quality}`;
      rows.set(kind, [...(rows.get(kind) ?? []), [lanczos, library, ours]]);
    }
  }
  for (const [kind, found] of rows) {
    const gains = found.map(([lanczos, , ours]) => ours - lanczos);
    const mean = (at: 0 | 1 | 2) => found.reduce((sum, row) => sum + row[at], 0) / found.length;
    const least = Math.min(...gains);
    print(
      `${kind.padEnd(10)} Lanczos ${mean(0).toFixed(2)}  sharp ${mean(1).toFixed(2)}  ours ${mean(2).toFixed(2)}  ${signed(mean(2) - mean(0))} dB, ${signed(least)} where it gains least`,
    );
  }
  print(`ours takes ${((took / pixels) * 1e6).toFixed(0)} ms a megapixel of the result`);
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
}

function even({ width, height, data }: Pixels): Pixels {
  const [across, down] = [width & ~1, height & ~1];
  const rows = Array.from({ length: down }, (_, y) =>
    data.subarray(y * width * 4, (y * width + across) * 4),
  );
  return { width: across, height: down, data: Buffer.concat(rows) };
}

function scaled(
  { width, height, data }: Pixels,
  toWidth: number,
  toHeight: number,
  kernel: 'cubic' | 'lanczos',
): Pixels {
  const made = new Uint8Array(toWidth * toHeight * 4);
  for (let c = 0; c < 4; c++) {
    const values = Float32Array.from({ length: width * height }, (_, at) => data[at * 4 + c] ?? 0);
    const plane: Plane = { width, height, data: values };
    resample(plane, toWidth, toHeight, kernel).data.forEach((value, at) => {
      made[at * 4 + c] = Math.max(0, Math.min(Math.round(value), 255));
    });
  }
  return { width: toWidth, height: toHeight, data: made };
}

async function compressed({ width, height, data }: Pixels, quality: number): Promise<Pixels> {
  const raw = { width, height, channels: 4 as const };
  const jpeg = await sharp(data, { raw }).removeAlpha().jpeg({ quality }).toBuffer();
  return { width, height, data: await sharp(jpeg).ensureAlpha().raw().toBuffer() };
}

async function byLibrary({ width, height, data }: Pixels, truth: Pixels): Promise<Pixels> {
  const raw = { width, height, channels: 4 as const };
  const size = { width: truth.width, height: truth.height };
  const made = await sharp(data, { raw })
    .resize({ ...size, fit: 'fill', kernel: 'lanczos3' })
    .raw();
  return { ...size, data: await made.toBuffer() };
}
