import type { Readable } from 'node:stream';

/** What a service answers, as a value: the server writes it, and logs, faults and CORS can look at it. */
export interface Answer {
  readonly status: number;
  /** Names as they are to be written; empty values are left out. */
  readonly headers: Readonly<Record<string, string | number>>;
  /** A stream needs a Content-Length among the headers, or it is sent in chunks. */
  readonly body?: string | Uint8Array | Readable;
}
