import { DueHeap } from './due-heap.ts';
import type { WaitingEntry } from './event-entry.ts';

/** What has to be known of a waiting event to say when it goes. */
export interface Ticket extends Pick<WaitingEntry, 'id' | 'since' | 'dueAt' | 'inOrder'> {
  /** The object it is about. */
  readonly line: string;
  /** It only waits because nobody was there to take it. */
  readonly unclaimed?: true;
}

interface Line {
  /** Not tried yet, by id: the next goes only when the one before was tried. */
  readonly ordered: Ticket[];
  /** Those that wait for nobody, by the time they are due. */
  readonly loose: Ticket[];
  taken: Ticket | undefined;
  /** When the heap has it. */
  queuedAt: number | undefined;
}

/**
 * The events that wait for one subscriber. Of an object's events one goes at a time, and each goes
 * for the first time after those before it; second tries come when they come. Objects do not wait
 * for each other.
 */
export class Lane {
  readonly #lines = new Map<string, Line>();
  readonly #due = new DueHeap<Line>();

  /** When to look again; nothing may be there yet, but nothing is there before. */
  get nextDue(): number | undefined {
    return this.#due.earliest;
  }

  add(ticket: Ticket): void {
    let line = this.#lines.get(ticket.line);
    if (!line) {
      line = { ordered: [], loose: [], taken: undefined, queuedAt: undefined };
      this.#lines.set(ticket.line, line);
    }
    if (ticket.inOrder) insert(line.ordered, ticket, (other) => other.id <= ticket.id);
    else insert(line.loose, ticket, (other) => other.dueAt <= ticket.dueAt);
    this.#queue(line);
  }

  /** The next that may go. Its object has to wait until it is settled. */
  take(now: number): Ticket | undefined {
    for (let due = this.#due.pop(now); due; due = this.#due.pop(now)) {
      const line = due.value;
      if (line.queuedAt !== due.at) continue; // queued again since, for an earlier time
      line.queuedAt = undefined;
      const from = [line.loose, line.ordered].find(([first]) => first && first.dueAt <= now);
      line.taken = from?.shift();
      if (line.taken) return line.taken;
      this.#queue(line);
    }
    return undefined;
  }

  /** Ends what `take` began: the event is done with, or goes on waiting as `again` says. */
  settle(ticket: Ticket, again?: Ticket): void {
    const line = this.#lines.get(ticket.line);
    if (!line) return;
    line.taken = undefined;
    if (again) this.add(again);
    else if (line.ordered.length + line.loose.length === 0) this.#lines.delete(ticket.line);
    else this.#queue(line);
  }

  /** Takes an event out; false when it is not here or already on its way. */
  remove(id: string, lineName: string): boolean {
    const line = this.#lines.get(lineName);
    for (const tickets of line ? [line.ordered, line.loose] : []) {
      const place = tickets.findIndex((ticket) => ticket.id === id);
      if (place === -1) continue;
      tickets.splice(place, 1);
      return true;
    }
    return false;
  }

  /** Somebody is there: whatever nobody took is due. */
  claim(now: number): void {
    for (const line of this.#lines.values()) {
      for (const tickets of [line.ordered, line.loose]) {
        for (const [place, { unclaimed, ...ticket }] of tickets.entries()) {
          if (unclaimed) tickets[place] = { ...ticket, dueAt: now };
        }
      }
      line.loose.sort((a, b) => a.dueAt - b.dueAt);
      this.#queue(line);
    }
  }

  #queue(line: Line): void {
    if (line.taken) return;
    const at = Math.min(line.ordered[0]?.dueAt ?? Infinity, line.loose[0]?.dueAt ?? Infinity);
    if (at >= (line.queuedAt ?? Infinity)) return;
    line.queuedAt = at;
    this.#due.push(at, line);
  }
}

/** Keeps the list sorted. Most come at the end, so the place is looked for from there. */
function insert(tickets: Ticket[], ticket: Ticket, goesBefore: (other: Ticket) => boolean): void {
  let place = tickets.length;
  for (; place > 0; place--) {
    const other = tickets[place - 1];
    if (other && goesBefore(other)) break;
  }
  tickets.splice(place, 0, ticket);
}
