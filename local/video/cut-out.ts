import { OperationError, type VideoWork } from '../ci/operations-port.ts';
import type { Clip } from './clip.ts';
import { decodeClip } from './decode-clip.ts';
import { encodeClip } from './encode-clip.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';
import { FfmpegError } from './ffmpeg/run-ffmpeg.ts';
import { type Frames, type FrameThread, frameThread } from './frame-thread.ts';
import { type Ground, openGround } from './ground.ts';
import type { VideoLimits } from './limits.ts';
import { lookAtClip } from './look-at-clip.ts';
import { smallSize } from './people/small-frame.ts';
import { bytesOfFrame } from './planes.ts';

/** What the engine was started with. */
export interface CutOptions {
  readonly limits: VideoLimits;
  /** The file of a model that finds people. */
  readonly humanModel?: string | undefined;
}

/**
 * Cuts the subject out of a video: looked at, then frame by frame decoded, worked on in a thread and
 * encoded, with two frames under way at a time. Whatever ends it ends its programs and its thread.
 */
export async function cutOut(
  ffmpeg: Ffmpeg,
  work: VideoWork,
  { limits, humanModel }: CutOptions,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([work.signal, ended.signal]);
  try {
    const clip = await lookAtClip(ffmpeg, work.inputPath, limits, signal);
    const ground = await groundFor(ffmpeg, work, { clip, limits, signal });
    await carryThrough(ffmpeg, work, { clip, ground, limits, signal, humanModel });
  } catch (thrown) {
    work.signal.throwIfAborted();
    if (!(thrown instanceof FfmpegError)) throw thrown;
    const why = `The video cannot be processed: ${thrown.message}`;
    throw new OperationError('InvalidArgument', why);
  } finally {
    ended.abort();
  }
}

/** The share of the work that looking through a video beforehand is. */
const LOOKING = 0.25;

/** All frames once, small: who is in them is told best by what is behind them at other times. */
async function lookThrough(
  ffmpeg: Ffmpeg,
  thread: FrameThread,
  { onProgress, ...decoding }: Omit<Prepared, 'ground'> & Pick<VideoWork, 'onProgress'>,
): Promise<void> {
  const small = smallSize(decoding.clip);
  const free: Uint8Array[] = [];
  const room = () => free.pop() ?? new Uint8Array(bytesOfFrame(small));
  let looked = 0;
  for await (const { pixels } of decodeClip(ffmpeg, { ...decoding, small, room })) {
    const { pixels: back } = await thread.work({ pixels, isLook: true });
    free.push(back);
    looked += 1;
    onProgress((100 * LOOKING * looked) / decoding.clip.frames);
  }
}

interface Prepared extends CutOptions {
  readonly clip: Clip;
  readonly ground?: Ground | undefined;
  readonly signal: AbortSignal;
}

async function groundFor(
  ffmpeg: Ffmpeg,
  { parameters, backgroundPath }: VideoWork,
  { clip, limits, signal }: Prepared,
): Promise<Ground | undefined> {
  if (parameters.mode !== 'Combination') return undefined;
  if (backgroundPath === undefined) {
    throw new OperationError('InvalidArgument', 'Mode Combination needs a background');
  }
  return openGround(ffmpeg, { clip, path: backgroundPath, limits, signal });
}

async function carryThrough(
  ffmpeg: Ffmpeg,
  { parameters, outputPath, onProgress }: VideoWork,
  { clip, ground, limits, signal, humanModel }: Prepared,
): Promise<void> {
  const free: Uint8Array[] = [];
  const room = () => free.pop() ?? new Uint8Array(bytesOfFrame(clip));
  const thread = frameThread({
    ...{
      size: { width: clip.width, height: clip.height },
      matrix: clip.colours.matrix,
      parameters,
    },
    ...(ground?.kind === 'picture' && { ground: ground.pixels }),
    model: humanModel,
  });
  const withSound = parameters.mode !== 'Mask';
  const byModel = humanModel !== undefined;
  const looks = parameters.segmentType === 'HumanSeg' && !byModel ? LOOKING : 0;
  const encoder = encodeClip(ffmpeg, { clip, limits, outputPath, withSound, signal });
  let done = 0;

  /** The frame before is written while this one is worked on. */
  async function write({ worked, at }: { worked: Promise<Frames>; at: number }): Promise<void> {
    const { pixels, ground: behind } = await worked;
    await encoder.write({ pixels, at });
    free.push(pixels, ...(behind ? [behind] : []));
    done += 1;
    onProgress(100 * (looks + ((1 - looks) * done) / clip.frames));
  }

  try {
    if (looks > 0) await lookThrough(ffmpeg, thread, { clip, limits, signal, onProgress });
    let before: { worked: Promise<Frames>; at: number } | undefined;
    for await (const { pixels, at } of decodeClip(ffmpeg, { clip, limits, signal, room })) {
      const behind = ground?.kind === 'video' ? await ground.fill(room(), at) : undefined;
      const worked = thread.work(behind ? { pixels, ground: behind } : { pixels });
      worked.catch(() => {}); // heard when it is written
      if (before) await write(before);
      before = { worked, at };
    }
    if (!before) throw new FfmpegError('none of its frames can be decoded');
    await write(before);
    await encoder.end();
  } finally {
    encoder.kill();
    await thread.stop();
    if (ground?.kind === 'video') await ground.stop();
  }
}
