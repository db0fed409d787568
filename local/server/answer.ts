import type { Readable, Writable } from 'node:stream';

/** A stream that knows a quicker way into a connection than to be read: one of the two is taken. */
export interface SendsItself extends Readable {
  /** Whether all of it went out. */
  sendTo(out: Writable): Promise<boolean>;
}

/** What a service answers, as a value: the server writes it, and logs, faults and CORS can look at it. */
export interface Answer {
  readonly status: number;
  /** Names as they are to be written; empty values are left out. */
  readonly headers: Readonly<Record<string, string | number>>;
  /** A stream needs a Content-Length among the headers, or it is sent in chunks. */
  readonly body?: string | Uint8Array | Readable;
}
