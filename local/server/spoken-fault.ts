import type { Answer } from './answer.ts';
import { spokenFault } from './faults.ts';
import type { Incoming } from './incoming.ts';

/** What the official suites' bucket answers: a value, or nothing at all. */
export type SpokenAnswer = Answer | 'shutdown' | 'timeout';

/** Errors speak once: the retry, which the SDKs mark, is answered well. */
const HEALED_BY_RETRY = [500, 503, 504, 'shutdown', 'timeout'];

export function spokenAnswer({ rawPath, headers, id, method }: Incoming): SpokenAnswer | undefined {
  const spoken = spokenFault(rawPath.slice(1));
  if (!spoken) return undefined;
  const { kind, withRequestId } = spoken;
  if (headers['x-cos-sdk-retry'] === 'true' && HEALED_BY_RETRY.includes(kind)) {
    return { status: 200, headers: { 'x-cos-request-id': id } };
  }
  if (typeof kind !== 'number') return kind;
  return answerOf(kind, withRequestId ? { 'x-cos-request-id': id } : {}, method);
}

function answerOf(status: number, headers: Record<string, string>, method: string): Answer {
  if (status < 300) return { status, headers };
  const location = status < 400 ? { Location: `http://${FAR_AWAY}/` } : {};
  const body = `<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>${status}</Code><Message>${status}</Message></Error>`;
  return {
    status,
    headers: { ...headers, ...location, 'Content-Type': 'application/xml' },
    ...(method === 'HEAD' ? {} : { body }),
  };
}

/** A name that leads nowhere, for redirects that no client should follow. */
const FAR_AWAY = 'redirected.invalid';
