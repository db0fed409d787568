import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { type Ffmpeg, findFfmpeg } from '../../../local/video/ffmpeg/find-ffmpeg.ts';

const run = promisify(execFile);

/** Tests and benches are started at the root. */
export const FIXTURES = resolve('test/fixtures/vision/video');

/** Every program there is on this machine: the package brings one, and a system often has another. */
export async function everyFfmpeg(): Promise<readonly Ffmpeg[]> {
  const all = await Promise.all([findFfmpeg(), findFfmpeg({ path: '' })]);
  const found = all.filter((each) => each !== undefined);
  return found.filter(({ path }, at) => found.findIndex((other) => other.path === path) === at);
}

/** A folder of one test file, and clips that are made in it on the spot. */
export async function clipsForTests() {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-clips-'));
  const [program] = await everyFfmpeg();
  if (!program) throw new Error('These tests need an ffmpeg, and ready.mjs installs one');
  const ffmpeg = async (...args: readonly string[]) =>
    run(program.path, ['-v', 'error', '-nostdin', '-y', ...args], {
      cwd: folder,
      encoding: 'buffer',
      maxBuffer: 1 << 28,
    });
  return {
    folder,
    ffmpeg,
    at: (name: string) => join(folder, name),
    /** A clip of a graph without inputs; a tone goes with it where sound is wanted. */
    async make(name: string, graph: string, ...args: readonly string[]): Promise<string> {
      const tone = args.includes('-c:a') ? ['-f', 'lavfi', '-i', 'sine=f=440:d=1'] : [];
      const h264 = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-crf', '12'];
      await ffmpeg('-f', 'lavfi', '-i', graph, ...tone, ...h264, ...args, name);
      return join(folder, name);
    },
    /** The frames of a video as bytes, one array for each. */
    async frames(path: string, width: number, height: number, format = 'gray') {
      const { stdout } = await ffmpeg(
        ...['-i', path, '-vsync', '0', '-pix_fmt', format, '-f', 'rawvideo', 'pipe:1'],
      );
      const size = width * height * (format === 'gray' ? 1 : 3);
      const count = stdout.length / size;
      if (!Number.isInteger(count)) throw new Error(`${path} is not ${width} x ${height}`);
      return Array.from({ length: count }, (_, at) => stdout.subarray(at * size, (at + 1) * size));
    },
    /** When the frames of a video are shown, in seconds. */
    async times(path: string): Promise<readonly number[]> {
      const { stdout } = await ffmpeg(
        ...['-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', 'pipe:1'],
      );
      const text = stdout.toString();
      const [, numerator, denominator] = /#tb 0: (\d+)\/(\d+)/.exec(text) ?? [];
      return text
        .split('\n')
        .filter((line) => line.startsWith('0,'))
        .map((line) => (Number(line.split(',')[2]) * Number(numerator)) / Number(denominator))
        .sort((one, other) => one - other);
    },
    drop: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A red box of 24 by 24 that moves before a screen, two pixels a frame: 96 by 64, twelve frames. */
export function boxBefore(screen: string, { size = '96x64', rate = 12 } = {}): string {
  return `color=${screen}:s=${size}:r=${rate}:d=1[s];color=0xc03020:s=24x24:r=${rate}:d=1[b];[s][b]overlay=x=18+2*n:y=20`;
}

/** How well masks meet the truth of a fixture: intersection over union, and the error at edges. */
export async function scoresOf(frames: readonly Uint8Array[], fixture: string) {
  const folder = join(FIXTURES, fixture);
  const scores = { iou: 0, edge: 0 };
  const names = readdirSync(folder);
  for (const name of names) {
    const picture = sharp(join(folder, name)).toColourspace('b-w').extractChannel(0).raw();
    const { data, info } = await picture.toBuffer({ resolveWithObject: true });
    const mask = frames[Number.parseInt(name, 10)];
    if (mask?.length !== data.length) throw new Error(`There is no frame for ${name}`);
    const one = scoreOf(mask, data, info.width);
    scores.iou += one.iou / names.length;
    scores.edge += one.edge / names.length;
  }
  return scores;
}

/** Whatever is neither here nor there is not counted. */
const UNSURE = [100, 156] as const;
const NEAR = 5;

function scoreOf(mask: Uint8Array, truth: Uint8Array, width: number) {
  const hasUnsure = truth.filter((alpha) => alpha === 128).length > truth.length / 1000;
  const near = nearEdges(truth, width);
  let both = 0;
  let either = 0;
  let error = 0;
  let counted = 0;
  truth.forEach((wanted, at) => {
    if (hasUnsure && wanted > UNSURE[0] && wanted < UNSURE[1]) return;
    const is = mask[at] as number;
    if (is >= 128 && wanted >= 128) both += 1;
    if (is >= 128 || wanted >= 128) either += 1;
    if (!near[at] && (wanted <= 5 || wanted >= 250)) return;
    error += Math.abs(is - wanted) / 255;
    counted += 1;
  });
  return { iou: either === 0 ? 1 : both / either, edge: counted === 0 ? 0 : error / counted };
}

function nearEdges(truth: Uint8Array, width: number): Uint8Array {
  const height = truth.length / width;
  const near = new Uint8Array(truth.length);
  const inside = (at: number) => (truth[at] as number) >= 128;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const right = x + 1 < width && inside(at) !== inside(at + 1);
      const below = y + 1 < height && inside(at) !== inside(at + width);
      if (!right && !below) continue;
      for (let dy = Math.max(0, y - NEAR); dy <= Math.min(height - 1, y + NEAR); dy++) {
        near.fill(
          1,
          dy * width + Math.max(0, x - NEAR),
          dy * width + Math.min(width, x + NEAR + 1),
        );
      }
    }
  }
  return near;
}
