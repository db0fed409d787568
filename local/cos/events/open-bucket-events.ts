import { randomBytes } from 'node:crypto';
import { writeCosEvent } from '../../../shared/wire/cos-event.ts';
import type { EngineClock } from '../../server/clock.ts';
import type { Storage } from '../storage/storage.ts';
import type { TableWrite } from '../storage/table.ts';
import { RETRY_POLICY } from './after-try.ts';
import type { BucketEvents } from './bucket-events.ts';
import { Delivery } from './delivery.ts';
import {
  anew,
  type BucketEvent,
  copyId,
  type EventEntry,
  eventOf,
  newEntry,
  type SentEvent,
  sentEntry,
  sortable,
} from './event-entry.ts';
import { ruleFor } from './notification-rule.ts';
import { NotificationRules } from './notification-rules.ts';
import { occurrenceOf } from './occurrence.ts';
import { type EventFilter, Outbox, waitingWrite } from './outbox.ts';
import { CONCURRENCY, type Deliver, nobodyTakes, type Subscription } from './subscription.ts';

export interface BucketEventsOptions {
  readonly storage: Pick<Storage, 'table' | 'write'>;
  readonly clock: EngineClock;
  readonly appid: string;
  regionOf(bucket: string): string;
  /** At least 0 and less than 1; decides only what the settings leave to chance. */
  readonly random?: () => number;
  /** Hears why an event could not be read or its outcome not be kept. */
  readonly report?: (thrown: unknown) => void;
}

/** What the service may do and mostly does not, for whoever wants to see it happen. */
interface DeliverySettings {
  /** Events raised from now on wait so long before their first try. */
  readonly deliveryDelayMs: number;
  /** So many of a hundred events raised from now on are delivered twice. */
  readonly duplicatePercent: number;
  /**
   * Events raised from now on do not keep the order of their object: each waits for some part of
   * the delay, or of a second when there is none.
   */
  readonly reorder: boolean;
}

/** The events of all buckets: raised by writers, kept in an outbox, brought to subscribers. */
export interface EngineEvents extends BucketEvents {
  readonly rules: Pick<NotificationRules, 'add' | 'remove' | 'of' | 'all'>;
  readonly settings: DeliverySettings;
  change(settings: Partial<DeliverySettings>): void;
  /** The last to subscribe under a name gets its events. Calling the answer ends that. */
  subscribe(
    name: string,
    deliver: Deliver,
    limits?: Partial<Omit<Subscription, 'deliver'>>,
  ): () => void;
  /** Something for one subscriber alone. Once this resolves, it is delivered like any other event. */
  send(subscriber: string, event: SentEvent): Promise<void>;
  list(filter?: EventFilter): readonly EventEntry[];
  /** The event as if it had only just happened: at once, and with all its tries. */
  replay(id: string): Promise<{ readonly status: 'replayed' | 'under-way' | 'no-event' }>;
  /** One more of the same event. */
  duplicate(
    id: string,
  ): Promise<
    { readonly status: 'duplicated'; readonly id: string } | { readonly status: 'no-event' }
  >;
  /** Resolves when nothing can be delivered before the clock moves or something happens. */
  idle(): Promise<void>;
  /** Delivers nothing more. What is under way comes again with the next start. */
  stop(): void;
  /**
   * Starts over from the storage after it was put back to another state. Stop before that, or what
   * is under way is recorded in the new state.
   */
  reload(): void;
}

const NONE: readonly TableWrite[] = [];
const SHUFFLED_OVER_MS = 1_000;

/** Opens what the storage holds; whatever waited goes on as soon as somebody subscribes. */
export function openBucketEvents(options: BucketEventsOptions): EngineEvents {
  const { storage, clock, appid, regionOf, random = Math.random, report = () => {} } = options;
  const rules = new NotificationRules(storage);
  const subscriptions = new Map<string, Subscription>();
  const bodyOf = (entry: EventEntry, event: BucketEvent) =>
    writeCosEvent([occurrenceOf(entry, event, appid)]);
  const begin = (outbox: Outbox) => new Delivery({ outbox, clock, subscriptions, bodyOf, report });

  let settings: DeliverySettings = { deliveryDelayMs: 0, duplicatePercent: 0, reorder: false };
  let outbox = new Outbox(storage);
  let delivery = begin(outbox);

  function waitMs(): number {
    const { deliveryDelayMs, reorder } = settings;
    return reorder ? Math.floor(random() * (deliveryDelayMs || SHUFFLED_OVER_MS)) : deliveryDelayMs;
  }

  /** That nobody takes an event is not written down with it, so it is said here. */
  function explained(entry: EventEntry): EventEntry {
    const unclaimed = entry.state === 'waiting' && !subscriptions.has(entry.subscriber);
    return unclaimed ? { ...entry, lastError: nobodyTakes(entry.subscriber) } : entry;
  }

  return {
    rules,
    get settings() {
      return settings;
    },
    change(changed) {
      settings = { ...settings, ...changed };
    },

    writesFor(change, cause) {
      const record = change.after ?? change.before;
      const rule = record && ruleFor(rules.of(record.bucket), cause.name, record.key);
      if (!rule) return NONE;

      const event = eventOf(record, regionOf(record.bucket), cause, clock.now());
      const id = sortable(change.seq);
      const ids = [id];
      if (random() * 100 < settings.duplicatePercent) ids.push(copyId(id, 'again'));
      return ids.map((each) => {
        delivery.expect(each);
        const dueAt = event.at + waitMs();
        return waitingWrite(newEntry(each, event, rule, { dueAt, inOrder: !settings.reorder }));
      });
    },
    forget: (bucket) => rules.forget(bucket),
    wake: () => delivery.wake(),

    subscribe(name, deliver, limits = {}) {
      const subscription = { ...RETRY_POLICY, concurrency: CONCURRENCY, ...limits, deliver };
      subscriptions.set(name, subscription);
      delivery.claim(name);
      return () => {
        if (subscriptions.get(name) === subscription) subscriptions.delete(name);
      };
    },

    async send(subscriber, event) {
      const entry = sentEntry(subscriber, event, randomBytes(4).toString('hex'));
      await outbox.keep(entry);
      delivery.add(entry);
    },

    list: (filter = {}) => outbox.list(filter).map(explained),

    async replay(id) {
      const entry = outbox.find(id);
      if (!entry) return { status: 'no-event' };
      if (entry.state === 'waiting' && !delivery.hold(entry)) return { status: 'under-way' };
      const again = anew(entry, id, clock.now());
      try {
        await outbox.keepWaiting(again);
      } catch (thrown) {
        if (entry.state === 'waiting') delivery.add(entry);
        throw thrown;
      }
      delivery.add(again);
      return { status: 'replayed' };
    },

    async duplicate(id) {
      const entry = outbox.find(id);
      if (!entry) return { status: 'no-event' };
      const copy = anew(entry, copyId(id, randomBytes(4).toString('hex')), clock.now());
      await outbox.keepWaiting(copy);
      delivery.add(copy);
      return { status: 'duplicated', id: copy.id };
    },

    idle: () => delivery.idle(),
    stop: () => delivery.stop(),
    reload() {
      delivery.stop();
      rules.reload();
      outbox = new Outbox(storage);
      delivery = begin(outbox);
    },
  };
}
