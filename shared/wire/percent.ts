import { Fault } from '../core/fault.ts';

const MAX_LENGTH = 64 * 1024;
const MAX_PARAMETERS = 1000;

const NEVER_ENCODED = /^[A-Za-z0-9\-_.~]*$/;
const ALSO_ENCODED = /[!'()*]/;
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** Every byte of UTF-8 escaped, in upper case, but letters, digits and `-_.~`. */
export function percentEncode(text: string): string {
  if (NEVER_ENCODED.test(text)) return text;
  const encoded = encodeWhatUriAllows(text);
  if (!ALSO_ENCODED.test(encoded)) return encoded;
  return encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As `percentEncode`, with the slashes of the path left as they are. */
export function encodePath(path: string): string {
  return percentEncode(path).replaceAll('%2F', '/');
}

/**
 * The path of a request line, decoded once. A raw `+` is a space, as the service reads it, for the
 * key and for the signature; `%2B` is a plus and `%2F` is a slash like any other.
 */
export function decodePath(rawPath: string): string {
  return decode(rawPath.replaceAll('+', ' '), 'path');
}

export interface QueryParameter {
  readonly name: string;
  /** Empty when there is no value: `?acl` and `?acl=` say the same. */
  readonly value: string;
}

/**
 * The parameters of a query, in their order, with those that come twice. Empty pieces, such as the
 * ones a stray `&` makes, are left out.
 */
export function readQuery(rawQuery: string): QueryParameter[] {
  const parameters: QueryParameter[] = [];
  if (rawQuery === '') return parameters;
  if (rawQuery.length > MAX_LENGTH) throw tooLong('query', rawQuery);
  const pieces = rawQuery.split('&', MAX_PARAMETERS + 1);
  if (pieces.length > MAX_PARAMETERS) {
    throw new Fault('INPUT_TOO_LARGE', `A query has more than ${MAX_PARAMETERS} parameters`);
  }
  for (const piece of pieces) {
    if (piece === '') continue;
    const end = piece.indexOf('=');
    const name = decodeForm(end === -1 ? piece : piece.slice(0, end));
    const rawValue = end === -1 ? '' : piece.slice(end + 1);
    const value = keepsPlus(name) ? decode(rawValue, 'query') : decodeForm(rawValue);
    parameters.push({ name, value });
  }
  return parameters;
}

/**
 * The text behind header values and request lines as Node shows them, one character for each byte.
 * What is not UTF-8 is taken to be the characters it looks like.
 */
export function utf8Text(shown: string): string {
  if (!/[\x80-\xff]/.test(shown) || /[^\x00-\xff]/.test(shown)) return shown;
  const bytes = Uint8Array.from(shown, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return shown;
  }
}

/** Tokens are Base64, and the Node SDK appends them to signed addresses without escaping them. */
function keepsPlus(name: string): boolean {
  return name === 'x-cos-security-token' || name === 'x-ci-security-token';
}

function decodeForm(raw: string): string {
  return decode(raw.includes('+') ? raw.replaceAll('+', ' ') : raw, 'query');
}

function decode(raw: string, part: 'path' | 'query'): string {
  if (raw.length > MAX_LENGTH) throw tooLong(part, raw);
  if (!/[^\x00-\x24\x26-\x7f]/.test(raw)) return raw;
  const text = utf8Text(raw);
  if (HALF_A_CHARACTER.test(text)) throw unreadable(part, raw);
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw unreadable(part, raw, cause);
  }
}

function encodeWhatUriAllows(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    throw new Fault('URL_UNREADABLE', 'Half of a surrogate pair cannot be written as UTF-8', {
      cause,
    });
  }
}

function unreadable(part: 'path' | 'query', raw: string, cause?: unknown): Fault {
  return new Fault('URL_UNREADABLE', `The ${part} "${raw.slice(0, 200)}" is not validly encoded`, {
    hint: 'Write every byte of UTF-8 that is not a letter or digit as %XX, and a percent sign as %25.',
    cause,
  });
}

function tooLong(part: 'path' | 'query', raw: string): Fault {
  return new Fault('INPUT_TOO_LARGE', `A ${part} of ${raw.length} is longer than ${MAX_LENGTH}`, {
    detail: { length: raw.length, maxLength: MAX_LENGTH },
  });
}
