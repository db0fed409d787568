import { refreshJob } from '../../shared/run/jobs.ts';
import { deliver } from '../../shared/run/outbox.ts';
import type { Suite } from '../../shared/run/ports.ts';
import type { Callback } from '../../shared/wire/callback.ts';

/**
 * callbacks -> job ids -> jobs -> notices. Anybody may have posted it: nothing but the ids is used, and
 * how their jobs are is asked. How many of them are jobs of ours.
 */
export async function onCallback(callbacks: readonly Callback[], suite: Suite): Promise<number> {
  const ids = new Set(callbacks.flatMap(({ jobs }) => jobs.map(({ jobId }) => jobId)));
  let known = 0;
  for (const id of ids) {
    const refreshed = await refreshJob(id, suite);
    if (!refreshed) continue;
    known += 1;
    for (const notice of refreshed.notices) await deliver(notice, suite);
  }
  return known;
}
