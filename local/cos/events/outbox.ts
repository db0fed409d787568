import type { Storage } from '../storage/storage.ts';
import type { Table, TableWrite } from '../storage/table.ts';
import {
  type DeadEntry,
  type DeliveredEntry,
  type EventEntry,
  isSent,
  type WaitingEntry,
} from './event-entry.ts';
import { newestFirst, Ring } from './ring.ts';

const WAITING = 'event-outbox';
const MOST_LISTED = 1_000;

export interface EventFilter {
  readonly state?: EventEntry['state'];
  readonly subscriber?: string;
  readonly bucket?: string;
  readonly limit?: number;
}

/** What to write so that an event waits. Whoever changes the object writes it in the same go. */
export function waitingWrite(entry: WaitingEntry): TableWrite {
  return { table: WAITING, key: entry.id, value: entry };
}

/** The events on disk: all that wait, and the last of those that do not any more. */
export class Outbox {
  readonly #storage: Pick<Storage, 'table' | 'write'>;
  readonly #waiting: Table<WaitingEntry>;
  readonly #delivered: Ring<DeliveredEntry>;
  readonly #dead: Ring<DeadEntry>;

  constructor(storage: Pick<Storage, 'table' | 'write'>) {
    this.#storage = storage;
    this.#waiting = storage.table(WAITING);
    this.#delivered = new Ring('events-delivered', storage);
    this.#dead = new Ring('events-dead', storage);
  }

  waiting(id: string): WaitingEntry | undefined {
    return this.#waiting.get(id);
  }

  /** The next that wait, in the order of their ids. */
  waitingAfter(id: string, limit: number): readonly WaitingEntry[] {
    return this.#waiting.range({ from: `${id}\0`, limit }).map(([, entry]) => entry);
  }

  find(id: string): EventEntry | undefined {
    return this.#waiting.get(id) ?? this.#dead.find(id)?.[1] ?? this.#delivered.find(id)?.[1];
  }

  /** Newest first. */
  list({ state, subscriber, bucket, limit = 100 }: EventFilter): readonly EventEntry[] {
    const sources: Record<EventEntry['state'], Iterable<readonly [string, EventEntry]>> = {
      waiting: newestFirst(this.#waiting),
      delivered: this.#delivered.newestFirst(),
      dead: this.#dead.newestFirst(),
    };
    const listed: EventEntry[] = [];
    for (const source of state ? [sources[state]] : Object.values(sources)) {
      let left = Math.min(limit, MOST_LISTED);
      for (const [, entry] of source) {
        if (left <= 0) break;
        if (subscriber !== undefined && entry.subscriber !== subscriber) continue;
        if (bucket !== undefined && bucketOf(entry) !== bucket) continue;
        listed.push(entry);
        left -= 1;
      }
    }
    return listed.sort(newerFirst).slice(0, limit);
  }

  /** Keeps what became of an entry that waited. */
  async keep(entry: EventEntry): Promise<void> {
    const none = { table: WAITING, key: entry.id, value: undefined };
    switch (entry.state) {
      case 'waiting':
        return this.#storage.write([waitingWrite(entry)]);
      case 'delivered':
        return this.#storage.write([none, ...this.#delivered.with(entry)]);
      case 'dead':
        return this.#storage.write([none, ...this.#dead.with(entry)]);
    }
  }

  /** Lets an entry wait, whether it waited before or was over. */
  async keepWaiting(entry: WaitingEntry): Promise<void> {
    const over = [...this.#dead.without(entry.id), ...this.#delivered.without(entry.id)];
    await this.#storage.write([waitingWrite(entry), ...over]);
  }
}

function bucketOf({ event }: EventEntry): string | undefined {
  return isSent(event) ? undefined : event.object.bucket;
}

/** Ids tell the order of the events of buckets, and times that of the others among them. */
function newerFirst(a: EventEntry, b: EventEntry): number {
  if (isSent(a.event) !== isSent(b.event)) return b.event.at - a.event.at;
  return a.id < b.id ? 1 : -1;
}
