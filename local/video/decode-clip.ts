import type { Readable } from 'node:stream';
import type { Clip } from './clip.ts';
import { carefulInput } from './ffmpeg/careful-input.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';
import { framesTold, type StreamLine } from './ffmpeg/frame-lines.ts';
import { runFfmpeg, THREADS } from './ffmpeg/run-ffmpeg.ts';
import type { VideoLimits } from './limits.ts';
import type { Size } from './planes.ts';

/** A picture of a video: three planes, the two of colour at half size, in video range. */
export interface Frame {
  readonly pixels: Uint8Array;
  /** In seconds, never before the frame ahead of it. */
  readonly at: number;
}

export interface Decoding {
  readonly clip: Clip;
  readonly limits: VideoLimits;
  readonly signal: AbortSignal;
  /** Memory for a frame: what was given back, or new. */
  room(): Uint8Array;
  /** Frames of this size instead of their own. */
  readonly small?: Size;
}

/** The frames of a video, upright, as they come; no more is decoded than is taken. */
export async function* decodeClip(
  ffmpeg: Ffmpeg,
  { clip, limits, signal, room, small }: Decoding,
): AsyncGenerator<Frame> {
  const { wholeWidth, wholeHeight, width, height, timebase } = clip;
  const [numerator, denominator] = timebase;
  const times = [...ffmpeg.keepTimes, '-enc_time_base', `${numerator}/${denominator}`];
  // A video may change its size on the way; frames that leave here may not.
  const size = `scale=${wholeWidth}:${wholeHeight}:out_range=tv,crop=${width}:${height}:0:0`;
  const smaller = small ? `,scale=${small.width}:${small.height}:flags=area` : '';
  const run = runFfmpeg(
    ffmpeg,
    [
      ...['-v', 'error', '-threads', THREADS, ...carefulInput(clip.path, limits)],
      ...[
        '-map',
        '0:V:0',
        ...times,
        '-vf',
        `${size}${smaller},format=yuv420p`,
        '-f',
        'rawvideo',
        'pipe:1',
      ],
      ...['-map', '0:V:0', ...times, '-c:v', 'wrapped_avframe', '-f', 'framecrc', 'pipe:3'],
    ],
    signal,
  );
  const told = framesTold(run.aside, new Map<number, StreamLine>());
  let before = Number.NEGATIVE_INFINITY;
  try {
    for await (const pixels of wholeFrames(run.output, room)) {
      const { value } = await told.next();
      const time = Math.max(value?.time ?? before + 1, before + 1);
      before = Number.isFinite(time) ? time : 0;
      yield { pixels, at: (before * numerator) / denominator };
    }
    await run.ended;
  } finally {
    run.kill();
  }
}

/** Cuts a stream of bytes into frames; what is left at the end is no frame. */
export async function* wholeFrames(
  from: Readable,
  room: () => Uint8Array,
): AsyncGenerator<Uint8Array> {
  let frame = room();
  let filled = 0;
  for await (const chunk of from as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < frame.length) continue;
      yield frame;
      frame = room();
      filled = 0;
    }
  }
}
