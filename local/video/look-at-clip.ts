import { stat } from 'node:fs/promises';
import { OperationError } from '../ci/operations-port.ts';
import type { Clip } from './clip.ts';
import { coloursOf } from './colours-of.ts';
import { carefulInput } from './ffmpeg/careful-input.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';
import { framesTold, type StreamLine } from './ffmpeg/frame-lines.ts';
import { FfmpegError, runFfmpeg } from './ffmpeg/run-ffmpeg.ts';
import type { VideoLimits } from './limits.ts';

/** Sound that every player takes inside an MP4 file as it is. */
const COPIED = ['aac', 'mp3', 'ac3', 'eac3', 'alac'];

/**
 * Counts the frames that are really in a file, and decodes the first. What is too much is refused
 * before anything costs time.
 */
export async function lookAtClip(
  ffmpeg: Ffmpeg,
  path: string,
  limits: VideoLimits,
  signal: AbortSignal,
): Promise<Clip> {
  const { size } = await stat(path);
  if (size > limits.maxBytes) throw refused(`it has ${size} bytes, at most ${limits.maxBytes}`);
  const packets = await countedPackets(ffmpeg, path, limits, signal);
  const { first, said } = await firstFrame(ffmpeg, path, limits, signal);
  const { width, height, aspect } = first;
  const { minSide, maxSide, maxPixels } = limits;
  const whole = `${width} x ${height}`;
  if (Math.min(width, height) < minSide) {
    throw refused(`it is ${whole}, and a side has at least ${minSide} pixels`);
  }
  if (Math.max(width, height) > maxSide || width * height > maxPixels) {
    throw refused(`it is ${whole}, at most ${maxSide} a side and ${maxPixels} pixels in all`);
  }
  return {
    path,
    width: width & ~1,
    height: height & ~1,
    wholeWidth: width,
    wholeHeight: height,
    aspect,
    colours: coloursOf(said, height),
    ...packets,
  };
}

/** From the packets alone, which is quick: nothing is decoded. */
async function countedPackets(
  ffmpeg: Ffmpeg,
  path: string,
  limits: VideoLimits,
  signal: AbortSignal,
) {
  const run = runFfmpeg(
    ffmpeg,
    [
      ...['-v', 'error', ...carefulInput(path, limits)],
      // A capital V leaves the pictures of covers out.
      ...['-map', '0:V:0', '-map', '0:a:0?', '-c', 'copy', '-frames:a', '1'],
      ...['-f', 'framecrc', 'pipe:1'],
    ],
    signal,
  );
  const streams = new Map<number, StreamLine>();
  let frames = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let usual = 0;
  for await (const { stream, time, duration } of framesTold(run.output, streams)) {
    if (stream !== 0) continue;
    frames += 1;
    if (time !== undefined) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    if (duration > 0) usual = duration;
    if (frames > limits.maxFrames) {
      run.kill();
      throw refused(`it has more than ${limits.maxFrames} frames`);
    }
  }
  await run.ended.catch(asRefusal);
  if (frames === 0) throw refused('there is no frame in it');
  const timebase = usableTimebase(streams.get(0)?.timebase);
  const [numerator, denominator] = streams.get(0)?.timebase ?? timebase;
  const ticks = Number.isFinite(first) ? last - first + usual : frames * usual;
  const seconds = (ticks * numerator) / denominator;
  if (seconds > limits.maxSeconds) {
    throw refused(`it lasts ${Math.round(seconds)} seconds, at most ${limits.maxSeconds}`);
  }
  const codec = streams.get(1)?.codec;
  const sound = codec === undefined ? 'none' : COPIED.includes(codec) ? 'copied' : 'encoded';
  const framesPerSecond = seconds > 0 ? Math.min(240, frames / seconds) : 25;
  return { frames, seconds, framesPerSecond, timebase, sound } as const;
}

async function firstFrame(ffmpeg: Ffmpeg, path: string, limits: VideoLimits, signal: AbortSignal) {
  const run = runFfmpeg(
    ffmpeg,
    [
      ...['-v', 'info', '-threads', '1', ...carefulInput(path, limits), '-map', '0:V:0'],
      ...['-frames:v', '1', '-c:v', 'wrapped_avframe', '-f', 'framecrc', 'pipe:1'],
    ],
    signal,
  );
  const streams = new Map<number, StreamLine>();
  let frames = 0;
  for await (const _ of framesTold(run.output, streams)) frames += 1;
  const said = await run.ended.catch(asRefusal);
  const first = streams.get(0);
  if (!first || frames === 0) throw refused('none of its frames can be decoded');
  return { first, said };
}

/** What its times are counted in, unless that is finer than a player can hold. */
function usableTimebase(timebase: Clip['timebase'] = [0, 1]): Clip['timebase'] {
  const [numerator, denominator] = timebase;
  return numerator > 0 && denominator / numerator <= 1_000_000 ? timebase : [1, 90_000];
}

function asRefusal(thrown: unknown): never {
  throw thrown instanceof FfmpegError ? refused(thrown.message) : thrown;
}

function refused(why: string): OperationError {
  return new OperationError('InvalidArgument', `The video cannot be processed: ${why}`);
}
