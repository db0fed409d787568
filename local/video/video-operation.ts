import { availableParallelism } from 'node:os';
import { OperationError, type Operations, type VideoWork } from '../ci/operations-port.ts';
import { type Ffmpeg, type FfmpegPlaces, findFfmpeg, NO_FFMPEG } from './ffmpeg/find-ffmpeg.ts';
import { USUAL_VIDEO_LIMITS, type VideoLimits } from './limits.ts';
import { VideoTurns } from './video-turns.ts';

export interface VideoOptions {
  readonly limits?: Partial<VideoLimits>;
  readonly places?: FfmpegPlaces;
  readonly humanModel?: string | undefined;
  /** How many videos are worked on at once; each has a thread and two programs. */
  readonly atOnce?: number;
}

/** The half of the operations that is about videos. */
export type VideoOperation = Required<Pick<Operations, 'video' | 'videoProgram' | 'stop'>>;

export function videoOperation(options: VideoOptions = {}): VideoOperation {
  const { places, humanModel } = options;
  const { atOnce = Math.max(1, Math.floor(availableParallelism() / 2)) } = options;
  const limits = { ...USUAL_VIDEO_LIMITS, ...options.limits };
  const turns = new VideoTurns(atOnce);
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  // Looked for when it is first asked for, and again only where there was none.
  let found: Promise<Ffmpeg | undefined> | undefined;

  async function ffmpeg(): Promise<Ffmpeg | undefined> {
    found ??= findFfmpeg(places);
    const ours = found;
    const there = await ours;
    if (!there && found === ours) found = undefined;
    return there;
  }

  async function video(work: VideoWork): Promise<void> {
    const signal = AbortSignal.any([work.signal, stopping.signal]);
    const program = await ffmpeg();
    if (!program) throw new OperationError('NotImplemented', NO_FFMPEG);
    // Loaded with the first video: most starts of an engine see none.
    const { cutOut } = await import('./cut-out.ts');
    await turns.take(signal, () => cutOut(program, { ...work, signal }, { limits, humanModel }));
  }

  return {
    video(work) {
      const run = video(work).finally(() => underWay.delete(run));
      underWay.add(run);
      return run;
    },
    async videoProgram() {
      const program = await ffmpeg();
      if (!program) return NO_FFMPEG;
      const where = program.from === 'system' ? "the system's" : 'the one of an optional package';
      return `ffmpeg ${program.version}, ${where}: ${program.path}`;
    },
    async stop() {
      stopping.abort(new OperationError('InternalError', 'The engine stops'));
      await Promise.allSettled(underWay);
    },
  };
}
