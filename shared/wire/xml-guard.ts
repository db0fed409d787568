import { Fault } from '../core/fault.ts';
import { illegalIn } from './xml-text.ts';

const MAX_DEPTH = 32;
/** Elements, and sections of CDATA as well. */
const MAX_NODES = 100_000;
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
export function guardXml(document: string): string {
  const illegal = illegalIn(document);
  if (illegal) throw unreadable(`XML holds ${illegal.says}`, illegal.at);

  const markup = document.slice(PROLOGUE.exec(document)?.[0].length ?? 0);
  const open: string[] = [];
  let nodes = 0;
  let text = 0;
  let at = 0;
  while (at < markup.length) {
    const start = markup.indexOf('<', at);
    const end = start === -1 ? markup.length : start;
    if (open.length === 0 && afterWhite(markup, at) < end) {
      throw unreadable('XML has text outside its root', at);
    }
    text += end - at;
    if (text > MAX_TEXT) throw tooLarge('has too long a text', MAX_TEXT);
    if (start === -1) break;
    if (markup.startsWith('<!--', start)) {
      at = after('-->', markup, start + 4);
    } else if (markup.startsWith('<![CDATA[', start) && open.length > 0) {
      at = after(']]>', markup, start + 9);
      text += at - start;
      nodes += 1;
    } else if (markup.startsWith('</', start)) {
      at = closing(markup, start, open.pop());
      text = 0;
    } else {
      const tag = opening(markup, start);
      if (open.length === 0 && nodes > 0) throw unreadable('XML has a second root', start);
      if (!tag.empty) open.push(tag.name);
      at = tag.end + 1;
      text = 0;
      nodes += 1;
    }
    if (open.length > MAX_DEPTH) throw tooLarge('is too deep', MAX_DEPTH);
    if (nodes > MAX_NODES) throw tooLarge('has too many elements', MAX_NODES);
  }
  if (nodes === 0) throw unreadable('XML has no root', 0);
  if (open.length > 0) throw unreadable(`<${brief(open.at(-1))}> is not closed`, markup.length);
  return markup;
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
  if (name === undefined) throw unreadable(`</${brief(found)}> closes nothing`, start);
  if (found !== name) throw unreadable(`<${brief(name)}> is closed by </${brief(found)}>`, start);
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

function brief(name = ''): string {
  return name.slice(0, 60);
}

function unreadable(message: string, at: number): Fault {
  return new Fault('XML_UNREADABLE', message, { detail: { at } });
}

function tooLarge(what: string, limit: number): Fault {
  return new Fault('INPUT_TOO_LARGE', `XML ${what}, we read ${limit}`, {
    detail: { limit },
  });
}
