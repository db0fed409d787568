import { randomUUID } from 'node:crypto';
import { writeTimerEvent } from '../../shared/wire/timer-event.ts';
import type { DeliveryOutcome } from '../cos/events/after-try.ts';
import type { EngineEvents } from '../cos/events/open-bucket-events.ts';
import type { Attempt } from '../cos/events/subscription.ts';
import type { FunctionTables } from './function-tables.ts';
import type { Host, Invocation } from './host/host.ts';
import type { Status } from './host/outcome.ts';
import { type FunctionName, functionKey, type StoredTrigger } from './stored-function.ts';

/** As many events of one function are under way at the same time; others wait in their order. */
const AT_ONCE = 10;

interface FunctionEventsOptions {
  readonly events: EngineEvents;
  readonly tables: FunctionTables;
  readonly host: Host;
  now(): number;
}

/**
 * What functions do not answer for at once: events of buckets, ticks of timers, and what is sent to
 * them. All of it waits in the outbox until it was delivered or given up.
 */
export class FunctionEvents {
  readonly #options: FunctionEventsOptions;
  readonly #ends = new Map<string, () => void>();

  constructor(options: FunctionEventsOptions) {
    this.#options = options;
  }

  /** Delivers to a function from now on, by what is said of it at this moment; to none that is gone. */
  changed(name: FunctionName): void {
    const key = functionKey(name);
    const stored = this.#options.tables.find(name);
    this.#ends.get(key)?.();
    this.#ends.delete(key);
    if (!stored) return;
    const limits = {
      retries: stored.retries,
      maxAgeMs: stored.maxAgeSeconds * 1000,
      concurrency: AT_ONCE,
    };
    const deliver = (event: object, attempt: Attempt) => this.#deliver(name, event, attempt);
    this.#ends.set(key, this.#options.events.subscribe(key, deliver, limits));
  }

  /** Once this resolves the event is kept, and will be delivered. */
  async send(name: FunctionName, text: string, kind: 'scf:Invoke' | 'scf:Timer'): Promise<string> {
    const requestId = randomUUID();
    const event = { name: kind, at: this.#options.now(), requestId, text };
    await this.#options.events.send(functionKey(name), event);
    return requestId;
  }

  async tick(name: FunctionName, { name: trigger, message }: StoredTrigger, at: number) {
    await this.send(name, JSON.stringify(writeTimerEvent({ trigger, at, message })), 'scf:Timer');
  }

  stop(): void {
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }

  async #deliver(name: FunctionName, event: object, attempt: Attempt): Promise<DeliveryOutcome> {
    const stored = this.#options.tables.find(name);
    if (!stored) return { error: 'platform', message: 'The function is gone' };
    const { sent, number } = attempt;
    const invocation: Invocation = {
      event: sent?.text ?? JSON.stringify(event),
      source: sent === undefined ? 'cos' : sent.name === 'scf:Timer' ? 'timer' : 'invoke',
      ...(sent && { requestId: sent.requestId }),
      retry: number - 1,
    };
    const { status, code, message } = await this.#options.host.invoke(stored, invocation).end;
    if (status === 'success') return 'ok';
    return { error: errorOf(status), message: `${code} ${message}` };
  }
}

/** What the platform tries again, and how. */
function errorOf(status: Status): Exclude<DeliveryOutcome, 'ok'>['error'] {
  switch (status) {
    case 'concurrency':
    case 'no-resources':
      return 'throttled';
    case 'internal':
      return 'platform';
    case 'role':
    case 'request-too-large':
      return 'refused';
    default:
      return 'code';
  }
}
