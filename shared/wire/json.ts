import { Fault } from '../core/fault.ts';
import { type Body, bodyText } from './body-text.ts';
import { XmlNode } from './xml-node.ts';

const MAX_LENGTH = 8 * 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_VALUES = 200_000;

const UNSAFE = /\0|\p{Surrogate}/u;

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** The value a JSON text means, as `jsonValue` hands it on. */
export function readJson(
  body: Body,
  { maxLength = MAX_LENGTH }: { maxLength?: number } = {},
): JsonValue {
  const text = bodyText(body, maxLength, 'JSON_UNREADABLE');
  guardJson(text);
  return jsonValue(parse(text));
}

/**
 * A copy of a value that somebody else parsed, such as the event of an invocation, which is safe
 * to look into: its objects inherit nothing, so that a field called `constructor` or `__proto__`
 * is there only if it was sent. Text with NUL or half a character in it is refused, because two
 * such keys could become one when they are written.
 */
export function jsonValue(value: unknown): JsonValue {
  let left = MAX_VALUES;

  function copy(from: unknown, depth: number): JsonValue {
    left -= 1;
    if (left < 0) throw tooLarge('has too many values', MAX_VALUES);
    if (depth > MAX_DEPTH) throw tooLarge('is too deep', MAX_DEPTH);
    if (typeof from === 'string') return safe(from);
    if (from === null || typeof from === 'boolean' || typeof from === 'number') return from;
    if (Array.isArray(from)) return from.map((entry) => copy(entry, depth + 1));
    if (typeof from !== 'object') throw unreadable(`JSON knows no ${typeof from}`);

    const object: Record<string, JsonValue> = Object.create(null);
    for (const [name, entry] of Object.entries(from)) {
      if (entry !== undefined) object[safe(name)] = copy(entry, depth + 1);
    }
    return object;
  }

  return copy(value, 0);
}

/**
 * The same value as an element: a field is an element, a list is an element many times. Bodies that
 * come as XML or as JSON with the same names are read by one function this way, whatever is a list
 * in one and a single value in the other.
 */
export function jsonNode(name: string, value: JsonValue): XmlNode {
  if (value === null) return new XmlNode(name, '', []);
  if (typeof value !== 'object') return new XmlNode(name, String(value), []);
  return new XmlNode(name, '', nodesOf(value));
}

function nodesOf(value: JsonObject | readonly JsonValue[]): XmlNode[] {
  return Object.entries(value).flatMap(([name, inside]) => {
    if (inside === undefined) return [];
    if (!Array.isArray(inside)) return [jsonNode(name, inside)];
    return inside.map((entry: JsonValue) => jsonNode(name, entry));
  });
}

/** Before anything is built: how deep the text goes and how many values it holds. */
function guardJson(text: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    else if (character !== ',') continue;
    if (character !== '"') values += 1;
    if (depth > MAX_DEPTH) throw tooLarge('is too deep', MAX_DEPTH);
    if (values > MAX_VALUES) throw tooLarge('has too many values', MAX_VALUES);
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('JSON_UNREADABLE', 'A text is not JSON', { cause });
  }
}

function safe(text: string): string {
  if (UNSAFE.test(text)) throw unreadable('JSON holds NUL or half a character');
  return text;
}

function unreadable(message: string): Fault {
  return new Fault('JSON_UNREADABLE', message);
}

function tooLarge(what: string, limit: number): Fault {
  return new Fault('INPUT_TOO_LARGE', `JSON ${what}, we read ${limit}`, { detail: { limit } });
}
