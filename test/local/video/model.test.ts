import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { classicalOperations } from '../../../local/ci/classical.ts';
import { clipsForTests, FIXTURES } from './clips-for-tests.ts';

// Videos are work, and machines that test are busy.
vi.setConfig({ testTimeout: 120_000 });
const clips = await clipsForTests();
afterAll(() => clips.drop());

const CARD = { input: 'src', output: 'pha', states: { r1i: 'r1o' } };

async function masksBy(card: object, inputPath: string) {
  const file = clips.at('recurrent.onnx');
  await copyFile(join(FIXTURES, '../onnx/matting-recurrent.onnx'), file);
  await writeFile(clips.at('recurrent.json'), JSON.stringify(card));
  const operations = classicalOperations({ models: { 'human-seg': file } });
  const outputPath = clips.at('by-model.mp4');
  try {
    await operations.video({
      ...{ inputPath, outputPath, onProgress: () => {}, signal: new AbortController().signal },
      parameters: {
        ...{ mode: 'Mask', segmentType: 'HumanSeg', binaryThreshold: 0 },
        ...{ background: [0, 0, 0], remove: [0, 0, 0] },
      },
    });
  } finally {
    await operations.stop();
  }
  return clips.frames(outputPath, 64, 48);
}

test('a recurrent model remembers the frames of a scene, and nothing across a cut', async () => {
  const scenes = 'color=0xe0e0e0:s=64x48:r=4:d=1[a];color=0x202020:s=64x48:r=4:d=1[b];[a][b]concat';
  const input = await clips.make('two-scenes.mkv', scenes);
  const found = (await masksBy(CARD, input)).map((mask) => mask[24 * 64 + 32] as number);
  // For grey it answers 0.25 of 0.9933 and 0.75 of what it remembers.
  const scene = [0.2483, 0.4346, 0.5743, 0.679].map((share) => share * 255);
  // An ffmpeg before 5.1 ends the file with the beginning of its last frame.
  expect(found.length).toBeGreaterThanOrEqual(7);
  for (const [at, is] of found.entries()) {
    expect(Math.abs(is - (scene[at % 4] as number))).toBeLessThan(4);
  }
});

test('a model that does not fit its card fails the job with a reason', async () => {
  const input = await clips.make('grey.mp4', 'color=0x808080:s=64x48:r=4:d=0.5');
  await expect(masksBy({ ...CARD, output: 'alpha' }, input)).rejects.toThrow(/no output "alpha"/);
});
