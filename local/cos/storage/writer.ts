import { Fault } from '../../../shared/core/fault.ts';
import type { Blobs, Dropped, Kept } from './blobs.ts';
import { type ByteString, LAST_SEQ } from './index-key.ts';
import type { OrderedIndex, Write } from './ordered-index.ts';
import type { RecentRecords } from './recent-records.ts';

/** What a decision may know: the state with everything decided before it. */
export interface View {
  get(key: ByteString): string | undefined;
  /** A number greater than every one before. */
  nextSeq(): number;
}

/** What is to happen, all of it or nothing, and what to say when it has. It may be made twice. */
export interface Decision<T> {
  readonly outcome: T;
  readonly writes?: readonly Write[];
  readonly kept?: readonly Kept[];
  readonly dropped?: readonly Dropped[];
}

export type Decide<T> = (view: View) => Decision<T>;

interface Job {
  readonly decide: Decide<unknown>;
  readonly done: (outcome: unknown) => void;
  readonly failed: (thrown: unknown) => void;
}

interface Alone {
  readonly work: () => Promise<void>;
  readonly failed: (thrown: unknown) => void;
}

/** What some jobs come to when they are decided one after the other. */
interface Batch {
  readonly writes: Map<ByteString, string | undefined>;
  readonly kept: readonly Kept[];
  readonly dropped: readonly Dropped[];
  readonly decided: readonly (readonly [Job, Decision<unknown>])[];
}

const MOST_AT_ONCE = 256;

/**
 * The one place where the state changes. Decisions are made one after the other, each knowing those
 * before it; those that arrive together are committed together, which costs as much as one.
 */
export class Writer {
  readonly #index: OrderedIndex;
  readonly #records: RecentRecords;
  readonly #blobs: Blobs;
  readonly #waiting: (Job | Alone)[] = [];
  #seq: number;
  #running = false;
  #ended: Fault | undefined;

  /** `seq` is the last number that was given out. */
  constructor(index: OrderedIndex, records: RecentRecords, blobs: Blobs, seq: number) {
    this.#index = index;
    this.#records = records;
    this.#blobs = blobs;
    this.#seq = seq;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Resolves when what was decided is durable and the bytes it made useless are gone. */
  commit<T>(decide: Decide<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const done = (outcome: unknown) => resolve(outcome as T); // the outcome of this very decision
      this.#add({ decide, done, failed: reject });
    });
  }

  /** Runs work while nothing else is decided or committed. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#add({ work: () => work().then(resolve, reject), failed: reject });
    });
  }

  /** Refuses whatever waits and whatever comes. */
  end(reason: Fault): void {
    this.#ended = reason;
    for (const job of this.#waiting.splice(0)) job.failed(reason);
  }

  #add(job: Job | Alone): void {
    if (this.#ended) {
      job.failed(this.#ended);
      return;
    }
    this.#waiting.push(job);
    if (this.#running) return;
    this.#running = true;
    // Not at once: whatever the same turn of the event loop brings shares the commit.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    let jobs: Job[] = [];
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const alone = 'work' in next ? next : undefined;
      if ('decide' in next) jobs.push(next);
      if (!alone && jobs.length < MOST_AT_ONCE && this.#waiting.length > 0) continue;
      if (jobs.length > 0) await this.#commit(jobs);
      jobs = [];
      await alone?.work();
    }
    this.#running = false;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const { writes, kept, dropped, decided } = this.#decide(jobs);
    try {
      if (writes.size > 0) {
        for (const [key, value] of await this.#blobs.note(kept, dropped)) writes.set(key, value);
        await this.#index.commit(writes, { frees: kept.length === 0 && dropped.length > 0 });
        this.#records.forget(writes.keys());
        this.#blobs.noted(kept, dropped);
      }
    } catch (thrown) {
      if (decided.length > 1 && isFull(thrown)) {
        // One that makes room must not fail for another that needs it.
        for (const [job] of decided) await this.#commit([job]);
      } else {
        for (const [job] of decided) job.failed(thrown);
      }
      return;
    }
    for (const [job, decision] of decided) {
      if (!decision.dropped?.length) job.done(decision.outcome);
      else void this.#blobs.drop(decision.dropped).then(() => job.done(decision.outcome));
    }
  }

  #decide(jobs: readonly Job[]): Batch {
    const before = this.#seq;
    const writes = new Map<ByteString, string | undefined>();
    const view: View = {
      get: (key) => (writes.has(key) ? writes.get(key) : this.#index.get(key)),
      nextSeq: () => ++this.#seq,
    };
    const kept: Kept[] = [];
    const dropped: Dropped[] = [];
    const decided: (readonly [Job, Decision<unknown>])[] = [];
    for (const job of jobs) {
      try {
        const decision = job.decide(view);
        for (const [key, value] of decision.writes ?? []) writes.set(key, value);
        kept.push(...(decision.kept ?? []));
        dropped.push(...(decision.dropped ?? []));
        decided.push([job, decision]);
      } catch (thrown) {
        job.failed(thrown);
      }
    }
    if (this.#seq > before) writes.set(LAST_SEQ, String(this.#seq));
    return { writes, kept, dropped, decided };
  }
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code === 'STORAGE_FULL';
}
