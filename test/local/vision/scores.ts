import type { Pixels } from '../../../local/vision/pixels.ts';

/** Peak signal to noise in dB, over the colours of the pixels that the mask marks. */
export function psnr(picture: Pixels, truth: Pixels, mask?: Uint8Array): number {
  let squares = 0;
  let count = 0;
  for (let at = 0; at < truth.width * truth.height; at++) {
    if (mask?.[at] === 0) continue;
    for (let c = at * 4; c < at * 4 + 3; c++) {
      squares += ((picture.data[c] ?? 0) - (truth.data[c] ?? 0)) ** 2;
      count++;
    }
  }
  return 10 * Math.log10((255 * 255) / (squares / count));
}

/** Fine detail in what was filled, as a part of what the truth has there: 1 is right, 0.2 a smear. */
export function detailRatio(picture: Pixels, truth: Pixels, mask: Uint8Array): number {
  return detail(picture, mask) / detail(truth, mask);
}

function detail(picture: Pixels, mask: Uint8Array): number {
  const { width, height } = picture;
  const luma = (at: number) => lumaAt(picture, at);
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (mask[at] === 0) continue;
      const around = luma(at - 1) + luma(at + 1) + luma(at - width) + luma(at + width);
      sum += Math.abs(4 * luma(at) - around);
    }
  }
  return sum;
}

/** The same over the light of all pixels but those at the edge, as enlargements are compared. */
export function lightPsnr(picture: Pixels, truth: Pixels): number {
  const { width, height } = truth;
  let squares = 0;
  let count = 0;
  for (let y = 6; y < height - 6; y++) {
    for (let x = 6; x < width - 6; x++) {
      squares += (lumaAt(picture, y * width + x) - lumaAt(truth, y * width + x)) ** 2;
      count++;
    }
  }
  return 10 * Math.log10((255 * 255) / (squares / count));
}

function lumaAt({ data }: Pixels, at: number): number {
  return (
    0.299 * (data[at * 4] ?? 0) + 0.587 * (data[at * 4 + 1] ?? 0) + 0.114 * (data[at * 4 + 2] ?? 0)
  );
}
