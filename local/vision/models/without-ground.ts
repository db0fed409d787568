import { shrunk } from '../matting/shrunk.ts';
import type { Pixels } from '../pixels.ts';
import { pushPull } from '../push-pull.ts';

const WORK_PIXELS = 200_000;
/** From here on a pixel is all subject, and shows its colour to those beside it. */
const WHOLE = 242;

/**
 * Gives a picture its opacity, and takes the colour of the ground out of what is opaque in part: there
 * the colour of the subject beside it is seen, the more so the less of the pixel belongs to it. The
 * picture is changed where it lies.
 */
export function withoutGround(picture: Pixels, alpha: Uint8Array): void {
  const { width, height, data } = picture;
  const small = shrunk(picture, WORK_PIXELS);
  for (let at = 0; at < small.width * small.height; at++) {
    const x = Math.floor((((at % small.width) + 0.5) * width) / small.width);
    const y = Math.floor(((Math.floor(at / small.width) + 0.5) * height) / small.height);
    const known = (alpha[y * width + x] ?? 0) >= WHOLE ? 1 : 0;
    for (let c = 0; c < 3; c++) small.data[at * 4 + c] = (small.data[at * 4 + c] ?? 0) * known;
    small.data[at * 4 + 3] = known;
  }
  const subject = pushPull(small);
  const anything = (subject.data[3] ?? 0) > 0;
  for (let at = 0; at < width * height; at++) {
    const own = alpha[at] ?? 0;
    const before = data[at * 4 + 3] ?? 0;
    data[at * 4 + 3] = Math.round((own * before) / 255);
    if (own >= WHOLE || !anything) continue;
    const x = Math.min(Math.floor(((at % width) * small.width) / width), small.width - 1);
    const row = Math.floor(at / width);
    const y = Math.min(Math.floor((row * small.height) / height), small.height - 1);
    const from = (y * small.width + x) * 4;
    const share = own / 255;
    for (let c = 0; c < 3; c++) {
      const theirs = subject.data[from + c] ?? 0;
      data[at * 4 + c] = Math.round((data[at * 4 + c] ?? 0) * share + theirs * (1 - share));
    }
  }
}
