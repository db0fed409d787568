import type { DeliveryOutcome } from '../../../../local/cos/events/after-try.ts';
import type { NotificationRule } from '../../../../local/cos/events/notification-rule.ts';
import {
  type BucketEventsOptions,
  type EngineEvents,
  openBucketEvents,
} from '../../../../local/cos/events/open-bucket-events.ts';
import type { Attempt, Deliver } from '../../../../local/cos/events/subscription.ts';
import { memoryStorage } from '../../../../local/cos/storage/memory-storage.ts';
import type { PutOptions } from '../../../../local/cos/storage/objects.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import { engineClock } from '../../../../local/server/clock.ts';
import type { JsonValue } from '../../../../shared/wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../../../../shared/wire/json-object.ts';

export const BUCKET = 'studio-1300001234';
export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 1);

export function rule(over: Partial<NotificationRule> = {}): NotificationRule {
  return {
    id: 'pictures',
    bucket: BUCKET,
    events: ['cos:ObjectCreated:*'],
    prefix: '',
    suffix: '',
    subscriber: 'on-upload',
    enabled: true,
    ...over,
  };
}

/** A storage, a clock that stands still, and the events between them; restarted at will. */
export async function benchOfEvents(over: Partial<BucketEventsOptions> = {}) {
  const clock = engineClock();
  clock.freeze();
  clock.set(START);
  const storage: Storage = memoryStorage({ clock: clock.now });
  await storage.buckets.create(BUCKET);
  const options = {
    storage,
    clock,
    appid: '1300001234',
    regionOf: () => 'ap-guangzhou',
    report: (thrown: unknown) => {
      throw thrown;
    },
    ...over,
  };
  let events: EngineEvents = openBucketEvents(options);

  const raising = (name: string) => (change: Parameters<EngineEvents['writesFor']>[0]) =>
    events.writesFor(change, { name, requestId: 'NjAw', remoteAddress: '127.0.0.1' });

  return {
    clock,
    storage,
    get events() {
      return events;
    },
    /** As if the process had been killed and started again on what it kept. */
    async restart() {
      events.stop();
      await storage.write([]); // whatever was handed over before that is there afterwards
      events = openBucketEvents(options);
    },
    async put(key: string, { describe }: Pick<PutOptions, 'describe'> = {}) {
      const also = raising('cos:ObjectCreated:Put');
      await storage.objects.put(BUCKET, key, Buffer.from(key), { also, describe });
      events.wake();
    },
    async remove(key: string) {
      await storage.objects.remove(BUCKET, key, { also: raising('cos:ObjectRemove:Delete') });
      events.wake();
    },
    async forward(ms: number) {
      clock.advance(ms);
      await events.idle();
    },
  };
}

interface Heard {
  readonly name: string;
  readonly key: string;
  readonly attempt: Attempt;
}

/** A subscriber that notes what it hears and answers as it is told. */
export function listener(answer: Deliver = async () => 'ok') {
  const heard: Heard[] = [];
  const deliver: Deliver = (event, attempt) => {
    heard.push({ ...namesIn(event), attempt });
    return answer(event, attempt);
  };
  return { heard, deliver, keys: () => heard.map(({ key }) => key) };
}

/** What an event is about. */
export function namesIn(event: JsonValue): { readonly name: string; readonly key: string } {
  const [record] = isJsonObject(event) && Array.isArray(event.Records) ? event.Records : [];
  if (!isJsonObject(record)) throw new Error('an event without a record');
  return {
    name: textIn(objectIn(record, 'event'), 'eventName') ?? '',
    key: (textIn(objectIn(objectIn(record, 'cos'), 'cosObject'), 'key') ?? '')
      .split('/')
      .slice(3)
      .join('/'),
  };
}

/** An answer that a subscriber gives when the test says so. */
export function answerLater() {
  let give: (outcome: DeliveryOutcome) => void = () => {};
  const answer = new Promise<DeliveryOutcome>((resolve) => {
    give = resolve;
  });
  return { answer, give };
}
