import { Fault } from '../core/fault.ts';

/** A request as it came, before anything was normalised. */
export interface SentRequest {
  readonly method: string;
  /** As on the request line, up to the question mark. */
  readonly rawPath: string;
  /** As on the request line, after the question mark. */
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Raw paths the client may have signed instead, such as the one without the bucket in front. */
  readonly otherPaths?: readonly string[];
}

/** What a client says it signed, and with which key. Nothing of it is proven yet. */
export interface ClaimedSignature {
  readonly place: 'header' | 'query' | 'sign-parameter';
  readonly secretId: string;
  /** `<from>;<until>`: hashed into the signature, and how long it is valid. */
  readonly signTime: string;
  /** `<from>;<until>`: hashed into the key. Every SDK sends the same times twice. */
  readonly keyTime: string;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  /** As sent: how often it is encoded differs, see `listedNames`. */
  readonly headerList: string;
  readonly parameterList: string;
  readonly signature: string;
  /** The token of a temporary key. */
  readonly token: string | undefined;
}

const MAX_LENGTH = 64 * 1024;
const ALGORITHM = 'q-sign-algorithm=';
const TIMES = /^(\d{1,15});(\d{1,15})$/;
const TOKENS = ['x-cos-security-token', 'x-ci-security-token'] as const;

/**
 * The signature a request claims to have, or `undefined` when it is anonymous. It stands in the
 * `Authorization` header, in `q-` parameters of the query, or whole in the parameter `sign`.
 */
export function readSignature(request: SentRequest): ClaimedSignature | undefined {
  const header = headerOf(request, 'authorization');
  const { rawQuery } = request;
  refuseOver(MAX_LENGTH, header ?? '', rawQuery);
  if (header?.includes(ALGORITHM)) return claimed('header', header, request);
  if (rawQuery.includes(ALGORITHM)) return claimed('query', rawQuery, request);
  const wrapped = rawQuery.includes('sign=') ? signParameter(rawQuery) : undefined;
  if (wrapped !== undefined) return claimed('sign-parameter', wrapped, request);

  if (header) throw unreadable('is none we know: its Authorization has no q-sign-algorithm');
  return undefined;
}

/** As SDKs write it, nothing of it encoded: read in one go, for nearly all are like this. */
const USUAL =
  /^q-sign-algorithm=sha1&q-ak=([^&%]+)&q-sign-time=((\d{1,15});(\d{1,15}))&q-key-time=(\d{1,15};\d{1,15})&q-header-list=([^&]*)&q-url-param-list=([^&]*)&q-signature=([^&%]+)$/;

function claimed(
  place: ClaimedSignature['place'],
  text: string,
  request: SentRequest,
): ClaimedSignature {
  const usual = USUAL.exec(text);
  if (!usual) return claimedInAnyOrder(place, text, request);
  return {
    place,
    secretId: usual[1] ?? '',
    signTime: usual[2] ?? '',
    keyTime: usual[5] ?? '',
    fromSeconds: Number(usual[3]),
    untilSeconds: Number(usual[4]),
    headerList: usual[6] ?? '',
    parameterList: usual[7] ?? '',
    signature: usual[8] ?? '',
    token: tokenOf(request, NO_FIELDS),
  };
}

const NO_FIELDS: ReadonlyMap<string, string> = new Map();

function claimedInAnyOrder(
  place: ClaimedSignature['place'],
  text: string,
  request: SentRequest,
): ClaimedSignature {
  const fields = fieldsOf(text);
  const algorithm = decodeOnce(fields.get('q-sign-algorithm') ?? '');
  if (algorithm !== 'sha1') throw unreadable(`names the algorithm "${algorithm}", not sha1`);

  const signTime = decodeOnce(required(fields, 'q-sign-time'));
  const [, from, until] = TIMES.exec(signTime) ?? [];
  if (from === undefined || until === undefined) throw unreadable(`has the time "${signTime}"`);
  const keyTime = decodeOnce(required(fields, 'q-key-time'));
  if (!TIMES.test(keyTime)) throw unreadable(`has the key time "${keyTime}"`);

  return {
    place,
    secretId: decodeOnce(required(fields, 'q-ak')),
    signTime,
    keyTime,
    fromSeconds: Number(from),
    untilSeconds: Number(until),
    headerList: fields.get('q-header-list') ?? '',
    parameterList: fields.get('q-url-param-list') ?? '',
    signature: decodeOnce(required(fields, 'q-signature')),
    token: tokenOf(request, fields),
  };
}

/** The fields as they stand. Where one comes twice the first counts: what follows was appended. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let equals = -1;
  for (let start = 0; start < text.length; ) {
    const end = indexOrEnd(text, '&', start);
    // Looked for once, also where a thousand pieces without one come before it.
    if (equals < start) equals = indexOrEnd(text, '=', start);
    if (equals < end) {
      const name = text.slice(start, equals).trim();
      if (!fields.has(name)) fields.set(name, text.slice(equals + 1, end));
    }
    start = end + 1;
  }
  return fields;
}

function indexOrEnd(text: string, sign: string, from: number): number {
  const index = text.indexOf(sign, from);
  return index === -1 ? text.length : index;
}

/** Old style of the Go and PHP clients: the whole `Authorization` value as one parameter. */
function signParameter(rawQuery: string): string | undefined {
  let text = fieldsOf(rawQuery).get('sign') ?? '';
  for (let times = 0; times < 2 && !text.includes(ALGORITHM); times++) text = decodeOnce(text);
  return text.includes(ALGORITHM) ? text : undefined;
}

/** A token in the query is decoded without reading `+` as a space: the Node SDK does not escape it. */
function tokenOf(request: SentRequest, fields: ReadonlyMap<string, string>): string | undefined {
  for (const name of TOKENS) {
    const sent = headerOf(request, name);
    if (sent) return sent;
  }
  const inQuery = request.rawQuery.includes('security-token=')
    ? fieldsOf(request.rawQuery)
    : fields;
  for (const name of TOKENS) {
    const sent = inQuery.get(name) ?? fields.get(name);
    if (sent) return decodeOnce(sent);
  }
  return undefined;
}

/** One header's value; several are joined as HTTP allows. */
export function headerOf({ headers }: SentRequest, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

/** Percent-decoded once, or as it stands where that cannot be done. */
export function decodeOnce(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refuseOver(maxLength: number, ...texts: readonly string[]): void {
  for (const { length } of texts) {
    if (length <= maxLength) continue;
    throw new Fault(
      'INPUT_TOO_LARGE',
      `A signature or query of ${length} is longer than ${maxLength}`,
    );
  }
}

function required(fields: Map<string, string>, name: string): string {
  const value = fields.get(name);
  if (!value) throw unreadable(`has no ${name}`);
  return value;
}

function unreadable(what: string): Fault {
  return new Fault('SIGNATURE_UNREADABLE', `The signature of a request ${what.slice(0, 200)}`, {
    hint: 'It has q-sign-algorithm, q-ak, q-sign-time, q-key-time, q-header-list, q-url-param-list and q-signature, joined by &.',
  });
}
