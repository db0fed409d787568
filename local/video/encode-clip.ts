import type { Clip } from './clip.ts';
import type { Frame } from './decode-clip.ts';
import { carefulInput } from './ffmpeg/careful-input.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';
import { matroskaFrame, matroskaStart } from './ffmpeg/frames-as-matroska.ts';
import { FfmpegError, type FfmpegRun, runFfmpeg, THREADS } from './ffmpeg/run-ffmpeg.ts';
import type { VideoLimits } from './limits.ts';

/** What takes frames and makes a file of them. */
export interface Encoder {
  /** Resolves when the frame was taken and its memory may be used again. */
  write(frame: Frame): Promise<void>;
  /** The file is whole. */
  end(): Promise<void>;
  kill(): void;
}

export interface Encoding {
  readonly clip: Clip;
  readonly limits: VideoLimits;
  readonly outputPath: string;
  /** With the sound of the clip, where it has any. */
  readonly withSound: boolean;
  readonly signal: AbortSignal;
}

/** Starts with the first frame, because sound and pictures have to begin by the same clock. */
export function encodeClip(ffmpeg: Ffmpeg, encoding: Encoding): Encoder {
  const { clip } = encoding;
  let run: FfmpegRun | undefined;
  let firstAt = 0;

  async function write({ pixels, at }: Frame): Promise<void> {
    if (!run) {
      firstAt = at;
      run = runFfmpeg(ffmpeg, argumentsFor(ffmpeg, encoding, at), encoding.signal);
      await taken(run, matroskaStart(clip));
    }
    await taken(run, matroskaFrame(pixels.length, at - firstAt));
    await taken(run, pixels);
  }

  return {
    write,
    async end() {
      run?.input.end();
      await run?.ended;
    },
    kill: () => run?.kill(),
  };
}

function argumentsFor(
  ffmpeg: Ffmpeg,
  { clip, limits, outputPath, withSound }: Encoding,
  firstAt: number,
): readonly string[] {
  const [numerator, denominator] = clip.timebase;
  const [across, down] = clip.aspect;
  const [matrix, primaries, transfer] = clip.colours.tags;
  const sound = withSound && clip.sound !== 'none';
  return [
    ...['-v', 'error', '-y', '-itsoffset', firstAt.toFixed(6)],
    ...['-probesize', '32', '-analyzeduration', '0', '-f', 'matroska', '-i', 'pipe:0'],
    ...(sound ? carefulInput(clip.path, limits) : []),
    ...['-map', '0:v:0', ...(sound ? ['-map', '1:a:0'] : [])],
    ...['-c:a', clip.sound === 'copied' ? 'copy' : 'aac'],
    ...[...ffmpeg.keepTimes, '-enc_time_base', `${numerator}/${denominator}`],
    ...(across > 0 ? ['-vf', `setsar=${across}/${down}`] : []),
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p'],
    ...['-threads', THREADS, '-color_range', 'tv', ...ffmpeg.keepLast],
    ...(matrix && primaries && transfer
      ? ['-colorspace', matrix, '-color_primaries', primaries, '-color_trc', transfer]
      : []),
    ...['-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart'],
    ...['-f', 'mp4', `file:${outputPath}`],
  ];
}

/** Waits for the pipe to have room, and hears when nobody is at its end any more. */
async function taken({ input, ended }: FfmpegRun, bytes: Uint8Array): Promise<void> {
  const written = await new Promise<boolean>((resolve) => {
    input.write(bytes, (failed) => resolve(!failed));
  });
  if (written) return;
  await ended;
  throw new FfmpegError('ffmpeg ended before the last frame');
}
