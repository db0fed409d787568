import { readSignature } from '../../shared/wire/signature-read.ts';
import { readTc3 } from '../../shared/wire/tc3.ts';
import { callerName } from '../cam/caller.ts';
import type { Handled } from '../cos/answer-cos.ts';
import { DIFFERENCE_HEADER } from '../cos/authenticate.ts';
import { ALLOW_WITH_HEADER, DENIED_HEADER } from '../cos/authorise.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import { redactedPath, redactedText, redactedUrl } from '../server/redacted-request.ts';
import type { LoggedRequest } from '../server/request-log.ts';

/** What the log says of a request. */
export function loggedRequest(
  handled: Handled,
  incoming: Incoming,
  durationMs: number,
): LoggedRequest {
  const { answer, operation, bucket, key, caller, error, effect } = handled;
  return {
    id: incoming.id,
    at: incoming.at,
    method: incoming.method,
    host: short(incoming.headers['host'] ?? ''),
    path: short(redactedPath(incoming.rawPath, incoming.rawQuery)),
    operation,
    ...(bucket !== undefined && { bucket: short(bucket) }),
    ...(key !== undefined && { key: redactedUrl(key) }),
    signedBy: error && caller.is === 'anonymous' ? claimedBy(incoming) : callerName(caller),
    status: answer.status,
    ...(error && { code: error.code, ...whyNot(error.headers) }),
    ...(effect && { fault: effect.effect }),
    durationMs: Math.round(durationMs * 100) / 100,
    bytesIn: incoming.body.length ?? 0,
    bytesOut: incoming.method === 'HEAD' ? 0 : lengthOf(answer),
  };
}

/** Whose keys a refused request claims to be signed with, which nothing proves. */
function claimedBy(incoming: Incoming): string {
  try {
    const isCall = incoming.headers['authorization']?.startsWith('TC3-') ?? false;
    const { secretId } = (isCall ? readTc3(incoming) : readSignature(incoming)) ?? {};
    if (secretId === undefined) return 'anonymous';
    return `unproven ${SECRET_ID.test(secretId) ? secretId : '…'}`;
  } catch {
    // A signature that cannot be read names nobody; the answer says what is wrong with it.
    return 'anonymous';
  }
}

function lengthOf({ headers, body }: Answer): number {
  const length = headers['Content-Length'];
  if (typeof length === 'number') return length;
  return typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : 0;
}

function whyNot(headers: Readonly<Record<string, string>>) {
  const denied = headers[DENIED_HEADER];
  const allowWith = headers[ALLOW_WITH_HEADER];
  const difference = headers[DIFFERENCE_HEADER];
  return {
    ...(denied && { denied: redactedText(denied) }),
    ...(allowWith && { allowWith: redactedText(allowWith) }),
    ...(difference && { difference: redactedText(difference) }),
  };
}

/** So that a thousand requests of the longest kind do not fill the memory. */
const LONGEST = 4096;
/** Anything else may be made to look like something else in a log. */
const SECRET_ID = /^[\w.-]{1,128}$/;

function short(text: string): string {
  if (text.length <= LONGEST) return text;
  // A copy: a slice would keep all of the text.
  return `${Buffer.from(text.slice(0, LONGEST))}…`;
}
