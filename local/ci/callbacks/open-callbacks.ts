import type { JsonObject } from '../../../shared/wire/json.ts';
import type { Deliver } from '../../cos/events/subscription.ts';
import type { Storage } from '../../cos/storage/storage.ts';
import { isServiceHost } from '../../server/address.ts';
import type { EngineClock } from '../../server/clock.ts';
import type { Callbacks } from '../callbacks-port.ts';
import { PAUSES_MS } from './after-try.ts';
import { bodyOf } from './callback-body.ts';
import { CallbackBox, type CallbackFilter, waitingWrite } from './callback-box.ts';
import {
  anew,
  type CallbackEntry,
  type Heard,
  isCopy,
  messageIdOf,
  type WaitingCallback,
} from './callback-entry.ts';
import { addressCheck, checkCallback, checkNotification } from './check-callback.ts';
import { Dispatcher, type Fate } from './dispatcher.ts';
import { heardFrom, type PostedCallback, postCallback, postedCallback } from './post-callback.ts';
import { type Envelope, messageEvent, Topics } from './topics.ts';
import { whomToTell } from './whom-to-tell.ts';

/** What the service may do and mostly does not, for whoever wants to see it happen. */
interface CallbackSettings {
  /** Callbacks of jobs that end from now on wait so long before their first try. */
  readonly delayMs: number;
  /** So many of a hundred callbacks that were not tried yet are made twice, */
  readonly duplicatePercent: number;
  /** and so many never. */
  readonly losePercent: number;
}

/** Takes a callback at an address of the engine's own. */
type TakeInside = (
  posted: PostedCallback,
) => Promise<{ readonly status: number; readonly body: string | Uint8Array }>;

export interface CallbacksOptions {
  readonly storage: Pick<Storage, 'table' | 'write'>;
  readonly clock: EngineClock;
  readonly appid: string;
  readonly allowPrivate: boolean;
  /** Who answers at an address, when that is the engine itself: it never leaves it then. */
  readonly resolveInside?: (url: string) => TakeInside | undefined;
  /** How long each further try waits. */
  readonly pausesMs?: readonly number[];
  /** How long a receiver is waited for, by the real clock. */
  readonly timeoutMs?: number;
  /** At least 0 and less than 1; decides only what the settings leave to chance. */
  readonly random?: () => number;
  /** Hears why a callback could not be read or its outcome not be kept. */
  readonly report?: (thrown: unknown) => void;
}

/** A message of a topic. */
interface TopicMessage {
  readonly id: string;
  readonly state: CallbackEntry['state'];
  readonly event: JsonObject;
}

/** What was sent, and what came of it. */
interface ListedCallback extends Omit<CallbackEntry, 'job'> {
  readonly job: string;
  /** Nothing where it could not be written. */
  readonly body?: string;
}

/** The callbacks of all jobs, and the inbox in which they stand. */
export interface EngineCallbacks extends Callbacks {
  readonly settings: CallbackSettings;
  change(settings: Partial<CallbackSettings>): void;
  /** Newest first. */
  list(filter?: CallbackFilter): readonly ListedCallback[];
  /** The messages of a topic, newest first, as they are handed to a subscriber. */
  messages(topic: string, envelope: Envelope, limit?: number): readonly TopicMessage[];
  /** The last to subscribe to a topic gets its messages. Calling the answer ends that. */
  subscribe(topic: string, envelope: Envelope, deliver: Deliver): () => void;
  /** Makes the callback as if its job had only just ended: at once, and with all its tries. */
  replay(id: string): Promise<{ readonly status: 'replayed' | 'under-way' | 'no-callback' }>;
  /** Resolves when nothing can be made before the clock moves or something happens. */
  idle(): Promise<void>;
  /** Makes no more. What is under way is made again with the next start. */
  stop(): void;
  /**
   * Starts over from the storage after it was put back to another state. Stop before that, or what
   * is under way is recorded in the new state.
   */
  reload(): void;
}

const TIMEOUT_MS = 10_000;

/** Opens what the storage holds; whatever waited goes on. */
export function openCallbacks(options: CallbacksOptions): EngineCallbacks {
  const { storage, clock, appid, allowPrivate, resolveInside } = options;
  const { pausesMs = PAUSES_MS, timeoutMs = TIMEOUT_MS } = options;
  const { random = Math.random, report = () => {} } = options;
  const check = addressCheck(allowPrivate);
  const topics = new Topics(appid);
  /** What was handed out to be written, by job: the last counts, for a job ends once. */
  const expected = new Map<string, string>();

  let settings: CallbackSettings = { delayMs: 0, duplicatePercent: 0, losePercent: 0 };
  let box = new CallbackBox(storage);
  let dispatcher = begin();

  function begin(): Dispatcher {
    return new Dispatcher({ box, clock, pausesMs, hasTaker, carry, fateOf, report });
  }

  function hasTaker({ target }: WaitingCallback): boolean {
    return target.to === 'address' || topics.has(target.topic);
  }

  /** Chance has its say once, before the first try. */
  function fateOf(entry: WaitingCallback): Fate {
    if (entry.tries.length > 0 || isCopy(entry)) return 'once';
    const [toLose, toRepeat] = [random() * 100, random() * 100];
    if (toLose < settings.losePercent) return 'lost';
    return toRepeat < settings.duplicatePercent ? 'twice' : 'once';
  }

  async function carry(entry: WaitingCallback, signal: AbortSignal): Promise<Heard> {
    const { target, format } = entry;
    const body = bodyOf(entry);
    if (typeof body !== 'string') return { outcome: 'refused', message: body.unwritable };
    if (target.to === 'topic') return topics.hand(target.topic, entry, body);
    const posted = postedCallback(target.url, format, body);
    const take = resolveInside?.(target.url);
    if (take) return heardInside(take, posted);
    return postCallback(posted, { allowPrivate, timeoutMs, signal, isInside: isElsewhere });
  }

  return {
    check: (callback) => checkCallback(callback, check),
    checkQueue: (notify) => checkNotification(notify, check),

    writesFor({ record: job, bucket, callback, notify }) {
      const told = whomToTell({ callback, notify });
      if (!told) return [];
      const id = messageIdOf({ job });
      expected.set(job.jobId, id);
      const raisedAt = clock.now();
      const dueAt = raisedAt + settings.delayMs;
      const entry = { id, bucket, job, ...told, raisedAt, dueAt, tries: [], failures: 0 };
      return [waitingWrite({ ...entry, state: 'waiting' })];
    },

    wake() {
      try {
        for (const [jobId, id] of expected) {
          const entry = box.waiting(id);
          if (!entry) continue;
          expected.delete(jobId);
          dispatcher.add(entry);
        }
      } catch (thrown) {
        report(thrown);
      }
    },

    get settings() {
      return settings;
    },
    change(changed) {
      settings = { ...settings, ...changed };
    },

    list: (filter) => box.list(filter).map(listed),
    messages: (topic, envelope, limit) =>
      box
        .list({ topic, ...(limit !== undefined && { limit }) })
        .flatMap((entry) => messageIn(entry, envelope, appid) ?? []),

    subscribe(topic, envelope, deliver) {
      const end = topics.subscribe(topic, { envelope, deliver });
      dispatcher.claim();
      return end;
    },

    async replay(id) {
      const entry = box.find(id);
      if (!entry) return { status: 'no-callback' };
      if (!dispatcher.hold(id)) return { status: 'under-way' };
      const again = anew(entry, clock.now());
      try {
        await box.keepWaiting(again);
      } catch (thrown) {
        if (entry.state === 'waiting') dispatcher.add(entry);
        throw thrown;
      }
      dispatcher.add(again);
      return { status: 'replayed' };
    },

    idle: () => dispatcher.idle(),
    stop: () => dispatcher.stop(),
    reload() {
      dispatcher.stop();
      expected.clear();
      box = new CallbackBox(storage);
      dispatcher = begin();
    },
  };
}

/** A name of the services is never asked of the network; what is on this machine may be. */
function isElsewhere(host: string): boolean {
  return isServiceHost(host) && !host.endsWith('.localhost');
}

async function heardInside(take: TakeInside, posted: PostedCallback): Promise<Heard> {
  try {
    const { status, body } = await take(posted);
    return heardFrom(status, body);
  } catch (thrown) {
    return { outcome: 'failed', message: String(thrown) };
  }
}

function listed(entry: CallbackEntry): ListedCallback {
  const body = bodyOf(entry);
  return { ...entry, job: entry.job.jobId, ...(typeof body === 'string' && { body }) };
}

function messageIn(
  entry: CallbackEntry,
  envelope: Envelope,
  appid: string,
): TopicMessage | undefined {
  const body = bodyOf(entry);
  if (typeof body !== 'string') return undefined;
  const event = messageEvent(entry, envelope, { appid, body });
  return event && { id: entry.id, state: entry.state, event };
}
