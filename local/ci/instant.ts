import { instantVideo } from './jobs/instant-video.ts';
import type { Operations } from './operations-port.ts';
import { INSTANT } from './pictures/craft.ts';
import { type PoolOptions, picturePool } from './pictures/pool.ts';

/**
 * Operations without any craft, for tests and benches of everything around the pixels: they keep
 * what is promised about sizes and places. A video comes back as it is.
 */
export function instantOperations(options: Omit<PoolOptions, 'craft'> = {}): Operations {
  const pool = picturePool(options);
  return {
    name: INSTANT.name,
    picture: (work) => pool.picture(work),
    info: (input) => pool.info(input),
    video: instantVideo,
    load: () => pool.load(),
    stop: () => pool.stop(),
  };
}
