import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { cutOutSubject } from '../../local/vision/matting/cut-out-subject.ts';
import type { Pixels } from '../../local/vision/pixels.ts';
import { alphaScores } from './alpha-scores.ts';
import type { Exhibit } from './exhibit.ts';
import { knownCutOuts } from './known-cut-outs.ts';
import { alphaOf, decoded } from './matting-rows.ts';

/** Each known cut-out, on grounds that show every halo; and a person, whom nobody cut out by hand. */
export async function mattingExhibits(): Promise<readonly Exhibit[]> {
  const exhibits: Exhibit[] = [];
  for (const { set, id, subject, input, truth, unclear } of await knownCutOuts()) {
    const pixels = await decoded(input);
    const way = cutOutSubject(pixels, subject);
    const { iou, mae } = alphaScores(alphaOf(pixels), truth, unclear);
    const { width, height } = pixels;
    exhibits.push({
      title: `${set}: ${id}`,
      score: `${way}, IoU ${iou.toFixed(3)}, MAE ${mae.toFixed(4)}`,
      views: [
        ...(await viewsOf(input, pixels)),
        {
          label: 'right opacity',
          png: await sharp(truth, { raw: { width, height, channels: 1 } })
            .png()
            .toBuffer(),
        },
      ],
    });
  }
  const person = readFileSync('test/fixtures/vision/people/astronaut.jpg');
  const pixels = await decoded(person);
  const way = cutOutSubject(pixels, 'any');
  exhibits.push({ title: 'people', score: way, views: await viewsOf(person, pixels) });
  return exhibits;
}

async function viewsOf(input: Buffer, cut: Pixels): Promise<Exhibit['views']> {
  return [
    { label: 'input', png: await sharp(input).png().toBuffer() },
    { label: 'on a checkerboard', png: await on(cut, 'checkerboard') },
    { label: 'on black', png: await on(cut, '#000000') },
    { label: 'on red', png: await on(cut, '#e01010') },
  ];
}

function on({ width, height, data }: Pixels, ground: string): Promise<Buffer> {
  const cut = sharp(data, { raw: { width, height, channels: 4 } });
  if (ground !== 'checkerboard') return cut.flatten({ background: ground }).png().toBuffer();
  const tiles = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < width * height; at++) {
    const light = (((at % width) >> 4) + (Math.floor(at / width) >> 4)) % 2 === 0 ? 150 : 205;
    tiles.fill(light, at * 4, at * 4 + 3);
  }
  return sharp(tiles, { raw: { width, height, channels: 4 } })
    .composite([{ input: Buffer.from(data), raw: { width, height, channels: 4 } }])
    .png()
    .toBuffer();
}
