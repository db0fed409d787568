import { join } from 'node:path';
import type { EngineEvents } from '../cos/events/open-bucket-events.ts';
import type { Storage } from '../cos/storage/storage.ts';
import type { EngineClock } from '../server/clock.ts';
import { Functions } from './functions.ts';
import { Timers } from './triggers/timers.ts';
import { Triggers } from './triggers/triggers.ts';

export interface FunctionsOptions {
  readonly storage: Pick<Storage, 'table' | 'write' | 'buckets'>;
  readonly events: EngineEvents;
  readonly clock: EngineClock;
  readonly appid: string;
  /** Where code is unpacked, and where functions have their own files. */
  readonly folder: string;
  /** Whether timers mean UTC. */
  readonly timersInUtc: boolean;
}

/** The functions of the engine, with everything that starts them. */
export interface EngineFunctions {
  readonly functions: Functions;
  readonly triggers: Triggers;
  stop(): Promise<void>;
  /** Starts over from the storage after it was put back to another state. */
  reload(): void;
}

export async function openFunctions(options: FunctionsOptions): Promise<EngineFunctions> {
  const { storage, events, clock, appid, folder, timersInUtc } = options;
  const functions = new Functions({
    storage,
    folder: join(folder, 'code'),
    now: () => clock.now(),
    onChange: () => {},
  });
  const timers = new Timers({ clock, utc: timersInUtc, fire: () => {} });
  const triggers = new Triggers({
    ...{ tables: functions.tables, rules: events.rules, timers, appid },
    hasBucket: (bucket) => storage.buckets.get(bucket) !== undefined,
  });
  const begin = async () => {
    functions.resume();
    await triggers.resume();
  };
  await begin();
  return {
    functions,
    triggers,
    async stop() {
      triggers.stop();
      await functions.settled();
    },
    reload() {
      // What it finds to put right is put right by the next start at the latest.
      begin().catch(() => undefined);
    },
  };
}
