import { Fault } from '../core/fault.ts';
import { illegalIn } from './xml-text.ts';

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 100_000;
const MAX_TEXT = 256 * 1024;
const MAX_TAG = 4096;

/** Some answers start with white space that kept the line open; the declaration says nothing new. */
const PROLOGUE = /^[ \t\r\n]*(?:<\?xml[ \t\r\n][^?<>]{0,200}\?>)?/;
const NAME = /(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*/y;
const WHITE = /[ \t\r\n]*/y;

/**
 * The markup of a document worth building: every tag closed by its own name, nothing deeper or
 * larger than our bounds, no DOCTYPE, no processing instruction.
 *
 * The parser that builds the tree checks none of this (it does not even compare the names of
 * tags) and spends memory per character of a text, so one linear look comes first.
 */
export function guardXml(text: string): string {
  const illegal = illegalIn(text);
  if (illegal) throw unreadable(`XML holds ${illegal.says}`, illegal.at);

  const markup = text.slice(PROLOGUE.exec(text)?.[0].length ?? 0);
  const open: string[] = [];
  let elements = 0;
  let at = 0;
  while (at < markup.length) {
    const start = markup.indexOf('<', at);
    guardText(markup, at, start === -1 ? markup.length : start, open.length > 0);
    if (start === -1) break;
    if (markup.startsWith('<!--', start)) {
      at = after('-->', markup, start + 4);
    } else if (markup.startsWith('<![CDATA[', start)) {
      at = after(']]>', markup, start + 9);
      guardText(markup, start, at, open.length > 0);
    } else if (markup.startsWith('</', start)) {
      at = closing(markup, start, open.pop());
    } else {
      const { name, end, empty } = opening(markup, start);
      if (open.length === 0 && elements > 0) throw unreadable('XML has a second root', start);
      if (!empty) open.push(name);
      elements += 1;
      if (open.length > MAX_DEPTH) throw tooLarge('deep', MAX_DEPTH);
      if (elements > MAX_ELEMENTS) throw tooLarge('many elements', MAX_ELEMENTS);
      at = end + 1;
    }
  }
  if (elements === 0) throw unreadable('XML has no root', 0);
  if (open.length > 0) throw unreadable(`<${brief(open.at(-1))}> is not closed`, markup.length);
  return markup;
}

function guardText(markup: string, from: number, to: number, inside: boolean): void {
  if (to - from > MAX_TEXT) throw tooLarge('long a text', MAX_TEXT);
  if (inside || from === to) return;
  if (afterWhite(markup, from) < to) throw unreadable('XML has text outside its root', from);
}

function afterWhite(markup: string, from: number): number {
  WHITE.lastIndex = from;
  WHITE.exec(markup);
  return WHITE.lastIndex;
}

function after(closer: string, markup: string, from: number): number {
  const at = markup.indexOf(closer, from);
  if (at === -1) throw unreadable(`XML has no ${closer} for what it opened`, from);
  return at + closer.length;
}

function closing(markup: string, start: number, name: string | undefined): number {
  const found = nameAt(markup, start + 2);
  if (found !== name) {
    throw unreadable(`<${brief(name)}> is closed by </${brief(found)}>`, start);
  }
  const end = afterWhite(markup, start + 2 + found.length);
  if (markup[end] !== '>') throw unreadable(`</${brief(found)} does not end`, start);
  return end + 1;
}

function opening(markup: string, start: number): { name: string; end: number; empty: boolean } {
  const name = nameAt(markup, start + 1);
  const end = endOfTag(markup, start);
  const empty = markup[end - 1] === '/';
  const rest = start + 1 + name.length;
  if (rest !== end - (empty ? 1 : 0) && !' \t\r\n'.includes(markup[rest] ?? '')) {
    throw unreadable(`XML has no element name at ${start}`, start);
  }
  return { name, end, empty };
}

function nameAt(markup: string, at: number): string {
  NAME.lastIndex = at;
  const name = NAME.exec(markup)?.[0];
  if (name !== undefined) return name;
  throw unreadable(
    markup.startsWith('!DOCTYPE', at) ? 'A DOCTYPE is refused' : `XML has no element name at ${at}`,
    at,
  );
}

/** Where the tag that starts here ends: a `>` inside quotes does not end it. */
function endOfTag(markup: string, start: number): number {
  let quote = '';
  const limit = Math.min(markup.length, start + MAX_TAG);
  for (let at = start + 1; at < limit; at += 1) {
    const character = markup[at] ?? '';
    if (character === '<') break;
    if (character === quote) quote = '';
    else if (quote !== '') continue;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  throw unreadable('A tag of XML does not end', start);
}

function brief(name: string | undefined): string {
  return name === undefined ? '' : name.slice(0, 60);
}

function unreadable(message: string, at: number): Fault {
  return new Fault('XML_UNREADABLE', message, { detail: { at } });
}

function tooLarge(what: string, limit: number): Fault {
  return new Fault('INPUT_TOO_LARGE', `XML is too ${what}, we read ${limit}`, {
    detail: { limit },
  });
}
