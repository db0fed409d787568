import { Fault } from '../core/fault.ts';
import { readBase64Url } from './base64-url.ts';
import { type JsonObject, type JsonValue, jsonValue } from './json.ts';
import { isJsonObject, objectIn, textIn } from './json-object.ts';

const MAX_FIELDS = 1000;
const MAX_BODY = 6 * 1024 * 1024;

/** An HTTP request as a function's own address hands it on. */
export interface UrlEvent {
  readonly method: string;
  /** As in the request line: still encoded, so that a key in it is decoded once. */
  readonly path: string;
  readonly query: TextFields;
  /** Names in lower case. */
  readonly headers: TextFields;
  /** Empty when there was none. */
  readonly body: string;
}

type TextFields = Readonly<Record<string, string>>;

/** What the function answers. A body is text: whether bytes would arrive unharmed nobody says. */
export interface UrlReply {
  readonly statusCode: number;
  readonly headers: TextFields;
  readonly body: string;
}

/**
 * The event of the retired API gateway is read as well, for it has the same fields among others.
 * Whoever calls decides about all of this, so nothing but the method and the path has to be there.
 */
export function readUrlEvent(event: unknown): UrlEvent {
  const root = jsonValue(event);
  const method = isJsonObject(root) ? textIn(root, 'httpMethod') : undefined;
  const path = isJsonObject(root) ? textIn(root, 'path') : undefined;
  if (!isJsonObject(root) || method === undefined || path === undefined) {
    throw unreadable('it is no HTTP request');
  }
  return {
    method: method.toUpperCase(),
    path,
    query: fieldsIn(root, 'queryString', (name) => name),
    headers: fieldsIn(root, 'headers', (name) => name.toLowerCase()),
    body: bodyIn(root),
  };
}

export function writeUrlEvent({ method, path, query, headers, body }: UrlEvent): JsonObject {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    httpMethod: method,
    path,
    queryString: query,
    headers: Object.fromEntries(lowered),
    body,
  };
}

/**
 * What the platform makes of whatever a function returned: text is a body, and an object that has
 * no status is one as well.
 */
export function readUrlReply(returned: unknown): UrlReply {
  if (typeof returned === 'string') return { statusCode: 200, headers: {}, body: returned };
  const value = jsonValue(returned ?? null);
  const statusCode = isJsonObject(value) ? value.statusCode : undefined;
  if (!isJsonObject(value) || typeof statusCode !== 'number' || !isStatus(statusCode)) {
    const headers = { 'content-type': 'application/json' };
    return { statusCode: 200, headers, body: JSON.stringify(value) };
  }
  const { body = '' } = value;
  return {
    statusCode,
    headers: fieldsIn(value, 'headers', (name) => name.toLowerCase()),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Texts, numbers made text, and lists joined; an object without a prototype, for names are the caller's. */
function fieldsIn(root: JsonObject, part: string, rename: (name: string) => string): TextFields {
  const entries = Object.entries(objectIn(root, part));
  if (entries.length > MAX_FIELDS) throw tooLarge(`${entries.length} ${part}`);
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) {
    const text = textOf(value);
    if (text !== undefined) fields[rename(name)] = text;
  }
  return fields;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (Array.isArray(value)) return value.map((entry) => textOf(entry) ?? '').join(', ');
  if (value === null || value === undefined || isJsonObject(value)) return undefined;
  return String(value);
}

function bodyIn(root: JsonObject): string {
  const body = root.body ?? '';
  if (typeof body !== 'string') throw unreadable('its body is no text');
  if (body.length > MAX_BODY) throw tooLarge(`a body of ${body.length} characters`);
  return root.isBase64Encoded === true || root.isBase64Encoded === 'true'
    ? textOfBase64(body)
    : body;
}

function textOfBase64(body: string): string {
  try {
    return readBase64Url(body);
  } catch (cause) {
    throw unreadable('its body is not the Base64 of a text', cause);
  }
}

function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 100 && status <= 599;
}

function unreadable(why: string, cause?: unknown): Fault {
  return new Fault('EVENT_UNREADABLE', `A request cannot be read: ${why}`, { cause });
}

function tooLarge(what: string): Fault {
  return new Fault('INPUT_TOO_LARGE', `A request has ${what}`);
}
