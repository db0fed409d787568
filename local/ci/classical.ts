import { type VideoOptions, videoOperation } from '../video/video-operation.ts';
import type { Operations } from './operations-port.ts';
import { type PoolOptions, picturePool } from './pictures/pool.ts';

/** What one picture may have at most unless the engine is told otherwise. */
const DEFAULT_MAX_MEGAPIXELS = 50;

export interface ClassicalOptions extends Omit<PoolOptions, 'craft'> {
  readonly maxMegapixels?: number;
  readonly videos?: VideoOptions;
}

/** Operations that really work on pixels: what the engine has unless it is told otherwise. */
export function classicalOperations(options: ClassicalOptions = {}): Operations {
  const { maxMegapixels = DEFAULT_MAX_MEGAPIXELS, videos, ...others } = options;
  const craft = { name: 'classical', maxPixels: maxMegapixels * 1e6 } as const;
  const pool = picturePool({ ...others, craft });
  const video = videoOperation(videos);
  return {
    name: craft.name,
    picture: (work) => pool.picture(work),
    info: (input) => pool.info(input),
    video: (work) => video.video(work),
    videoProgram: () => video.videoProgram(),
    load: () => pool.load(),
    async stop() {
      await Promise.all([pool.stop(), video.stop()]);
    },
  };
}
