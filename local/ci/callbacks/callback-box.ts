import { Ring } from '../../cos/events/ring.ts';
import type { Storage } from '../../cos/storage/storage.ts';
import type { Table, TableWrite } from '../../cos/storage/table.ts';
import type { CallbackEntry, EndedCallback, WaitingCallback } from './callback-entry.ts';

const WAITING = 'ci-callbacks';
const MOST_LISTED = 1_000;
const USUALLY_LISTED = 100;

export interface CallbackFilter {
  readonly state?: CallbackEntry['state'];
  readonly bucket?: string;
  readonly job?: string;
  readonly topic?: string;
  readonly limit?: number;
}

/** What to write so that a callback waits. Whoever ends the job writes it in the same go. */
export function waitingWrite(entry: WaitingCallback): TableWrite {
  return { table: WAITING, key: entry.id, value: entry };
}

/** The callbacks on disk: all that wait, and the last of those that do not any more. */
export class CallbackBox {
  readonly #storage: Pick<Storage, 'table' | 'write'>;
  readonly #waiting: Table<WaitingCallback>;
  readonly #delivered: Ring<EndedCallback>;
  readonly #undelivered: Ring<EndedCallback>;

  constructor(storage: Pick<Storage, 'table' | 'write'>) {
    this.#storage = storage;
    this.#waiting = storage.table(WAITING);
    this.#delivered = new Ring('ci-callbacks-delivered', storage);
    this.#undelivered = new Ring('ci-callbacks-undelivered', storage);
  }

  waiting(id: string): WaitingCallback | undefined {
    return this.#waiting.get(id);
  }

  allWaiting(): readonly WaitingCallback[] {
    return this.#waiting.range().map(([, entry]) => entry);
  }

  find(id: string): CallbackEntry | undefined {
    return (
      this.#waiting.get(id) ?? this.#undelivered.find(id)?.[1] ?? this.#delivered.find(id)?.[1]
    );
  }

  /** Newest first. */
  list(filter: CallbackFilter = {}): readonly CallbackEntry[] {
    const limit = Math.min(filter.limit ?? USUALLY_LISTED, MOST_LISTED);
    return [...this.#all(filter.state)]
      .filter((entry) => isAskedFor(entry, filter))
      .sort((a, b) => b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1))
      .slice(0, limit);
  }

  /** Keeps what became of a callback that waited, and one more of the same if there is to be one. */
  async keep(entry: CallbackEntry, copy?: WaitingCallback): Promise<void> {
    const more = copy ? [waitingWrite(copy)] : [];
    if (entry.state === 'waiting') return this.#storage.write([waitingWrite(entry), ...more]);
    const gone = { table: WAITING, key: entry.id, value: undefined };
    const ring = entry.state === 'delivered' ? this.#delivered : this.#undelivered;
    await this.#storage.write([gone, ...ring.with(entry), ...more]);
  }

  /** Lets a callback wait, whether it waited before or was over. */
  async keepWaiting(entry: WaitingCallback): Promise<void> {
    const over = [...this.#delivered.without(entry.id), ...this.#undelivered.without(entry.id)];
    await this.#storage.write([waitingWrite(entry), ...over]);
  }

  *#all(state: CallbackEntry['state'] | undefined): Iterable<CallbackEntry> {
    if (state === undefined || state === 'waiting') yield* this.allWaiting();
    for (const ring of state === 'waiting' ? [] : [this.#delivered, this.#undelivered]) {
      for (const [, entry] of ring.newestFirst()) yield entry;
    }
  }
}

function isAskedFor({ state, bucket, job, target }: CallbackEntry, filter: CallbackFilter) {
  return (
    (filter.state === undefined || filter.state === state) &&
    (filter.bucket === undefined || filter.bucket === bucket) &&
    (filter.job === undefined || filter.job === job.jobId) &&
    (filter.topic === undefined || (target.to === 'topic' && target.topic === filter.topic))
  );
}
