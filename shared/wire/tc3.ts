import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { Fault } from '../core/fault.ts';
import type { Credentials } from './signature.ts';

// The signature of Tencent Cloud's account APIs, among them those that deploy functions.

const ALGORITHM = 'TC3-HMAC-SHA256';
const SKEW_SECONDS = 5 * 60;
const ALWAYS_SIGNED = ['content-type', 'host'];
const MAX_LENGTH = 16 * 1024;

/** The parts of a call that its signature covers. */
export interface Tc3Call {
  readonly method: string;
  /** As on the request line. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** What a client says it signed. Nothing of it is proven yet. */
export interface ClaimedTc3 {
  readonly secretId: string;
  /** The UTC date its key was made for. */
  readonly date: string;
  readonly service: string;
  readonly timestampSeconds: number;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly token: string | undefined;
}

export type Tc3Verdict =
  | { readonly status: 'ok' }
  | { readonly status: 'skewed'; readonly timestampSeconds: number }
  | { readonly status: 'other-date'; readonly expected: string }
  | { readonly status: 'unsigned-headers'; readonly missing: readonly string[] }
  | {
      readonly status: 'mismatch';
      readonly stringToSign: string;
      readonly canonicalRequest: string;
    };

/** The `Authorization` value for a call; all given headers are signed, their names in lower case. */
export function tc3Authorization(
  call: Tc3Call,
  { secretId, secretKey }: Credentials,
  { service, timestampSeconds }: { readonly service: string; readonly timestampSeconds: number },
): string {
  const signedHeaders = Object.keys(call.headers).sort();
  const date = dateOf(timestampSeconds);
  const scope = { date, service, timestampSeconds };
  const text = stringToSignOf(canonicalRequestOf(call, signedHeaders), scope);
  const signature = signatureOf(text, scope, secretKey);
  return `${ALGORITHM} Credential=${secretId}/${date}/${service}/tc3_request, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
}

/** The signature a call claims to have, or `undefined` when it has none. */
export function readTc3({ headers }: Pick<Tc3Call, 'headers'>): ClaimedTc3 | undefined {
  const text = headerOf(headers, 'authorization');
  if (text === '') return undefined;
  if (text.length > MAX_LENGTH) {
    throw new Fault(
      'INPUT_TOO_LARGE',
      `A signature of ${text.length} is longer than ${MAX_LENGTH}`,
    );
  }
  if (!text.startsWith(`${ALGORITHM} `)) throw unreadable(`is not ${ALGORITHM}`);
  const fields = new Map(
    text
      .slice(ALGORITHM.length)
      .split(',')
      .map((piece) => {
        const end = piece.indexOf('=');
        return [piece.slice(0, end).trim(), piece.slice(end + 1).trim()] as const;
      }),
  );
  const [secretId, date, service, end, ...more] = (fields.get('Credential') ?? '').split('/');
  if (!secretId || !date || !service || end !== 'tc3_request' || more.length > 0) {
    throw unreadable('has no Credential=<SecretId>/<date>/<service>/tc3_request');
  }
  const signedHeaders = fields.get('SignedHeaders');
  if (!signedHeaders) throw unreadable('has no SignedHeaders');
  const signature = fields.get('Signature');
  if (!signature) throw unreadable('has no Signature');
  const timestamp = headerOf(headers, 'x-tc-timestamp');
  if (!/^\d{1,11}$/.test(timestamp)) throw unreadable(`has the X-TC-Timestamp "${timestamp}"`);

  return {
    secretId,
    date,
    service,
    timestampSeconds: Number(timestamp),
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
    token: headerOf(headers, 'x-tc-token') || undefined,
  };
}

/** Whether a call was signed with this key, over the headers the client lists. */
export function verifyTc3(
  call: Tc3Call,
  claimed: ClaimedTc3,
  secretKey: string,
  nowMs: number,
): Tc3Verdict {
  const { timestampSeconds, signedHeaders } = claimed;
  if (Math.abs(nowMs / 1000 - timestampSeconds) > SKEW_SECONDS) {
    return { status: 'skewed', timestampSeconds };
  }
  const expected = dateOf(timestampSeconds);
  if (claimed.date !== expected) return { status: 'other-date', expected };
  const missing = ALWAYS_SIGNED.filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) return { status: 'unsigned-headers', missing };

  const canonicalRequest = canonicalRequestOf(call, signedHeaders);
  const stringToSign = stringToSignOf(canonicalRequest, claimed);
  const right = Buffer.from(signatureOf(stringToSign, claimed, secretKey));
  const given = Buffer.from(claimed.signature);
  return right.length === given.length && timingSafeEqual(right, given)
    ? { status: 'ok' }
    : { status: 'mismatch', stringToSign, canonicalRequest };
}

interface Scope {
  readonly date: string;
  readonly service: string;
  readonly timestampSeconds: number;
}

function canonicalRequestOf(call: Tc3Call, signedHeaders: readonly string[]): string {
  const lines = signedHeaders.map(
    (name) => `${name}:${headerOf(call.headers, name).trim().toLowerCase()}\n`,
  );
  return [
    call.method.toUpperCase(),
    call.rawPath,
    call.rawQuery,
    lines.join(''),
    signedHeaders.join(';'),
    hash('sha256', call.body),
  ].join('\n');
}

function stringToSignOf(canonicalRequest: string, { date, service, timestampSeconds }: Scope) {
  const hashed = hash('sha256', canonicalRequest);
  return `${ALGORITHM}\n${timestampSeconds}\n${date}/${service}/tc3_request\n${hashed}`;
}

function signatureOf(text: string, { date, service }: Scope, secretKey: string): string {
  const hmac = (key: string | Buffer, message: string) => createHmac('sha256', key).update(message);
  const dateKey = hmac(`TC3${secretKey}`, date).digest();
  const serviceKey = hmac(dateKey, service).digest();
  return hmac(hmac(serviceKey, 'tc3_request').digest(), text).digest('hex');
}

function dateOf(timestampSeconds: number): string {
  return new Date(timestampSeconds * 1000).toISOString().slice(0, 10);
}

function headerOf(headers: Tc3Call['headers'], name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}

function unreadable(what: string): Fault {
  return new Fault('SIGNATURE_UNREADABLE', `The signature of a call ${what.slice(0, 200)}`, {
    hint: `It reads: ${ALGORITHM} Credential=<SecretId>/<date>/<service>/tc3_request, SignedHeaders=content-type;host, Signature=<hex>`,
  });
}
