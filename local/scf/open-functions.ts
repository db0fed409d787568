import { join } from 'node:path';
import type { Identities } from '../cam/identities.ts';
import type { EngineEvents } from '../cos/events/open-bucket-events.ts';
import type { Storage } from '../cos/storage/storage.ts';
import type { EngineClock } from '../server/clock.ts';
import { FunctionEvents } from './function-events.ts';
import { Functions } from './functions.ts';
import { Host } from './host/host.ts';
import { InvocationLogs } from './logs.ts';
import { Timers } from './triggers/timers.ts';
import { Triggers } from './triggers/triggers.ts';
import { type OpenUrlPort, UrlPorts } from './triggers/url-ports.ts';

interface FunctionsOptions {
  readonly storage: Pick<Storage, 'table' | 'write' | 'buckets'>;
  readonly identities: Identities;
  readonly events: EngineEvents;
  readonly clock: EngineClock;
  readonly appid: string;
  /** Where code is unpacked, and where functions have their own files. */
  readonly folder: string;
  /** Whether timers mean UTC. */
  readonly timersInUtc: boolean;
  /** The address functions find the engine at. */
  endpoint(): string;
  readonly openPort: OpenUrlPort;
}

/** The functions of the engine, with everything that starts them. */
export interface EngineFunctions {
  readonly functions: Functions;
  readonly triggers: Triggers;
  readonly host: Host;
  readonly sent: FunctionEvents;
  readonly logs: InvocationLogs;
  /** Begins to start them: once whoever they ask is there. */
  begin(): Promise<void>;
  stop(): Promise<void>;
  /** Starts over from the storage after it was put back to another state. */
  reload(): void;
}

export function openFunctions(options: FunctionsOptions): EngineFunctions {
  const { storage, identities, events, clock, appid, folder, timersInUtc, endpoint, openPort } =
    options;
  const now = () => clock.now();
  const functions: Functions = new Functions({
    ...{ storage, now, folder: join(folder, 'code') },
    onChange(name) {
      host.changed(name);
      sent.changed(name);
    },
  });
  const { tables } = functions;
  const logs = new InvocationLogs(storage);
  const host: Host = new Host({
    ...{ functions, identities, logs, appid, endpoint, now },
    folder: join(folder, 'own'),
  });
  const sent: FunctionEvents = new FunctionEvents({ events, tables, host, now });
  const timers = new Timers({
    ...{ clock, utc: timersInUtc },
    fire(owner, trigger, at) {
      // The storage is at its end, or was closed: nobody could be told of a tick either.
      sent.tick(owner, trigger, at).catch(() => undefined);
    },
  });
  const triggers = new Triggers({
    ...{ tables, rules: events.rules, timers, ports: new UrlPorts(openPort), appid },
    hasBucket: (bucket) => storage.buckets.get(bucket) !== undefined,
  });
  const begin = async () => {
    functions.resume();
    await triggers.resume();
  };
  return {
    ...{ functions, triggers, host, sent, logs, begin },
    async stop() {
      triggers.stop();
      sent.stop();
      await host.stop();
      await functions.stop();
    },
    reload() {
      host.resume();
      logs.reload();
      // What could not be put right is put right by the next start at the latest.
      begin().catch(() => undefined);
    },
  };
}
