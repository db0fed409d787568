import { encodePath, percentEncode } from './percent.ts';
import { httpStringOf, signatureOf, stringToSignOf } from './signature-hash.ts';

export interface Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  /** Comes with temporary keys. */
  readonly token?: string | undefined;
}

/** When a signature is valid, in Unix seconds. */
export interface TimeWindow {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** The parts of a request that its signature covers. */
export interface Unsigned {
  readonly method: string;
  /** Not encoded, with its leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const SIGNED_HEADERS = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-type',
  'expect',
  'expires',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'origin',
  'pic-operations',
  'range',
  'transfer-encoding',
]);

/** The headers of a request that belong into its signature: those the official SDKs sign. */
export function headersToSign(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (SIGNED_HEADERS.has(name) || /x-c(?:os|i)-/.test(name)) signed[given] = value;
  }
  return signed;
}

/**
 * The `Authorization` value for a COS or Cloud Infinite request; all given parameters and headers are
 * signed. Pure: the time comes in as a window.
 */
export function authorization(
  { method, path, query = {}, headers = {} }: Unsigned,
  { secretId, secretKey }: Credentials,
  { fromSeconds, untilSeconds }: TimeWindow,
): string {
  const time = `${fromSeconds};${untilSeconds}`;
  const parameters = canonical(query);
  const signed = canonical(headers);
  const httpString = httpStringOf({
    method: method.toLowerCase(),
    path,
    parameters: parameters.pairs,
    headers: signed.pairs,
  });
  const signature = signatureOf(stringToSignOf(httpString, time), time, secretKey);
  return `q-sign-algorithm=sha1&q-ak=${secretId}&q-sign-time=${time}&q-key-time=${time}&q-header-list=${signed.list}&q-url-param-list=${parameters.list}&q-signature=${signature}`;
}

/**
 * An address that carries its own signature. `base` is what stands before the path, such as
 * `https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com`; whoever uses the address has to
 * send the signed headers as they were given.
 */
export function presign(
  base: string,
  request: Unsigned,
  credentials: Credentials,
  window: TimeWindow,
): string {
  const signed = authorization(request, credentials, window);
  const token = credentials.token
    ? `&x-cos-security-token=${percentEncode(credentials.token)}`
    : '';
  const query = sorted(request.query ?? {})
    .map(({ name, value }) => `&${name}=${value}`)
    .join('');
  return `${base}${encodePath(request.path)}?${signed}${token}${query}`;
}

interface Canonical {
  /** The names, joined by `;`. */
  readonly list: string;
  readonly pairs: string;
}

function canonical(record: Readonly<Record<string, string>>): Canonical {
  let list = '';
  let pairs = '';
  for (const { key, value } of sorted(record)) {
    list += list === '' ? key : `;${key}`;
    pairs += pairs === '' ? `${key}=${value}` : `&${key}=${value}`;
  }
  return { list, pairs };
}

interface Encoded {
  readonly name: string;
  /** The name as it is signed and sorted by: in lower case with its escapes. */
  readonly key: string;
  readonly value: string;
}

function sorted(record: Readonly<Record<string, string>>): Encoded[] {
  const encoded = Object.entries(record).map(([given, value]) => {
    const name = percentEncode(given);
    return { name, key: name.toLowerCase(), value: percentEncode(value) };
  });
  return encoded.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}
