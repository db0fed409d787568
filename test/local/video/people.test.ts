import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { SceneMaker } from '../../../local/video/people/scene-maker.ts';
import { bytesOfFrame, planesOf } from '../../../local/video/planes.ts';
import { videoOperation } from '../../../local/video/video-operation.ts';
import { clipsForTests, FIXTURES, scoresOf } from './clips-for-tests.ts';

// Videos are work, and machines that test are busy.
vi.setConfig({ testTimeout: 120_000 });

const clips = await clipsForTests();
const operation = videoOperation();
afterAll(async () => {
  await operation.stop();
  clips.drop();
});

async function masks(fixture: string) {
  const outputPath = clips.at('person.mp4');
  const progress: number[] = [];
  await operation.video({
    ...{ inputPath: join(FIXTURES, `${fixture}.mp4`), outputPath },
    parameters: {
      ...{ mode: 'Mask', segmentType: 'HumanSeg', binaryThreshold: 0 },
      ...{ background: [0, 0, 0], remove: [0, 0, 0] },
    },
    onProgress: (percent) => progress.push(percent),
    signal: new AbortController().signal,
  });
  return { progress, frames: await clips.frames(outputPath, 480, 270) };
}

describe('a person', () => {
  test('who walks in and stays is told from what is behind them', async () => {
    const { frames, progress } = await masks('walking-person');
    expect((await scoresOf(frames, 'walking-person')).iou).toBeGreaterThan(0.9);
    // Nobody is there at first.
    expect(frames[0]?.filter((alpha) => alpha >= 128).length).toBeLessThan(480 * 270 * 0.01);
    expect(progress).toEqual([...progress].sort((one, two) => one - two));
    expect(progress.at(-1)).toBe(100);
  });
});

describe('somebody who faces the camera', () => {
  test('is told from a wall before which they stay', async () => {
    const { frames } = await masks('talking-person');
    expect((await scoresOf(frames, 'talking-person')).iou).toBeGreaterThan(0.77);
  });

  test('is told from what passes by, and from another place after a cut', async () => {
    const { frames } = await masks('moving-camera');
    expect((await scoresOf(frames, 'moving-camera')).iou).toBeGreaterThan(0.8);
  });
});

describe('looking through a video', () => {
  const size = { width: 64, height: 36 };
  const area = size.width * size.height;

  /** A striped wall, with a box before it where there is one. */
  function wall(box: number | undefined, { shift = 0, bright = 0 } = {}): Uint8Array {
    const pixels = new Uint8Array(bytesOfFrame(size)).fill(128);
    const { y } = planesOf(pixels, size);
    for (let at = 0; at < area; at++) {
      y[at] = (((at % 64) + shift) % 8 < 4 ? 90 : 150) + bright;
      const [x, row] = [at % 64, Math.floor(at / 64)];
      if (box !== undefined && x >= box && x < box + 12 && row > 8) y[at] = 30;
    }
    return pixels;
  }

  function scenesOf(frames: readonly Uint8Array[]) {
    const maker = new SceneMaker(size);
    for (const frame of frames) maker.add(frame);
    return maker.scenes();
  }

  test('finds what is behind somebody who stands there most of the time', () => {
    const walk = Array.from({ length: 8 }, (_, at) => wall(4 * at));
    const stay = Array.from({ length: 20 }, () => wall(30));
    const [scene] = scenesOf([...Array(6).fill(wall(undefined)), ...walk, ...stay]);
    const behind = planesOf(scene?.plate?.pixels ?? new Uint8Array(), size).y;
    const empty = planesOf(wall(undefined), size).y;
    const wrong = behind.filter((y, at) => Math.abs(y - (empty[at] as number)) > 20).length;
    expect(wrong).toBeLessThan(area * 0.03);
    // It was changed where somebody walked, and nowhere else.
    expect(scene?.plate?.known[20 * 64 + 30]).toBe(1);
    expect(scene?.plate?.known[2 * 64 + 30]).toBe(0);
  });

  test('parts it where it is cut, and not where somebody moves', () => {
    const dark = Array.from({ length: 6 }, (_, at) => wall(4 * at));
    const light = Array.from({ length: 6 }, (_, at) => wall(4 * at, { bright: 80 }));
    expect(scenesOf([...dark, ...light]).map(({ from }) => from)).toEqual([0, 6]);
  });

  test('takes nothing for standing still while the camera moves', () => {
    const moving = Array.from({ length: 20 }, (_, shift) => wall(undefined, { shift }));
    expect(scenesOf(moving)[0]?.plate).toBeUndefined();
    expect(scenesOf(moving.slice(0, 3))[0]?.plate).toBeUndefined();
  });
});
