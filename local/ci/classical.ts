import { type VideoOptions, videoOperation } from '../video/video-operation.ts';
import type { Operations } from './operations-port.ts';
import type { ModelFiles } from './pictures/craft.ts';
import { type PoolOptions, picturePool } from './pictures/pool.ts';

/** What one picture may have at most unless the engine is told otherwise. */
const DEFAULT_MAX_MEGAPIXELS = 50;

export interface ClassicalOptions extends Omit<PoolOptions, 'craft'> {
  readonly maxMegapixels?: number;
  readonly videos?: VideoOptions;
  /** Files of models, by what each is for. */
  readonly models?: ModelFiles;
  readonly strictAi?: boolean;
}

/** Operations that really work on pixels: what the engine has unless it is told otherwise. */
export function classicalOperations(options: ClassicalOptions = {}): Operations {
  const { maxMegapixels = DEFAULT_MAX_MEGAPIXELS, models = {}, strictAi = false } = options;
  const craft = { name: 'classical', maxPixels: maxMegapixels * 1e6, models, strictAi } as const;
  const pool = picturePool({ ...options, craft });
  const video = videoOperation({ ...options.videos, humanModel: models['human-seg'] });
  return {
    name: craft.name,
    prepare: () => pool.checkModels(),
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
