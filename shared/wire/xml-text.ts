import { Fault } from '../core/fault.ts';

/** What XML 1.0 cannot hold in any spelling: control characters, lone surrogates, U+FFFE, U+FFFF. */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const EVERY_ILLEGAL = new RegExp(ILLEGAL, 'gu');

/** Most text is plain and needs none of the slower looks. */
const NOT_PLAIN = /[^ !#-%'-;=?-~]/;
const MAYBE_ILLEGAL = /[^\t\n\r -~]/;

const SPECIAL = /[&<>"\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;', // a bare one would be read back as a line feed
};

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#x([0-9a-fA-F]{1,6})|#([0-9]{1,7}));|&/g;

const PREDEFINED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Where text stops being XML 1.0 and why, or `undefined` when all of it is. */
export function illegalIn(text: string): { at: number; says: string } | undefined {
  const at = text.search(ILLEGAL);
  if (at === -1) return undefined;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return { at, says: `U+${code} at ${at}` };
}

/**
 * Text as it stands between two tags. XML 1.0 has no spelling for control characters, not even
 * `&#1;`, so text that holds one is refused instead of making a document nobody can read: a list
 * with such a key can only be given with `encoding-type=url`.
 */
export function escapeXml(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  if (MAYBE_ILLEGAL.test(text)) refuseIllegal(text);
  return text.replace(SPECIAL, (character) => ESCAPES[character] ?? character);
}

function refuseIllegal(text: string): void {
  const illegal = illegalIn(text);
  if (!illegal) return;
  throw new Fault('XML_UNWRITABLE', `XML cannot carry ${illegal.says} of a text`, {
    detail: { at: illegal.at },
    hint: 'Keys like this can be listed with encoding-type=url.',
  });
}

/** A text XML can carry, close to this one: for an error that quotes what cannot be quoted. */
export function legalXml(text: string): string {
  return illegalIn(text) ? text.replace(EVERY_ILLEGAL, '\uFFFD') : text;
}

/** The text meant by what stands between two tags: five names and numbers, no other entity. */
export function unescapeXml(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(REFERENCE, (whole, name?: string, hex?: string, decimal?: string) => {
    if (name !== undefined) return PREDEFINED[name] ?? '';
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
    if (character === '' || ILLEGAL.test(character)) {
      throw new Fault('XML_UNREADABLE', `XML knows no character or entity "${whole}"`);
    }
    return character;
  });
}
