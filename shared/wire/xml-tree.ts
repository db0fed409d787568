import { Fault } from '../core/fault.ts';
import { XmlNode } from './xml-node.ts';
import { illegalIn, unescapeXml } from './xml-text.ts';

const MAX_DEPTH = 32;
/** Elements, and sections of CDATA as well. */
const MAX_NODES = 100_000;
const MAX_TEXT = 256 * 1024;
const MAX_TAG = 4096;

/** Some answers start with white space that kept the line open; the declaration says nothing new. */
const PROLOGUE = /^[ \t\r\n]*(?:<\?xml[ \t\r\n][^?<>]{0,200}\?>)?/;
const NAME = /(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*/y;
const WHITE = /[ \t\r\n]*/y;

/** An element whose end has not come yet. */
interface Open {
  /** As it is written, with its namespace: the end has to say the same. */
  readonly tag: string;
  text: string;
  readonly elements: XmlNode[];
}

/**
 * The root of a document, in one linear look: every tag closed by its own name, nothing deeper or
 * larger than our bounds, no DOCTYPE, no processing instruction, no entity but the five predefined.
 */
export function xmlTree(document: string): XmlNode {
  const illegal = illegalIn(document);
  if (illegal) throw unreadable(`XML holds ${illegal.says}`, illegal.at);

  const start = PROLOGUE.exec(document)?.[0].length ?? 0;
  // A line may end in two characters, or in the other one; to whoever reads it is one line feed.
  const markup = document.slice(start).replace(/\r\n?/g, '\n');
  const open: Open[] = [];
  let root: XmlNode | undefined;
  let nodes = 0;
  let text = 0;
  let at = 0;

  const finish = ({ tag, text: inside, elements }: Open) => {
    const node = new XmlNode(tag.slice(tag.indexOf(':') + 1), inside, elements);
    const parent = open.at(-1);
    if (parent) parent.elements.push(node);
    else root = node;
  };

  while (at < markup.length) {
    const next = markup.indexOf('<', at);
    const end = next === -1 ? markup.length : next;
    const inside = open.at(-1);
    if (!inside && afterWhite(markup, at) < end) {
      throw unreadable('XML has text outside its root', at);
    }
    text += end - at;
    if (text > MAX_TEXT) throw tooLarge('has too long a text', MAX_TEXT);
    if (inside && end > at) inside.text += unescapeXml(markup.slice(at, end));
    if (next === -1) break;
    if (markup.startsWith('<!--', next)) {
      at = after('-->', markup, next + 4);
    } else if (inside && markup.startsWith('<![CDATA[', next)) {
      at = after(']]>', markup, next + 9);
      inside.text += markup.slice(next + 9, at - 3);
      text += at - next;
      nodes += 1;
    } else if (markup.startsWith('</', next)) {
      const ended = open.pop();
      at = closing(markup, next, ended?.tag);
      if (ended) finish(ended);
      text = 0;
    } else {
      const tag = opening(markup, next);
      if (!inside && nodes > 0) throw unreadable('XML has a second root', next);
      const opened: Open = { tag: tag.name, text: '', elements: [] };
      if (tag.empty) finish(opened);
      else open.push(opened);
      at = tag.end + 1;
      text = 0;
      nodes += 1;
    }
    if (open.length > MAX_DEPTH) throw tooLarge('is too deep', MAX_DEPTH);
    if (nodes > MAX_NODES) throw tooLarge('has too many elements', MAX_NODES);
  }
  const unclosed = open.at(-1);
  if (unclosed) throw unreadable(`<${brief(unclosed.tag)}> is not closed`, markup.length);
  if (!root) throw unreadable('XML has no root', 0);
  return root;
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
  // No element of the service is called so, and whoever puts what is read into an object is safe.
  if (name === '__proto__') throw unreadable('<__proto__> is refused', at);
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
