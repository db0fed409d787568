import sharp from 'sharp';
import type { Pixels } from '../../local/vision/pixels.ts';
import { repair } from '../../local/vision/repair/repair.ts';
import { decoded, decodedMask } from '../../test/local/vision/decoded.ts';
import { detailRatio, psnr } from '../../test/local/vision/scores.ts';
import { openCvInpainting } from './inpainting.ts';

/** Whoever fills it: the error in dB, the detail as a part of what was there, and the time. */
interface Row {
  readonly error: number;
  readonly detail: number;
  readonly ms: number;
}

/** What lies over the pictures that are made here, of the size of the picture. */
const OVERLAYS: Readonly<Record<string, (width: number, height: number) => string>> = {
  letters: (w, h) => strokes(w, h, h / 60),
  'bold letters': (w, h) => strokes(w, h, h / 22),
  scribble: (w, h) =>
    `<path d="M${w * 0.1} ${h * 0.2} C${w * 0.5} ${h * 0.9} ${w * 0.6} ${-h * 0.3} ${w * 0.9} ${h * 0.8}" stroke-width="7"/>`,
  box: (w, h) =>
    `<rect x="${w * 0.65}" y="${h * 0.8}" width="${w * 0.25}" height="${h * 0.1}" fill="#fff"/>`,
  blob: (w, h) =>
    `<ellipse cx="${w * 0.45}" cy="${h * 0.45}" rx="${w * 0.1}" ry="${h * 0.12}" fill="#fff"/>`,
};
const PICTURES = ['repair/coffee.png', 'matting/f-m04.jpg'];

/** Filling gaps beside what plain OpenCV fills them with. */
export async function repairRows(print: (line: string) => void): Promise<void> {
  const inpainted = await openCvInpainting();
  const ways: Readonly<Record<string, (picture: Pixels, mask: Uint8Array) => Pixels>> = {
    ours(picture, mask) {
      repair(picture, mask);
      return picture;
    },
    telea: (picture, mask) => inpainted(picture, mask, 'INPAINT_TELEA'),
    'navier-stokes': (picture, mask) => inpainted(picture, mask, 'INPAINT_NS'),
  };
  const rows = new Map<string, Row[]>();
  const measure = (kind: string, ruined: Pixels, truth: Pixels, mask: Uint8Array) => {
    for (const [way, fill] of Object.entries(ways)) {
      const began = performance.now();
      const made = fill({ ...ruined, data: ruined.data.slice() }, mask);
      const ms = performance.now() - began;
      const row = { error: psnr(made, truth, mask), detail: detailRatio(made, truth, mask), ms };
      rows.set(`${kind}|${way}`, [...(rows.get(`${kind}|${way}`) ?? []), row]);
    }
  };
  for (const [kind, truth] of [
    ['text', 'coffee'],
    ['blob', 'brick'],
    ['box', 'coffee'],
  ] as const) {
    const mask = await decodedMask(`repair/${kind}.mask.png`);
    const ruined = await decoded(`repair/${kind}.jpg`);
    measure(`fixture ${kind}`, ruined, await decoded(`repair/${truth}.png`), mask);
  }
  for (const name of PICTURES) {
    const truth = await decoded(name);
    for (const [kind, overlay] of Object.entries(OVERLAYS)) {
      const mask = await drawn(overlay(truth.width, truth.height), truth);
      const ruined = { ...truth, data: truth.data.slice() };
      mask.forEach((marked, at) => {
        if (marked === 255) ruined.data.set([20, 60, 200, 255], at * 4);
      });
      measure(`${kind}, ${PICTURES.length} pictures`, ruined, truth, mask);
    }
  }
  print('gaps filled: error in dB (more is better), detail (1 is right), time');
  for (const [kind, found] of rows) {
    const [what = '', way = ''] = kind.split('|');
    const mean = (value: (row: Row) => number) =>
      found.reduce((sum, row) => sum + value(row), 0) / found.length;
    const numbers = [mean((row) => row.error).toFixed(2), mean((row) => row.detail).toFixed(2)];
    print(
      `${what.padEnd(26)} ${way.padEnd(14)} ${numbers.join(' dB  ')}  ${mean((row) => row.ms).toFixed(0)} ms`,
    );
  }
}

/** Strokes as of letters, at many angles: no font is the same on every machine. */
function strokes(width: number, height: number, thick: number): string {
  const marks = Array.from({ length: 16 }, (_, at) => {
    const x = width * (0.06 + 0.056 * at);
    const y = height * (at % 2 ? 0.3 : 0.7);
    const [turn, size] = [(at * 47) % 180, height * 0.07];
    return `<path transform="rotate(${turn} ${x} ${y})" d="M${x} ${y - size / 2} v${size} m0 ${-size / 2} q${size / 2} ${-size / 2} ${size / 2} ${size / 3}"/>`;
  });
  return `<g stroke-width="${thick}">${marks.join('')}</g>`;
}

async function drawn(content: string, { width, height }: Pixels): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#000"/><g fill="none" stroke="#fff">${content}</g></svg>`;
  const light = await sharp(Buffer.from(svg)).extractChannel(0).raw().toBuffer();
  return Uint8Array.from(light, (value) => (value > 100 ? 255 : 0));
}
