import type { XmlContent, XmlEntry } from './xml.ts';

type Json = string | { readonly [name: string]: Json } | readonly Json[];

/**
 * The JSON of a document that is otherwise written as XML: the same names, every value as text.
 * What occurs more than once becomes a list. What is in `lists`, as `Parent/Name`, is one however
 * often it occurs; by name alone the output of a job and that of a picture could not be told apart.
 */
export function jsonOfEntries(
  root: string,
  content: readonly XmlEntry[],
  lists: ReadonlySet<string>,
): string {
  return JSON.stringify(jsonOf(root, content, lists));
}

function jsonOf(parent: string, content: XmlContent, lists: ReadonlySet<string>): Json {
  if (typeof content !== 'object') return String(content);
  const fields = new Map<string, Json[]>();
  for (const [name, value] of content) {
    if (value === undefined) continue;
    const values = fields.get(name) ?? [];
    values.push(jsonOf(name, value, lists));
    fields.set(name, values);
  }
  // Without a prototype a parameter may be called `__proto__` and is a field like any other.
  const object: Record<string, Json> = Object.create(null);
  for (const [name, values] of fields) {
    const [only] = values;
    const single = values.length === 1 && !lists.has(`${parent}/${name}`);
    object[name] = single && only !== undefined ? only : values;
  }
  return object;
}
