import type { JsonObject } from '../../../shared/wire/json.ts';
import type { EngineClock } from '../../server/clock.ts';
import {
  afterTry,
  type DeliveryOutcome,
  leavesTimeForAnother,
  RETRY_EVERY_MS,
} from './after-try.ts';
import { type BucketEvent, type EventEntry, isSent, type WaitingEntry } from './event-entry.ts';
import { Lane, type Ticket } from './lane.ts';
import type { Outbox } from './outbox.ts';
import { nobody, type Subscription } from './subscription.ts';

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly clock: EngineClock;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  bodyOf(entry: EventEntry, event: BucketEvent): JsonObject;
  /** Hears of what went wrong on our side, such as a full disk; the event is tried again. */
  report(thrown: unknown): void;
}

interface Runner {
  readonly name: string;
  readonly lane: Lane;
  running: number;
}

/** So many entries are read at once, so that a long outbox does not hold up anything else. */
const SLICE = 500;

/**
 * Brings what waits in the outbox to its subscribers. The outbox alone says what waits: here are
 * only ids and times, read again after every start, and an entry leaves it after it was taken. So
 * nothing is lost, and what was under way when the engine ended is delivered once more.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #openedAt: number;
  readonly #runners = new Map<string, Runner>();
  /** The ids of all tickets, those under way included. */
  readonly #known = new Set<string>();
  /** Up to here the outbox was read. Ids only ever rise. */
  #readTo = '';
  #raisedTo = '';
  #reading: NodeJS.Immediate | undefined;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #running = 0;
  #idle: (() => void)[] = [];
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#openedAt = options.clock.now();
    this.#readSoon();
  }

  /** An entry with this id is about to be committed, or will never be. */
  expect(id: string): void {
    if (id > this.#raisedTo) this.#raisedTo = id;
  }

  wake(): void {
    if (this.#raisedTo > this.#readTo) this.#readSoon();
  }

  /** Somebody has subscribed. */
  claim(name: string): void {
    this.#runners.get(name)?.lane.claim(this.#options.clock.now());
    this.#pump();
  }

  /** Holds an entry back while it is changed; false when it is under way. */
  hold(entry: WaitingEntry): boolean {
    this.#readAll();
    const ticket = ticketOf(entry);
    if (!this.#runnerFor(entry.subscriber).lane.remove(ticket.id, ticket.line)) return false;
    this.#known.delete(entry.id);
    return true;
  }

  /** Takes on an entry that is in the outbox. */
  add(entry: WaitingEntry): void {
    this.#take(entry);
    this.#pump();
  }

  /** Resolves when nothing can be delivered before the clock moves or something happens. */
  async idle(): Promise<void> {
    for (;;) {
      this.#readAll();
      this.#pump();
      if (this.#running === 0) return;
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Delivers nothing more. What is under way counts as not delivered. */
  stop(): void {
    this.#stopped = true;
    clearImmediate(this.#reading);
    this.#timer?.cancel();
    this.#running = 0;
    this.#tellIdle();
  }

  #readSoon(): void {
    if (this.#stopped) return;
    this.#reading ??= setImmediate(() => {
      this.#reading = undefined;
      try {
        if (this.#read()) this.#readSoon();
      } catch (thrown) {
        this.#options.report(thrown);
      }
      this.#pump();
    });
  }

  #readAll(): void {
    while (!this.#stopped && this.#read());
  }

  /** Reads a slice; true when there is more. */
  #read(): boolean {
    const entries = this.#options.outbox.waitingAfter(this.#readTo, SLICE);
    for (const entry of entries) {
      this.#take(entry);
      this.#readTo = entry.id;
    }
    return entries.length === SLICE;
  }

  #take(entry: WaitingEntry): void {
    if (this.#known.has(entry.id)) return;
    this.#known.add(entry.id);
    const { now } = this.#options.clock;
    // The clock of the last run may have been ahead, and nothing may wait for a time that never comes.
    const dueAt = entry.since > now() ? now() : entry.dueAt;
    this.#runnerFor(entry.subscriber).lane.add({ ...ticketOf(entry), dueAt });
  }

  #runnerFor(name: string): Runner {
    let runner = this.#runners.get(name);
    if (!runner) {
      runner = { name, lane: new Lane(), running: 0 };
      this.#runners.set(name, runner);
    }
    return runner;
  }

  /** Begins everything that is due and for which there is room. */
  #pump(): void {
    if (this.#stopped) return;
    const now = this.#options.clock.now();
    for (const runner of this.#runners.values()) this.#pumpOne(runner, now);
    this.#setTimer(now);
  }

  #pumpOne(runner: Runner, now: number): void {
    const claimed = this.#options.subscriptions.get(runner.name);
    const subscription = claimed ?? nobody(runner.name);
    while (runner.running < subscription.concurrency) {
      const ticket = runner.lane.take(now);
      if (!ticket) return;
      if (claimed || !leavesTimeForAnother(ticket, subscription, this.#time())) {
        void this.#try(runner, ticket, subscription);
      } else {
        // Not worth a line in the outbox: nothing was tried.
        runner.lane.settle(ticket, { ...ticket, dueAt: now + RETRY_EVERY_MS, unclaimed: true });
      }
    }
  }

  async #try(runner: Runner, ticket: Ticket, subscription: Subscription): Promise<void> {
    runner.running += 1;
    this.#running += 1;
    const again = await this.#carryOut(ticket, subscription);
    if (this.#stopped) return;
    runner.running -= 1;
    this.#running -= 1;
    if (!again) this.#known.delete(ticket.id);
    runner.lane.settle(ticket, again);
    this.#pump();
    this.#tellIdle();
  }

  /** Tries once and records what came of it; answers how the event goes on waiting, if it does. */
  async #carryOut(ticket: Ticket, subscription: Subscription): Promise<Ticket | undefined> {
    const { outbox, clock, report } = this.#options;
    try {
      const entry = outbox.waiting(ticket.id);
      if (!entry) return undefined;
      const outcome = await this.#outcomeOf(entry, subscription);
      if (this.#stopped) return undefined;
      const after = afterTry(entry, outcome, subscription, this.#time());
      await outbox.keep(after);
      return after.state === 'waiting' ? ticketOf(after) : undefined;
    } catch (thrown) {
      report(thrown);
      return { ...ticket, dueAt: clock.now() + RETRY_EVERY_MS };
    }
  }

  async #outcomeOf(entry: WaitingEntry, { deliver }: Subscription): Promise<DeliveryOutcome> {
    const { id, rule, tries, event } = entry;
    const attempt = { id, rule, number: tries + 1 };
    try {
      if (isSent(event)) return await deliver({}, { ...attempt, sent: event });
      return await deliver(this.#options.bodyOf(entry, event), attempt);
    } catch (thrown) {
      return { error: 'code', message: String(thrown) };
    }
  }

  #setTimer(now: number): void {
    let at = Number.POSITIVE_INFINITY;
    for (const { lane } of this.#runners.values()) {
      // What is due already waits for room, and goes when something ends.
      if (lane.nextDue !== undefined && lane.nextDue > now) at = Math.min(at, lane.nextDue);
    }
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    const fire = () => {
      this.#timer = undefined;
      this.#pump();
    };
    this.#timer = { at, cancel: this.#options.clock.when(at, fire) };
  }

  #time() {
    return { now: this.#options.clock.now(), openedAt: this.#openedAt };
  }

  #tellIdle(): void {
    for (const tell of this.#idle.splice(0)) tell();
  }
}

function ticketOf({ id, since, dueAt, inOrder, event }: WaitingEntry): Ticket {
  const line = isSent(event) ? id : `${event.object.bucket}/${event.object.key}`;
  return { id, since, dueAt, inOrder, line };
}
