import type { JsonObject } from '../../../shared/wire/json.ts';
import {
  type Message,
  writeCmqEvent,
  writeTdmqEvent,
} from '../../../shared/wire/message-envelope.ts';
import { readRegion } from '../../../shared/wire/region-code.ts';
import type { Deliver } from '../../cos/events/subscription.ts';
import { type CallbackEntry, type Heard, messageIdOf } from './callback-entry.ts';

/** How a message is wrapped for the function that takes it. */
const ENVELOPES = {
  CMQ: (message: Message) => writeCmqEvent([message]),
  EventBridge: writeTdmqEvent,
} satisfies Readonly<Record<string, (message: Message) => JsonObject>>;

export type Envelope = keyof typeof ENVELOPES;
export const ENVELOPE_NAMES = Object.keys(ENVELOPES) as readonly Envelope[];

interface Subscription {
  readonly envelope: Envelope;
  readonly deliver: Deliver;
}

/** A callback that goes to a topic, as a subscriber gets it; nothing when it goes elsewhere. */
export function messageEvent(
  entry: CallbackEntry,
  envelope: Envelope,
  { appid, body }: { readonly appid: string; readonly body: string },
): JsonObject | undefined {
  const { target, raisedAt: at } = entry;
  if (target.to !== 'topic') return undefined;
  const region = readRegion(target.region) ?? target.region;
  const id = messageIdOf(entry);
  return ENVELOPES[envelope]({
    topic: target.topic,
    appid: Number(appid),
    ...{ region, id, at, body },
  });
}

/** Who takes the messages of which topic: of several, the last to say so. */
export class Topics {
  readonly #appid: string;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(appid: string) {
    this.#appid = appid;
  }

  has(topic: string): boolean {
    return this.#subscriptions.has(topic);
  }

  /** Calling the answer ends it. */
  subscribe(topic: string, subscription: Subscription): () => void {
    this.#subscriptions.set(topic, subscription);
    return () => {
      if (this.#subscriptions.get(topic) === subscription) this.#subscriptions.delete(topic);
    };
  }

  async hand(topic: string, entry: CallbackEntry, body: string): Promise<Heard> {
    const subscription = this.#subscriptions.get(topic);
    const appid = this.#appid;
    const event = subscription && messageEvent(entry, subscription.envelope, { appid, body });
    if (!event) return { outcome: 'failed', message: `Nobody is subscribed to "${topic}"` };
    try {
      const attempt = { id: entry.id, rule: topic, number: entry.failures + 1 };
      const outcome = await subscription.deliver(event, attempt);
      if (outcome === 'ok') return { outcome: 'taken' };
      return { outcome: 'failed', message: `${outcome.error}: ${outcome.message}` };
    } catch (thrown) {
      return { outcome: 'failed', message: String(thrown) };
    }
  }
}
