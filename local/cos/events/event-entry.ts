import type { ObjectRecord } from '../storage/object-record.ts';
import type { EventCause } from './bucket-events.ts';
import type { NotificationRule } from './notification-rule.ts';

/** Something that happened to an object, kept until it was delivered. */
export interface BucketEvent {
  /** `cos:ObjectCreated:Put` */
  readonly name: string;
  readonly at: number;
  readonly requestId: string;
  readonly remoteAddress: string;
  /** As it stood after the change; what was removed, as it stood before. */
  readonly object: {
    readonly bucket: string;
    readonly region: string;
    readonly key: string;
    readonly size: number;
    readonly etag: string;
    readonly contentType: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly metadata: Readonly<Record<string, string>>;
  };
}

/** What is for one subscriber alone and about no object: a tick of a timer, or what somebody sent. */
export interface SentEvent {
  /** `scf:Timer`, `scf:Invoke` */
  readonly name: string;
  readonly at: number;
  readonly requestId: string;
  /** What is handed on, as it was sent. */
  readonly text: string;
}

/**
 * `code`: the function's own doing. The others say that it was not even asked; what is `refused`
 * would be again.
 */
export type ErrorKind = 'code' | 'throttled' | 'platform' | 'refused';

export interface DeliveryError {
  readonly kind: ErrorKind;
  readonly message: string;
}

interface Entry {
  /** Sorts as the changes were made. */
  readonly id: string;
  readonly rule: string;
  readonly subscriber: string;
  readonly event: BucketEvent | SentEvent;
  /** Since when it waits: its age counts from here. */
  readonly since: number;
  readonly tries: number;
  readonly codeErrors: number;
  readonly lastError?: DeliveryError;
}

export interface WaitingEntry extends Entry {
  readonly state: 'waiting';
  readonly dueAt: number;
  /** Whether it waits for the earlier events of its object; a second try waits for none. */
  readonly inOrder: boolean;
}

export interface DeliveredEntry extends Entry {
  readonly state: 'delivered';
  readonly at: number;
}

export interface DeadEntry extends Entry {
  readonly state: 'dead';
  readonly at: number;
  readonly because: 'code-errors' | 'too-old' | 'refused';
}

/** One event for one subscriber. */
export type EventEntry = WaitingEntry | DeliveredEntry | DeadEntry;

const SEQ_DIGITS = 16;

/** A number as text that sorts like numbers do. */
export function sortable(number: number): string {
  return String(number).padStart(SEQ_DIGITS, '0');
}

/** The id of one more of the same event: it sorts right behind the first. */
export function copyId(id: string, mark: string): string {
  return `${id.slice(0, SEQ_DIGITS)}.${mark}`;
}

export function eventOf(
  record: ObjectRecord,
  region: string,
  { name, requestId, remoteAddress }: EventCause,
  at: number,
): BucketEvent {
  const { bucket, key, size, etag, contentType, headers, metadata } = record;
  const object = { bucket, region, key, size, etag, contentType, headers, metadata };
  return { name, at, requestId, remoteAddress, object };
}

export function newEntry(
  id: string,
  event: BucketEvent,
  rule: NotificationRule,
  { dueAt, inOrder }: Pick<WaitingEntry, 'dueAt' | 'inOrder'>,
): WaitingEntry {
  return {
    id,
    state: 'waiting',
    rule: rule.id,
    subscriber: rule.subscriber,
    event,
    since: event.at,
    dueAt,
    inOrder,
    tries: 0,
    codeErrors: 0,
  };
}

/** An entry without a rule. Its id sorts before those of changes, which are read in their order. */
export function sentEntry(subscriber: string, event: SentEvent, mark: string): WaitingEntry {
  return {
    ...{ id: `-${sortable(event.at)}-${mark}`, state: 'waiting', rule: '', subscriber, event },
    ...{ since: event.at, dueAt: event.at, inOrder: false, tries: 0, codeErrors: 0 },
  };
}

export function isSent(event: BucketEvent | SentEvent): event is SentEvent {
  return 'text' in event;
}

/** The same event as if it had only just happened, under the same id or another. */
export function anew(entry: EventEntry, id: string, now: number): WaitingEntry {
  return {
    id,
    state: 'waiting',
    rule: entry.rule,
    subscriber: entry.subscriber,
    event: entry.event,
    since: now,
    dueAt: now,
    inOrder: true,
    tries: 0,
    codeErrors: 0,
  };
}
