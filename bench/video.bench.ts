import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { SegmentParameters } from '../local/ci/operations-port.ts';
import { findFfmpeg } from '../local/video/ffmpeg/find-ffmpeg.ts';
import { videoOperation } from '../local/video/video-operation.ts';

export const title =
  "video: the engine beside ffmpeg's own chromakey, from file to file; medians of the same run";

const ROUNDS = 3;
const FRAMES = 75;
const SECOND = 1000;
const FIXTURES = 'test/fixtures/vision/video';
/** Chromakey is told the colour, and is given its best of these. */
const SETTINGS = ['0.05:0.1', '0.08:0.08', '0.12:0.08', '0.1:0.2'];
const SCREENS = [
  { fixture: 'duck-before-green', colour: '0x24b14c' },
  { fixture: 'fur-before-magenta', colour: '0xe628c8' },
];

const start = promisify(execFile);

export async function run(print: (line: string) => void): Promise<void> {
  const program = await findFfmpeg();
  if (!program) return print('there is no ffmpeg to measure beside');
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'));
  const operation = videoOperation();
  const ffmpeg = (...args: readonly string[]) =>
    start(program.path, ['-v', 'error', '-nostdin', '-y', ...args], {
      cwd: folder,
      encoding: 'buffer',
      maxBuffer: 1 << 29,
    });
  const cut = async (inputPath: string, segmentType: SegmentParameters['segmentType']) => {
    const outputPath = join(folder, 'ours.mp4');
    await operation.video({
      ...{ inputPath, outputPath, onProgress() {}, signal: new AbortController().signal },
      parameters: {
        ...{ mode: 'Mask', segmentType, binaryThreshold: 0 },
        ...{ background: [0, 0, 0], remove: [0, 0, 0] },
      },
    });
    return outputPath;
  };
  try {
    const clip = join(folder, 'clip.mp4');
    const graph =
      `color=0x20b040:s=1280x720:r=25[s];gradients=s=500x500:r=25:c0=0xd05030:c1=0xf0e0c0[b];[s][b]overlay=x=200+2*n:y=110,` +
      `noise=alls=6:allf=t`;
    await ffmpeg(
      ...['-f', 'lavfi', '-i', graph, '-frames:v', String(FRAMES), '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libx264', '-crf', '20', clip],
    );
    const theirs: number[] = [];
    const ours: number[] = [];
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 20);
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(
        await timed(() =>
          ffmpeg(
            ...['-i', clip, '-vf', 'chromakey=0x20b040:0.08:0.08,format=yuva420p,alphaextract'],
            ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18'],
            'theirs.mp4',
          ),
        ),
      );
      ours.push(await timed(() => cut(clip, 'GreenScreenSeg')));
    }
    clearInterval(watch);
    const ratio = median(theirs.map((time, at) => time / (ours[at] ?? 1)));
    print(
      `screen, 720p      engine ${fps(ours)} fps, chromakey ${fps(theirs)} fps: ${ratio.toFixed(2)}x`,
    );
    print(`                  ${(most / 1e6).toFixed(0)} MB RSS of the engine at most`);
    for (const { fixture, colour } of SCREENS) {
      const input = join(process.cwd(), FIXTURES, `${fixture}.mp4`);
      const masks = async (path: string, ...filter: readonly string[]) => {
        const args = ['-i', path, ...filter, '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'];
        return (await ffmpeg(...args)).stdout;
      };
      const own = await edgeError(await masks(await cut(input, 'GreenScreenSeg')), fixture);
      const errors: number[] = [];
      for (const setting of SETTINGS) {
        const key = `chromakey=${colour}:${setting},format=yuva420p,alphaextract`;
        errors.push(await edgeError(await masks(input, '-vf', key), fixture));
      }
      const best = Math.min(...errors);
      print(
        `edges, ${fixture.padEnd(18)} engine ${own.toFixed(3)}, chromakey ${best.toFixed(3)} at best ` +
          `(${median(errors).toFixed(3)} in the middle): ${(own / best).toFixed(2)} of its error`,
      );
    }
    const walking = join(process.cwd(), FIXTURES, 'walking-person.mp4');
    const people: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      people.push(await timed(() => cut(walking, 'HumanSeg')));
    }
    print(`people, 480x270   engine ${((40 * SECOND) / median(people)).toFixed(0)} fps`);
  } finally {
    await operation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mean error within five pixels of an edge, over the frames of which the truth is known. */
async function edgeError(masks: Uint8Array, fixture: string): Promise<number> {
  const names = readdirSync(join(FIXTURES, fixture));
  let error = 0;
  let counted = 0;
  for (const name of names) {
    const png = sharp(readFileSync(join(FIXTURES, fixture, name)));
    const { data, info } = await png.extractChannel(0).raw().toBuffer({ resolveWithObject: true });
    const { width } = info;
    const mask = masks.subarray(Number.parseInt(name, 10) * data.length);
    const inside = (at: number) => (data[at] ?? 0) >= 128;
    for (let at = 0; at < data.length; at++) {
      let near = false;
      for (let by = 1; by <= 5 && !near; by++) {
        near = [by, -by, by * width, -by * width].some((step) => inside(at) !== inside(at + step));
      }
      if (!near) continue;
      error += Math.abs((mask[at] ?? 0) - (data[at] ?? 0)) / 255;
      counted += 1;
    }
  }
  return error / counted;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, two) => one - two)[values.length >> 1] ?? 0;
}

function fps(times: readonly number[]): string {
  return ((FRAMES * SECOND) / median(times)).toFixed(0);
}
