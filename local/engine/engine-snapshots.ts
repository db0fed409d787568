import type { Identities } from '../cam/identities.ts';
import type { Snapshots } from '../cos/storage/storage.ts';

interface Running {
  stop(): void | Promise<void>;
  /** Starts over from what is stored now. */
  reload(): void;
}

export interface EngineSnapshotsOptions {
  readonly snapshots: Snapshots;
  readonly identities: Identities;
  /** Whatever works on what is stored, by itself. */
  readonly running: readonly Running[];
  /** Puts in place what an engine has from its start on. */
  furnish(): Promise<void>;
}

/**
 * The snapshots of the storage, for an engine that is running: what it holds in memory follows, and
 * after a reset it has again what it was started with.
 */
export function engineSnapshots(options: EngineSnapshotsOptions): Snapshots {
  const { snapshots, identities, running, furnish } = options;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other, and while nothing else is at work: that would be recorded in the new state. */
  function replacing<T>(replace: () => Promise<T>): Promise<T> {
    const now = last.then(async () => {
      for (const each of running) await each.stop();
      try {
        return await replace();
      } finally {
        // First who may do what, for whoever starts over asks.
        await identities.reload();
        for (const each of running) each.reload();
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
