import type { JsonObject, JsonValue } from './json.ts';

/** Inherits nothing, like every object that was read. */
const NONE: JsonObject = Object.freeze(Object.create(null));

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object of that name; an empty one where there is none, so that a path can be followed. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : NONE;
}

/** The text of that name, which some senders make a number; what is empty counts as missing. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
