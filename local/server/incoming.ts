import type { Readable } from 'node:stream';

/** The body of a request, read at most once and in one of two ways. */
export interface IncomingBody {
  /** Content-Length as the client said it; nothing when the body is chunked. */
  readonly length: number | undefined;
  /** All of it. Refuses with INPUT_TOO_LARGE beyond `max` bytes. */
  bytes(max: number): Promise<Buffer>;
  stream(): Readable;
}

/** A request as it was sent: nothing decoded, nothing normalised, for the signature is over that. */
export interface Incoming {
  /** The request id of every answer and log line. */
  readonly id: string;
  readonly method: string;
  /** With its leading slash and without the query; of a proxy request, what follows the host. */
  readonly rawPath: string;
  /** Without the question mark. */
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly secure: boolean;
  readonly remoteAddress: string;
  /** When it came, by the engine's clock. */
  readonly at: number;
  readonly body: IncomingBody;
}
