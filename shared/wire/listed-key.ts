import { Fault } from '../core/fault.ts';
import { encodePath } from './percent.ts';
import type { XmlNode } from './xml-node.ts';

/** How keys stand in a list when the caller asked for it: the only way to list a control character. */
export type EncodingType = 'url';

/** What a list says about its keys; the three kinds of list spell the element in three ways. */
export function readEncodingType(list: XmlNode): EncodingType | undefined {
  const type = list.elements.find(({ name }) => /^Encoding-?Type$/i.test(name))?.value ?? '';
  if (type === '') return undefined;
  if (type === 'url') return type;
  throw new Fault('XML_UNREADABLE', 'A list has its keys in an encoding we do not know', {
    detail: { type: type.slice(0, 60) },
  });
}

export function readListedKey(text: string, encoding: EncodingType | undefined): string {
  if (encoding === undefined) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new Fault('XML_UNREADABLE', 'A key of a list is not validly encoded', { cause });
  }
}

/** A key, prefix or marker in a list. Encoded, everything but letters, digits and `-_.~/` is escaped. */
export function writeListedKey(key: string, encoding: EncodingType | undefined): string {
  return encoding === undefined ? key : encodePath(key);
}
