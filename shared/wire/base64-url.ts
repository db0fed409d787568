import { Fault } from '../core/fault.ts';

/** Masks are small; the body of an event, which may come like this too, has at most 6 MB. */
const MAX_ENCODED = 8 * 1024 * 1024;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LETTERS = new TextEncoder().encode(ALPHABET);
const NO_LETTER = 0xff;
const VALUES = valuesOf(`${ALPHABET}+/`);

const encoder = new TextEncoder();
/** A byte order mark is text like any other here, so it is kept. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 text in the URL-safe Base64 of the service: `-` and `_`, no padding. */
export function writeBase64Url(text: string): string {
  if (/\p{Surrogate}/u.test(text)) {
    throw new Fault('PARAMETER_INVALID', 'Half a surrogate pair is no text and has no Base64');
  }
  const bytes = encoder.encode(text);
  const letters = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let to = 0;
  for (let from = 0; from < bytes.length; from += 3) {
    const three = (at(bytes, from) << 16) | (at(bytes, from + 1) << 8) | at(bytes, from + 2);
    // What is written past the end of a typed array is dropped: that is the missing padding.
    for (let shift = 18; shift >= 0; shift -= 6) letters[to++] = at(LETTERS, (three >> shift) & 63);
  }
  return decoder.decode(letters);
}

/** The text again. Both alphabets are read, with or without padding, because samples show each. */
export function readBase64Url(encoded: string): string {
  if (encoded.length > MAX_ENCODED) {
    throw new Fault('INPUT_TOO_LARGE', `A Base64 value has ${encoded.length} characters`, {
      detail: { length: encoded.length, most: MAX_ENCODED },
    });
  }
  const letters = encoded.length % 4 === 0 ? encoded.replace(/={1,2}$/, '') : encoded;
  if (letters.length % 4 === 1) throw unreadable('it is cut off');

  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let from = 0; from < letters.length; from++) {
    const value = VALUES[letters.charCodeAt(from)] ?? NO_LETTER;
    if (value === NO_LETTER) throw unreadable(`character ${from + 1} does not belong there`);
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[to++] = bits >> held;
    }
  }
  if ((bits & ((1 << held) - 1)) !== 0) throw unreadable('it is cut off');
  return textOf(bytes);
}

function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw unreadable('it holds no UTF-8 text', cause);
  }
}

function unreadable(why: string, cause?: unknown): Fault {
  return new Fault('PARAMETER_INVALID', `A Base64 value cannot be read: ${why}`, { cause });
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/** By character code; the last two letters stand for the same as `-` and `_`. */
function valuesOf(letters: string): Uint8Array {
  const values = new Uint8Array(128).fill(NO_LETTER);
  for (let index = 0; index < letters.length; index++) {
    values[letters.charCodeAt(index)] = index < 64 ? index : index - 2;
  }
  return values;
}
