import type { Storage } from '../storage/storage.ts';
import type { Table, TableWrite } from '../storage/table.ts';
import {
  type DeadEntry,
  type DeliveredEntry,
  type EventEntry,
  sortable,
  type WaitingEntry,
} from './event-entry.ts';

const WAITING = 'event-outbox';
/** How many of those that are over are remembered, delivered and dead ones apart. */
const REMEMBERED = 1_000;
const MOST_LISTED = 1_000;
const PAGE = 100;

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
        if (bucket !== undefined && entry.event.object.bucket !== bucket) continue;
        listed.push(entry);
        left -= 1;
      }
    }
    return listed.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
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

/** A table that holds so many entries and forgets the oldest for the next. */
class Ring<T extends { readonly id: string }> {
  readonly #name: string;
  readonly #table: Table<T>;
  #next: number;

  constructor(name: string, storage: Pick<Storage, 'table'>) {
    this.#name = name;
    this.#table = storage.table(name);
    const [last] = this.#table.range({ reverse: true, limit: 1 });
    this.#next = last ? Number(last[0]) + 1 : 0;
  }

  newestFirst(): Iterable<readonly [string, T]> {
    return newestFirst(this.#table);
  }

  find(id: string): readonly [place: string, entry: T] | undefined {
    for (const found of this.newestFirst()) if (found[1].id === id) return found;
    return undefined;
  }

  with(entry: T): readonly TableWrite[] {
    const place = this.#next++;
    const kept = { table: this.#name, key: sortable(place), value: entry };
    if (place < REMEMBERED) return [kept];
    return [kept, { table: this.#name, key: sortable(place - REMEMBERED), value: undefined }];
  }

  without(id: string): readonly TableWrite[] {
    const found = this.find(id);
    return found ? [{ table: this.#name, key: found[0], value: undefined }] : [];
  }
}

/** A table backwards, as far as it is asked for: a range would read all of it. */
function* newestFirst<T>(table: Table<T>): Iterable<readonly [string, T]> {
  let to: string | undefined;
  for (;;) {
    const page = table.range({ reverse: true, limit: PAGE, ...(to !== undefined && { to }) });
    yield* page;
    to = page.at(-1)?.[0];
    if (page.length < PAGE) return;
  }
}
