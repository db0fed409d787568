import type { Colours } from './colours.ts';
import { loadKernel } from './kernels/load-kernel.ts';

interface PushPull {
  pull(from: number, width: number, height: number, to: number): void;
  push(fine: number, width: number, height: number, coarse: number): void;
}

/**
 * Fills what is not known from what is around it, near and far. Colours come multiplied with their
 * weights, which are from 0 to 1; afterwards every weight is 1. Nothing comes of nothing known.
 */
export function pushPull({ width, height, data }: Colours): Colours {
  const kernel = loadKernel<PushPull>('push-pull');
  return kernel.lend(data.byteLength * 2 + 4096, (room) => {
    const levels = [{ width, height, ...room.floats(data.length) }];
    levels[0]?.view.set(data);
    let last = { width, height };
    while (last.width > 1 || last.height > 1) {
      last = { width: (last.width + 1) >> 1, height: (last.height + 1) >> 1 };
      levels.push({ ...last, ...room.floats(last.width * last.height * 4) });
    }
    for (let level = 0; level + 1 < levels.length; level++) {
      const [fine, coarse] = [levels[level], levels[level + 1]];
      if (fine && coarse) kernel.run.pull(fine.at, fine.width, fine.height, coarse.at);
    }
    // The last is one pixel: however little is known, it is all there is.
    const all = levels.at(-1)?.view;
    const weight = all?.[3] ?? 0;
    if (all && weight > 0) all.set(all.map((value) => value / weight));
    for (let level = levels.length - 2; level >= 0; level--) {
      const [fine, coarse] = [levels[level], levels[level + 1]];
      if (fine && coarse) kernel.run.push(fine.at, fine.width, fine.height, coarse.at);
    }
    return { width, height, data: levels[0]?.view.slice() ?? data };
  });
}
