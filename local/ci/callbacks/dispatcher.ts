import { DueHeap } from '../../cos/events/due-heap.ts';
import type { EngineClock } from '../../server/clock.ts';
import { afterTry } from './after-try.ts';
import type { CallbackBox } from './callback-box.ts';
import { copyOf, type Heard, type WaitingCallback } from './callback-entry.ts';

/** Whether a callback is made as it should be. */
export type Fate = 'once' | 'twice' | 'lost';

interface DispatcherOptions {
  readonly box: CallbackBox;
  readonly clock: EngineClock;
  readonly pausesMs: readonly number[];
  /** Whether there is anybody to take it at this moment. */
  hasTaker(entry: WaitingCallback): boolean;
  carry(entry: WaitingCallback, signal: AbortSignal): Promise<Heard>;
  fateOf(entry: WaitingCallback): Fate;
  /** Hears of what went wrong on our side, such as a full disk; the callback is tried again. */
  report(thrown: unknown): void;
}

/** One receiver that hangs holds up so many at most, until they are given up. */
const MOST_AT_ONCE = 50;
const REST_MS = 1_000;

/**
 * Makes the callbacks that wait, when they are due. The box alone says what waits: here are only ids
 * and times, read again after every start. What was under way when the engine ended is made again.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #heap = new DueHeap<string>();
  /** What of the heap still counts. */
  readonly #dueAt = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #stopping = new AbortController();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #idle: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const now = options.clock.now();
    for (const { id, raisedAt, dueAt } of options.box.allWaiting()) {
      // The clock of the last run may have been ahead, and nothing may wait for a time that never comes.
      this.#queue(id, raisedAt > now ? now : dueAt);
    }
    setImmediate(() => this.#pump());
  }

  /** Takes on a callback that is in the box. */
  add({ id, dueAt }: WaitingCallback): void {
    if (this.#running.has(id)) return;
    this.#queue(id, dueAt);
    this.#pump();
  }

  /** Somebody is there who was not before. */
  claim(): void {
    const { box, clock, hasTaker } = this.#options;
    for (const entry of box.allWaiting()) {
      const isKnown = this.#running.has(entry.id) || this.#dueAt.has(entry.id);
      if (!isKnown && hasTaker(entry)) this.#queue(entry.id, clock.now());
    }
    this.#pump();
  }

  /** Holds a callback back while it is changed; false when it is under way. */
  hold(id: string): boolean {
    if (this.#running.has(id)) return false;
    this.#dueAt.delete(id);
    return true;
  }

  /** Resolves when nothing can be made before the clock moves or something happens. */
  async idle(): Promise<void> {
    for (;;) {
      this.#pump();
      if (this.#running.size === 0) return;
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Makes no more. What is under way counts as not made. */
  stop(): void {
    this.#stopping.abort();
    this.#timer?.cancel();
    this.#running.clear();
    this.#tellIdle();
  }

  #queue(id: string, dueAt: number): void {
    this.#dueAt.set(id, dueAt);
    this.#heap.push(dueAt, id);
  }

  #pump(): void {
    if (this.#stopping.signal.aborted) return;
    const now = this.#options.clock.now();
    for (let entry = this.#next(now); entry; entry = this.#next(now)) void this.#try(entry);
    this.#setTimer(now);
  }

  /** The next that is due, while there is room. */
  #next(now: number): WaitingCallback | undefined {
    while (this.#running.size < MOST_AT_ONCE) {
      const due = this.#heap.pop(now);
      if (!due) break;
      if (this.#dueAt.get(due.value) !== due.at) continue; // queued for another time since
      this.#dueAt.delete(due.value);
      const entry = this.#read(due.value, now);
      if (entry) return entry;
    }
    return undefined;
  }

  /** Nothing when it is not there any more, or when nobody takes it: then it waits to be claimed. */
  #read(id: string, now: number): WaitingCallback | undefined {
    const { box, hasTaker, report } = this.#options;
    try {
      const entry = box.waiting(id);
      return entry && hasTaker(entry) ? entry : undefined;
    } catch (thrown) {
      report(thrown);
      this.#queue(id, now + REST_MS);
      return undefined;
    }
  }

  async #try(entry: WaitingCallback): Promise<void> {
    this.#running.add(entry.id);
    const waiting = await this.#carriedOut(entry);
    if (this.#stopping.signal.aborted) return;
    this.#running.delete(entry.id);
    for (const { id, dueAt } of waiting) this.#queue(id, dueAt);
    this.#pump();
    this.#tellIdle();
  }

  /** Tries once and keeps what came of it; answers what waits afterwards. */
  async #carriedOut(entry: WaitingCallback): Promise<readonly WaitingCallback[]> {
    const { box, clock, pausesMs, report, carry, fateOf } = this.#options;
    const { signal } = this.#stopping;
    try {
      const fate = fateOf(entry);
      const heard: Heard = fate === 'lost' ? { outcome: 'lost' } : await carry(entry, signal);
      if (signal.aborted) return [];
      const after = afterTry(entry, heard, clock.now(), pausesMs);
      const copy = fate === 'twice' ? copyOf(entry, clock.now()) : undefined;
      await box.keep(after, copy);
      return [after, copy].filter((each) => each?.state === 'waiting');
    } catch (thrown) {
      report(thrown);
      return [{ ...entry, dueAt: clock.now() + REST_MS }];
    }
  }

  #setTimer(now: number): void {
    const at = this.#heap.earliest;
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    // What is due already waits for room, and goes when something ends.
    if (at === undefined || at <= now) return;
    const fire = () => {
      this.#timer = undefined;
      this.#pump();
    };
    this.#timer = { at, cancel: this.#options.clock.when(at, fire) };
  }

  #tellIdle(): void {
    for (const tell of this.#idle.splice(0)) tell();
  }
}
