import type { SignedField } from './signature-view.ts';

const LONG = 60;
const SECRET = /token|authorization|-key/;

/** In words, how the value that was signed differs from the one that came. Secrets are not shown. */
export function differenceOf(noun: string, field: SignedField, signed: string): string {
  const { key, value, present } = field;
  if (isSecret(key)) return `the ${noun} ${key} was signed with another value than it came with`;
  if (!present) {
    return `the client signed the ${noun} ${key} as ${shown(signed)}, but the request does not have it`;
  }
  if (signed.length <= LONG && value.length <= LONG) {
    return `the client signed the ${noun} ${key} as ${shown(signed)}, but it came as ${shown(value)}`;
  }
  const at = firstDifference(signed, value);
  const byte = Buffer.byteLength(value.slice(0, at));
  return `the ${noun} ${key} differs at byte ${byte}: the client signed ${quoted(signed.slice(at))}, but it came as ${quoted(value.slice(at))}`;
}

/** A text in quotes, cut when it is long. */
export function quoted(text: string, maxLength = LONG): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}

/** Whether a header or parameter holds what nobody may read in a log. */
export function isSecret(key: string): boolean {
  return SECRET.test(key);
}

function shown(text: string): string {
  return text === '' ? 'empty' : quoted(text);
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}
