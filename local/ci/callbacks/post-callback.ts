import { guardedFetch } from '../../server/fetch-guarded.ts';
import type { CallbackFormat, Heard } from './callback-entry.ts';

/** A callback as it goes over the wire. */
export interface PostedCallback {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface PostOptions {
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  /** Names the engine answers for. */
  readonly isInside: (host: string) => boolean;
  readonly signal: AbortSignal;
}

/** What a receiver says is for people, so that its beginning is enough. */
const MOST_HEARD = 4_096;

const CONTENT_TYPES: Readonly<Record<CallbackFormat, string>> = {
  XML: 'application/xml',
  JSON: 'application/json',
};

export function postedCallback(url: string, format: CallbackFormat, body: string): PostedCallback {
  const headers = { 'Content-Type': CONTENT_TYPES[format], 'User-Agent': 'Go-http-client/1.1' };
  return { url, headers, body };
}

/** Over the network. A redirect is an answer like any other that is not 2xx. */
export async function postCallback(posted: PostedCallback, options: PostOptions): Promise<Heard> {
  const request = { ...posted, ...options, method: 'POST', maxBytes: MOST_HEARD } as const;
  const fetched = await guardedFetch(request);
  return fetched.outcome === 'answered' ? heardFrom(fetched.status, fetched.bytes) : fetched;
}

export function heardFrom(status: number, body: string | Uint8Array): Heard {
  return { outcome: 'answered', status, text: Buffer.from(body).toString('utf8', 0, MOST_HEARD) };
}
