import sharp from 'sharp';
import { tone } from '../../local/vision/colouring/tone.ts';
import { enhance } from '../../local/vision/enhance/enhance.ts';
import type { Pixels } from '../../local/vision/pixels.ts';
import { repair } from '../../local/vision/repair/repair.ts';
import { enlarged } from '../../local/vision/super-resolution/super-resolve.ts';
import { decoded, decodedMask } from '../../test/local/vision/decoded.ts';
import { detailRatio, lightPsnr, psnr } from '../../test/local/vision/scores.ts';
import type { Exhibit } from './exhibit.ts';
import { openCvInpainting } from './inpainting.ts';

/** What is repaired, enlarged, enhanced and toned. */
export async function improvingExhibits(): Promise<readonly Exhibit[]> {
  return [...(await repaired()), ...(await larger()), await cleaned(), await toned()];
}

async function repaired(): Promise<readonly Exhibit[]> {
  const inpainted = await openCvInpainting();
  const exhibits: Exhibit[] = [];
  for (const [kind, name] of [
    ['text', 'coffee'],
    ['blob', 'brick'],
    ['box', 'coffee'],
  ] as const) {
    const truth = await decoded(`repair/${name}.png`);
    const ruined = await decoded(`repair/${kind}.jpg`);
    const mask = await decodedMask(`repair/${kind}.mask.png`);
    const made = { ...ruined, data: ruined.data.slice() };
    repair(made, mask);
    exhibits.push({
      title: `repair: ${kind}`,
      score: `${psnr(made, truth, mask).toFixed(2)} dB, detail ${detailRatio(made, truth, mask).toFixed(2)}`,
      views: [
        { label: 'input', png: await png(ruined) },
        { label: 'output', png: await png(made) },
        { label: 'right', png: await png(truth) },
        { label: 'OpenCV, Telea', png: await png(inpainted(ruined, mask, 'INPAINT_TELEA')) },
      ],
    });
  }
  return exhibits;
}

async function larger(): Promise<readonly Exhibit[]> {
  const exhibits: Exhibit[] = [];
  for (const name of ['coffee', 'brick']) {
    const half = await decoded(`sr/${name}-half.png`);
    const truth = await decoded(`sr/${name}.png`);
    const made = enlarged(half, 2);
    exhibits.push({
      title: `twice as large: ${name}`,
      score: `${lightPsnr(made, truth).toFixed(2)} dB`,
      views: [
        { label: 'input', png: await png(half) },
        { label: 'output', png: await png(made) },
        { label: 'right', png: await png(truth) },
      ],
    });
  }
  return exhibits;
}

async function cleaned(): Promise<Exhibit> {
  const truth = await decoded('sr/coffee.png');
  const given = noisy(truth);
  const made = { ...given, data: given.data.slice() };
  enhance(made, { denoise: 3, sharpen: 3 });
  return {
    title: 'enhanced: coffee with noise',
    score: 'denoise 3, sharpen 3',
    views: [
      { label: 'input', png: await png(given) },
      { label: 'output', png: await png(made) },
      { label: 'without noise', png: await png(truth) },
    ],
  };
}

async function toned(): Promise<Exhibit> {
  const truth = await decoded('repair/coffee.png');
  const made = { ...truth, data: greyOf(truth.data) };
  const before = await png(made);
  tone(made);
  return {
    title: 'coloured without a model: a tone',
    score: 'no colour is found',
    views: [
      { label: 'input', png: before },
      { label: 'output', png: await png(made) },
      { label: 'what nobody can know', png: await png(truth) },
    ],
  };
}

function greyOf(colours: Uint8Array): Uint8Array {
  const grey = colours.slice();
  for (let at = 0; at < grey.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = colours.subarray(at, at + 3);
    grey.fill(Math.round(0.299 * red + 0.587 * green + 0.114 * blue), at, at + 3);
  }
  return grey;
}

function noisy({ width, height, data }: Pixels): Pixels {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const worse = data.map((value, at) => {
    const noise = 16 * (random() + random() + random());
    return at % 4 === 3 ? value : Math.max(0, Math.min(Math.round(value + noise), 255));
  });
  return { width, height, data: worse };
}

function png({ width, height, data }: Pixels): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}
