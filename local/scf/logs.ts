import { sortable } from '../cos/events/event-entry.ts';
import { Ring } from '../cos/events/ring.ts';
import type { Storage } from '../cos/storage/storage.ts';
import type { Status } from './host/outcome.ts';

/** One invocation, with what its function wrote. */
export interface LoggedInvocation {
  /** Rises with each. */
  readonly id: string;
  readonly requestId: string;
  /** `ap-guangzhou:default.on-upload` */
  readonly function: string;
  readonly at: number;
  readonly source: string;
  readonly retry: number;
  readonly status: Status;
  readonly code: number;
  readonly message: string;
  readonly cold: boolean;
  readonly durationMs: number;
  /** In bytes. */
  readonly memory: number;
  readonly log: string;
}

interface LogFilter {
  /** The whole name, or the last part of it. */
  readonly function?: string;
  /** Only what came after the one with this id. */
  readonly after?: string;
  readonly limit?: number;
}

/** The last invocations of all functions. */
export class InvocationLogs {
  readonly #storage: Pick<Storage, 'table' | 'write'>;
  #ring: Ring<LoggedInvocation>;
  #next: number;

  constructor(storage: Pick<Storage, 'table' | 'write'>) {
    this.#storage = storage;
    this.#ring = new Ring('scf-logs', storage);
    this.#next = this.#last();
  }

  async keep(entry: LoggedInvocation): Promise<void> {
    this.#next += 1;
    await this.#storage.write(this.#ring.with({ ...entry, id: sortable(this.#next) }));
  }

  /** Newest first. */
  list({ function: name, after = '', limit = 100 }: LogFilter = {}): readonly LoggedInvocation[] {
    const found: LoggedInvocation[] = [];
    for (const [, entry] of this.#ring.newestFirst()) {
      if (found.length >= limit) break;
      if (after !== '' && entry.id <= after) break;
      if (name === undefined || isNamed(entry, name)) found.push(entry);
    }
    return found;
  }

  reload(): void {
    this.#ring = new Ring('scf-logs', this.#storage);
    this.#next = this.#last();
  }

  #last(): number {
    for (const [, { id }] of this.#ring.newestFirst()) return Number(id);
    return 0;
  }
}

function isNamed({ function: whole }: LoggedInvocation, name: string): boolean {
  return whole === name || whole.endsWith(`.${name}`) || whole.endsWith(`:${name}`);
}
