import { createHash, createHmac } from 'node:crypto';
import { HOST, KEYS } from '../engine-for-tests.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';

// The signature as the service documents it, step by step and apart from the project's own signer,
// so that a mistake the signer and the engine share is found here.

type Pairs = Readonly<Record<string, string>>;

export interface Signed {
  readonly method: string;
  /** Decoded, with the leading slash. */
  readonly path: string;
  readonly query?: Pairs;
  readonly headers?: Pairs;
  readonly keys?: { readonly secretId: string; readonly secretKey: string };
  /** In Unix seconds. */
  readonly from?: number;
  readonly until?: number;
}

/** What can be done differently on purpose: what real clients do, and what they get wrong. */
export interface Oddities {
  readonly httpString?: (text: string) => string;
  readonly stringToSign?: (text: string) => string;
  readonly signKey?: (key: string, keyTime: string, secretKey: string) => string | Buffer;
  readonly headerList?: string;
  readonly parameterList?: string;
}

export interface HandSignature {
  /** The seven fields joined by `&`. */
  readonly text: string;
  readonly httpString: string;
}

export function signByHand(signed: Signed, odd: Oddities = {}): HandSignature {
  const { method, path, query = {}, headers = {}, keys = KEYS } = signed;
  const now = Math.floor(Date.now() / 1000);
  const keyTime = `${signed.from ?? now - 60};${signed.until ?? now + 900}`;
  const parameters = listOf(query);
  const names = listOf(headers);
  const lines = [method.toLowerCase(), path, parameters.pairs, names.pairs, ''].join('\n');
  const httpString = odd.httpString?.(lines) ?? lines;
  const plain = ['sha1', keyTime, createHash('sha1').update(httpString).digest('hex'), ''].join(
    '\n',
  );
  const stringToSign = odd.stringToSign?.(plain) ?? plain;
  const hex = hmac(keys.secretKey, keyTime);
  const signKey = odd.signKey?.(hex, keyTime, keys.secretKey) ?? hex;
  const text = [
    'q-sign-algorithm=sha1',
    `q-ak=${keys.secretId}`,
    `q-sign-time=${keyTime}`,
    `q-key-time=${keyTime}`,
    `q-header-list=${odd.headerList ?? names.keys}`,
    `q-url-param-list=${odd.parameterList ?? parameters.keys}`,
    `q-signature=${hmac(signKey, stringToSign)}`,
  ].join('&');
  return { text, httpString };
}

/** A request that is not signed, and the signature it should have had, in a header. */
export interface ToSend extends Omit<Signed, 'headers'> {
  readonly host?: string;
  /** Signed, all of them; `host` comes on its own. */
  readonly headers?: Pairs;
  /** Sent, and left out of the signature. */
  readonly unsigned?: Pairs;
  readonly body?: string | Uint8Array;
  readonly anonymous?: boolean;
}

/** Sends a request signed by hand, with path and query escaped as the official clients do. */
export function sendByHand(port: number, sent: ToSend, odd: Oddities = {}): Promise<RawAnswer> {
  const { host = HOST, headers = {}, unsigned = {}, query = {}, body } = sent;
  const signature = signByHand({ ...sent, headers: { host, ...headers } }, odd);
  const parameters = Object.entries(query)
    .map(([name, value]) => (value === '' ? escaped(name) : `${escaped(name)}=${escaped(value)}`))
    .join('&');
  const path = escaped(sent.path).replaceAll('%2F', '/');
  return rawRequest(port, {
    line: `${sent.method} ${path}${parameters === '' ? '' : `?${parameters}`}`,
    headers: {
      Host: host,
      ...headers,
      ...unsigned,
      ...(!sent.anonymous && { Authorization: signature.text }),
    },
    ...(body !== undefined && { body }),
  });
}

/** Only letters, digits and `-_.~` stay as they are. */
export function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function listOf(values: Pairs): { readonly keys: string; readonly pairs: string } {
  const encoded = Object.entries(values)
    .map(([name, value]) => ({ key: escaped(name).toLowerCase(), value: escaped(value) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  return {
    keys: encoded.map(({ key }) => key).join(';'),
    pairs: encoded.map(({ key, value }) => `${key}=${value}`).join('&'),
  };
}

function hmac(key: string | Buffer, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex');
}
