import { instantVideo } from './jobs/instant-video.ts';
import type { Operations } from './operations-port.ts';
import { type PoolOptions, picturePool } from './pictures/pool.ts';

/** What one picture may have at most unless the engine is told otherwise. */
const DEFAULT_MAX_MEGAPIXELS = 50;

export interface ClassicalOptions extends Omit<PoolOptions, 'craft'> {
  readonly maxMegapixels?: number;
}

/** Operations that really work on pixels: what the engine has unless it is told otherwise. */
export function classicalOperations(options: ClassicalOptions = {}): Operations {
  const { maxMegapixels = DEFAULT_MAX_MEGAPIXELS, ...others } = options;
  const craft = { name: 'classical', maxPixels: maxMegapixels * 1e6 } as const;
  const pool = picturePool({ ...others, craft });
  return {
    name: craft.name,
    picture: (work) => pool.picture(work),
    info: (input) => pool.info(input),
    video: instantVideo,
    load: () => pool.load(),
    stop: () => pool.stop(),
  };
}
