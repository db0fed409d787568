import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { SegmentParameters } from '../../../local/ci/operations-port.ts';
import { videoOperation } from '../../../local/video/video-operation.ts';
import { boxBefore, clipsForTests, everyFfmpeg, FIXTURES, scoresOf } from './clips-for-tests.ts';

// Videos are work, and machines that test are busy.
vi.setConfig({ testTimeout: 120_000 });

const clips = await clipsForTests();
const operation = videoOperation();
afterAll(async () => {
  await operation.stop();
  clips.drop();
});

const ASKED: SegmentParameters = {
  ...{ mode: 'Mask', segmentType: 'GreenScreenSeg', background: [0, 0, 0], remove: [0, 0, 0] },
  binaryThreshold: 0,
};

async function cut(inputPath: string, asked: Partial<SegmentParameters> = {}, by = operation) {
  const outputPath = clips.at('output.mp4');
  await by.video({
    ...{ inputPath, outputPath, parameters: { ...ASKED, ...asked } },
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  return outputPath;
}

/** The masks as opacity, out of the video range they are written in. */
async function masks(inputPath: string, width: number, height: number, asked = {}) {
  return clips.frames(await cut(inputPath, asked), width, height);
}

/** What a box of a test clip has of a mask, in pixels. */
const solid = (mask: Uint8Array) => mask.filter((alpha) => alpha >= 128).length;

describe('a screen', () => {
  test('that is green and uneven is told from a yellow duck', async () => {
    const found = await masks(join(FIXTURES, 'duck-before-green.mp4'), 480, 270);
    const { iou, edge } = await scoresOf(found, 'duck-before-green');
    expect(iou).toBeGreaterThan(0.99);
    expect(edge).toBeLessThan(0.02);
  });

  test('that is magenta is told from fur, as far as the compressed colours go', async () => {
    const fur = join(FIXTURES, 'fur-before-magenta.mp4');
    const found = await scoresOf(await masks(fur, 480, 270), 'fur-before-magenta');
    expect(found.iou).toBeGreaterThan(0.955);
    expect(found.edge).toBeLessThan(0.075);
    const remove = [230, 40, 200] as const;
    const told = await masks(fur, 480, 270, { segmentType: 'SolidColorSeg', remove });
    expect((await scoresOf(told, 'fur-before-magenta')).iou).toBeGreaterThan(0.955);
  });

  test.each(['0x20b040', '0x2040d0', '0xe628c8', '0x20c8c8', '0xe0d020'])(
    'may have any hue: %s',
    async (screen) => {
      const input = await clips.make('hue.mp4', boxBefore(screen));
      for (const [at, mask] of (await masks(input, 96, 64)).entries()) {
        const truth = new Uint8Array(96 * 64);
        const left = 20 + 2 * at;
        for (let y = 20; y < 44; y++) truth.fill(255, y * 96 + left, y * 96 + left + 24);
        const both = truth.filter((alpha, pixel) => alpha > 0 && (mask[pixel] as number) >= 128);
        const either = truth.filter((alpha, pixel) => alpha > 0 || (mask[pixel] as number) >= 128);
        expect(both.length / either.length).toBeGreaterThan(0.985);
      }
    },
  );

  test.each([
    ['black', '0x000000', [0, 0, 0]],
    ['white', '0xffffff', [255, 255, 255]],
    ['grey', '0x808080', [128, 128, 128]],
  ] as const)('without a hue is gone by its brightness: %s', async (_, screen, remove) => {
    const input = await clips.make('hueless.mp4', boxBefore(screen));
    const found = await masks(input, 96, 64, { segmentType: 'SolidColorSeg', remove });
    for (const mask of found) expect(Math.abs(solid(mask) - 576)).toBeLessThan(20);
  });

  test('leaves no light of its own on what stands before it', async () => {
    const fur = join(FIXTURES, 'fur-before-magenta.mp4');
    const background = [30, 90, 60] as const;
    const output = await cut(fur, { mode: 'Foreground', background });
    const [frame] = await clips.frames(output, 480, 270, 'rgb24');
    let pink = 0;
    for (let at = 0; at < 480 * 270; at++) {
      const [red = 0, green = 0, blue = 0] = frame?.subarray(3 * at, 3 * at + 3) ?? [];
      if (Math.min(red, blue) - green > 40) pink += 1;
    }
    // Before, more than half of the frame is.
    expect(pink).toBeLessThan(480 * 270 * 0.002);
  });
});

describe('BinaryThreshold', () => {
  test('moves the edge and makes it hard', async () => {
    const duck = join(FIXTURES, 'duck-before-green.mp4');
    const sizes: number[] = [];
    const softs: number[] = [];
    for (const binaryThreshold of [0, 40, 220]) {
      const [mask] = await masks(duck, 480, 270, { binaryThreshold });
      sizes.push(solid(mask as Uint8Array));
      softs.push((mask as Uint8Array).filter((alpha) => alpha > 40 && alpha < 215).length);
    }
    const [, low = 0, high = 0] = sizes;
    expect(low).toBeGreaterThan(high);
    const [soft = 0, ...harder] = softs;
    for (const hard of harder) expect(hard).toBeLessThan(soft);
  });
});

describe('the program', () => {
  test('may be the one of the package as well as that of the system', async () => {
    const programs = await everyFfmpeg();
    expect(programs.map(({ from }) => from)).toContain('package');
    const input = await clips.make('either.mp4', boxBefore('0x20b040'));
    for (const { from } of programs) {
      const own = videoOperation(from === 'package' ? { places: { path: '' } } : {});
      expect(await own.videoProgram()).toContain(
        from === 'package' ? 'optional package' : "system's",
      );
      for (const mode of ['Mask', 'Foreground'] as const) {
        const output = await cut(input, { mode }, own);
        expect(await clips.frames(output, 96, 64)).toHaveLength(12);
        expect((await readFile(output)).length).toBeGreaterThan(500);
      }
      await own.stop();
    }
  });

  test('that is nowhere is asked for by both its ways', async () => {
    const none = videoOperation({ places: { path: '', packaged: '/nowhere/ffmpeg' } });
    expect(await none.videoProgram()).toMatch(/apt-get install ffmpeg.*@ffmpeg-installer\/ffmpeg/);
    await expect(cut('none.mp4', {}, none)).rejects.toThrow(/ffmpeg/);
    await none.stop();
  });
});
