import type { Identities } from '../cam/identities.ts';
import type { EngineEvents } from '../cos/events/open-bucket-events.ts';
import type { Snapshots } from '../cos/storage/storage.ts';

export interface EngineSnapshotsOptions {
  readonly snapshots: Snapshots;
  readonly identities: Identities;
  readonly events: EngineEvents;
  /** Puts in place what an engine has from its start on. */
  furnish(): Promise<void>;
}

/**
 * The snapshots of the storage, for an engine that is running: what it holds in memory follows, and
 * after a reset it has again what it was started with.
 */
export function engineSnapshots(options: EngineSnapshotsOptions): Snapshots {
  const { snapshots, identities, events, furnish } = options;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other, and while no event is delivered: that would be recorded in the new state. */
  function replacing<T>(replace: () => Promise<T>): Promise<T> {
    const now = last.then(async () => {
      events.stop();
      try {
        return await replace();
      } finally {
        events.reload();
        await identities.reload();
      }
    });
    last = now.catch(() => undefined);
    return now;
  }

  return {
    ...snapshots,
    load: (name) => replacing(() => snapshots.load(name)),
    reset: () =>
      replacing(async () => {
        await snapshots.reset();
        await furnish();
      }),
  };
}
