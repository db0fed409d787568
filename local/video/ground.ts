import sharp from 'sharp';
import { OperationError } from '../ci/operations-port.ts';
import type { Clip } from './clip.ts';
import { wholeFrames } from './decode-clip.ts';
import { carefulInput } from './ffmpeg/careful-input.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';
import { runFfmpeg, THREADS } from './ffmpeg/run-ffmpeg.ts';
import { frameOfRgb } from './frame-of-rgb.ts';
import type { VideoLimits } from './limits.ts';
import { lookAtClip } from './look-at-clip.ts';
import { bytesOfFrame } from './planes.ts';

/** What is put behind the subject: one picture, or a video that begins again when it ends. */
export type Ground =
  | { readonly kind: 'picture'; readonly pixels: Uint8Array }
  | {
      readonly kind: 'video';
      /** Fills memory with the frame that is shown at this second; seconds only go forward. */
      fill(pixels: Uint8Array, at: number): Promise<Uint8Array>;
      stop(): Promise<void>;
    };

export interface GroundFor {
  readonly clip: Clip;
  readonly path: string;
  readonly limits: VideoLimits;
  readonly signal: AbortSignal;
}

const PICTURES = ['jpeg', 'png', 'webp', 'gif'];
const MAX_PICTURE_PIXELS = 100_000_000;

/** Pictures and videos both fill the frame, and what is too wide or too high is cut off evenly. */
export async function openGround(ffmpeg: Ffmpeg, ground: GroundFor): Promise<Ground> {
  return (await pictureGround(ground)) ?? (await videoGround(ffmpeg, ground));
}

async function pictureGround({ path, clip }: GroundFor): Promise<Ground | undefined> {
  const { width, height, colours } = clip;
  const picture = sharp(path, { limitInputPixels: MAX_PICTURE_PIXELS });
  const format = await picture.metadata().then(
    (metadata) => metadata.format,
    () => undefined,
  );
  if (format === undefined || !PICTURES.includes(format)) return undefined;
  try {
    const rgb = await picture
      .rotate()
      .resize(width, height, { fit: 'cover' })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer();
    return { kind: 'picture', pixels: frameOfRgb(rgb, clip, colours.matrix) };
  } catch {
    throw unreadable('its pixels cannot be decoded');
  }
}

async function videoGround(
  ffmpeg: Ffmpeg,
  { clip, path, limits, signal }: GroundFor,
): Promise<Ground> {
  const { width, height, framesPerSecond } = clip;
  const own = await lookAtClip(ffmpeg, path, limits, signal).catch((thrown) => {
    if (thrown instanceof OperationError) throw unreadable('it is neither a picture nor a video');
    throw thrown;
  });
  const rate = Math.min(framesPerSecond, own.framesPerSecond);
  const size = `scale=${width}:${height}:force_original_aspect_ratio=increase:out_range=tv`;
  const run = runFfmpeg(
    ffmpeg,
    [
      ...['-v', 'error', '-threads', THREADS, '-stream_loop', '-1', ...carefulInput(path, limits)],
      ...['-map', '0:V:0', '-vf', `fps=${rate.toFixed(3)},${size},crop=${width}:${height}`],
      ...['-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'],
    ],
    signal,
  );
  const rooms = [0, 1].map(() => new Uint8Array(bytesOfFrame(clip)));
  let turn = 0;
  // Only the last frame is looked at, so that two rooms are enough for all of them.
  const frames = wholeFrames(run.output, () => rooms[turn++ % 2] as Uint8Array);
  let shown: Uint8Array | undefined;
  let count = 0;
  let first: number | undefined;
  return {
    kind: 'video',
    async fill(pixels, at) {
      first ??= at;
      while (!shown || count <= (at - first) * rate) {
        const next = await frames.next();
        if (next.done) {
          await run.ended;
          throw unreadable('it ends, and does not begin again');
        }
        shown = next.value;
        count += 1;
      }
      pixels.set(shown);
      return pixels;
    },
    async stop() {
      run.kill();
      await run.ended.catch(() => {});
    },
  };
}

function unreadable(why: string): OperationError {
  return new OperationError('InvalidArgument', `The background cannot be used: ${why}`);
}
