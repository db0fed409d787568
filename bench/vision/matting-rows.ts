import sharp from 'sharp';
import { cutOutSubject } from '../../local/vision/matting/cut-out-subject.ts';
import type { Pixels } from '../../local/vision/pixels.ts';
import { type AlphaScores, alphaScores, meanScores } from './alpha-scores.ts';
import { type GrabCut, nativeOpenCv, openCvJs } from './grab-cut.ts';
import { type KnownCutOut, knownCutOuts } from './known-cut-outs.ts';

interface Competitor {
  readonly name: string;
  readonly cut: GrabCut | 'ours';
}

/** Every set of known cut-outs, ours beside OpenCV's GrabCut, and what a megapixel costs. */
export async function mattingRows(print: (line: string) => void): Promise<void> {
  const native = nativeOpenCv();
  const competitors: readonly Competitor[] = [
    { name: 'darkroom', cut: 'ours' },
    { name: 'opencv.js', cut: await openCvJs() },
    ...(native ? [{ name: 'opencv native', cut: native }] : []),
  ];
  const known = await knownCutOuts();
  for (const set of new Set(known.map((each) => each.set))) {
    let ours: AlphaScores | undefined;
    for (const { name, cut } of competitors) {
      const mean = await measured(
        known.filter((each) => each.set === set),
        cut,
      );
      ours ??= mean;
      const fewer =
        name === 'darkroom'
          ? ''
          : `  ours has ${percent(1 - ours.wrong / mean.wrong)} fewer wrong pixels`;
      print(
        `${set.padEnd(13)} ${name.padEnd(14)} IoU ${mean.iou.toFixed(3)}  MAE ${mean.mae.toFixed(4)}  wrong ${percent(mean.wrong)}${fewer}`,
      );
    }
  }
  for (const [set, id] of [
    ['goods', 'f-g01'],
    ['matting', 'f-m04'],
  ] as const) {
    const found = known.find((each) => each.set === set && each.id === id);
    if (found) print(await timeOfAMegapixel(found));
  }
}

async function measured(set: readonly KnownCutOut[], cut: GrabCut | 'ours'): Promise<AlphaScores> {
  const scores: AlphaScores[] = [];
  for (const { input, subject, truth, unclear } of set) {
    const pixels = await decoded(input);
    if (cut === 'ours') cutOutSubject(pixels, subject);
    const alpha = cut === 'ours' ? alphaOf(pixels) : await cut(pixels);
    scores.push(alphaScores(alpha, truth, unclear));
  }
  return meanScores(scores);
}

const ROUNDS = 7;

/** From a JPEG of a megapixel to the PNG, on one thread; the median of some rounds. */
async function timeOfAMegapixel({ set, input, subject }: KnownCutOut): Promise<string> {
  sharp.concurrency(1);
  const [width, height] = [1155, 866];
  const jpeg = await sharp(input).resize(width, height, { fit: 'fill' }).jpeg().toBuffer();
  const wholes: number[] = [];
  const cuts: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    const pixels = await decoded(jpeg);
    const cutting = process.cpuUsage();
    cutOutSubject(pixels, subject);
    cuts.push(milliseconds(process.cpuUsage(cutting)));
    await sharp(pixels.data, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer();
    wholes.push(milliseconds(process.cpuUsage(start)));
  }
  const [whole, cut] = [median(wholes), median(cuts)];
  const times = (whole / Math.max(1, whole - cut)).toFixed(1);
  return `${set.padEnd(13)} one megapixel, JPEG to PNG: ${whole.toFixed(0)} ms of one core, ${times} times decoding and encoding alone`;
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

export async function decoded(input: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(input)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

export function alphaOf({ data }: Pixels): Uint8Array {
  return Uint8Array.from({ length: data.length / 4 }, (_, at) => data[at * 4 + 3] ?? 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
