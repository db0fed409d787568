import type { JsonObject } from '../../../shared/wire/json.ts';
import { type DeliveryOutcome, RETRY_POLICY, type RetryPolicy } from './after-try.ts';
import type { DeliveryError, SentEvent } from './event-entry.ts';

/** How many events a subscriber takes at the same time unless it says otherwise. */
export const CONCURRENCY = 10;

/** Which try of which event this is. */
export interface Attempt {
  readonly id: string;
  readonly rule: string;
  /** 1 for the first. */
  readonly number: number;
  /** What was sent to the subscriber alone; the event is empty then. */
  readonly sent?: SentEvent;
}

/** Takes an event. What it throws counts as an error of its own code. */
export type Deliver = (event: JsonObject, attempt: Attempt) => Promise<DeliveryOutcome>;

export interface Subscription extends RetryPolicy {
  readonly deliver: Deliver;
  /** How many events it takes at the same time. */
  readonly concurrency: number;
}

/** While nobody is subscribed, events wait as if the platform was in trouble. */
export function nobody(name: string): Subscription {
  const { kind, message } = nobodyTakes(name);
  const deliver: Deliver = async () => ({ error: kind, message });
  return { ...RETRY_POLICY, concurrency: CONCURRENCY, deliver };
}

export function nobodyTakes(name: string): DeliveryError {
  return { kind: 'platform', message: `Nobody is subscribed as "${name}"` };
}
