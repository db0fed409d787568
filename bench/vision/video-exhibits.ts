import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { SegmentParameters } from '../../local/ci/operations-port.ts';
import { videoOperation } from '../../local/video/video-operation.ts';
import { clipsForTests, FIXTURES, scoresOf } from '../../test/local/video/clips-for-tests.ts';
import type { Exhibit } from './exhibit.ts';

const WIDTH = 480;
const HEIGHT = 270;
const CLIPS = [
  ['duck-before-green', 'GreenScreenSeg', [0, 60, 200]],
  ['fur-before-magenta', 'GreenScreenSeg', [30, 90, 60]],
  ['walking-person', 'HumanSeg', [0, 60, 200]],
  ['talking-person', 'HumanSeg', [0, 60, 200]],
  ['moving-camera', 'HumanSeg', [0, 60, 200]],
] as const;

/** Two frames of each clip with a known answer, beside what is right. */
export async function videoExhibits(): Promise<readonly Exhibit[]> {
  const clips = await clipsForTests();
  const operation = videoOperation();
  const exhibits: Exhibit[] = [];
  try {
    for (const [clip, segmentType, background] of CLIPS) {
      const inputPath = join(FIXTURES, `${clip}.mp4`);
      const cut = async (mode: SegmentParameters['mode']): Promise<string> => {
        const outputPath = clips.at(`${clip}-${mode}.mp4`);
        await operation.video({
          ...{ inputPath, outputPath, onProgress() {}, signal: new AbortController().signal },
          parameters: { mode, segmentType, background, remove: [0, 0, 0], binaryThreshold: 0 },
        });
        return outputPath;
      };
      const inputs = await clips.frames(inputPath, WIDTH, HEIGHT, 'rgb24');
      const outputs = await clips.frames(await cut('Foreground'), WIDTH, HEIGHT, 'rgb24');
      const masks = await clips.frames(await cut('Mask'), WIDTH, HEIGHT);
      const { iou, edge } = await scoresOf(masks, clip);
      const names = readdirSync(join(FIXTURES, clip)).sort();
      for (const name of [names.at(0), names.at(-1)] as readonly string[]) {
        const at = Number.parseInt(name, 10);
        exhibits.push({
          title: `${segmentType}: ${clip}, frame ${at}`,
          score: `IoU ${iou.toFixed(3)}, error at edges ${edge.toFixed(3)}, of all frames`,
          views: [
            { label: 'input', png: await png(inputs[at], 3) },
            { label: 'before a colour', png: await png(outputs[at], 3) },
            { label: 'opacity', png: await png(masks[at], 1) },
            {
              label: 'right opacity',
              png: await sharp(join(FIXTURES, clip, name))
                .png()
                .toBuffer(),
            },
          ],
        });
      }
    }
  } finally {
    await operation.stop();
    clips.drop();
  }
  return exhibits;
}

function png(frame: Uint8Array | undefined, channels: 1 | 3): Promise<Buffer> {
  if (!frame) throw new Error('A clip has fewer frames than are known');
  return sharp(frame, { raw: { width: WIDTH, height: HEIGHT, channels } })
    .png()
    .toBuffer();
}
