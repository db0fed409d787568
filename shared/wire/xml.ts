import { Fault } from '../core/fault.ts';
import { type Body, bodyText } from './body-text.ts';
import type { XmlNode } from './xml-node.ts';
import { escapeXml } from './xml-text.ts';
import { xmlTree } from './xml-tree.ts';

/** A full page of a thousand keys, each of the longest and escaped the longest way, has 6 MB. */
const MAX_LENGTH = 8 * 1024 * 1024;

/** No element of the service has the name that objects know their prototype by: `xmlTree` reads none. */
const NAME = /^(?!__proto__$)[A-Za-z_][\w.-]*$/;

/**
 * What an element holds when it is written: text, or elements in order. An element whose content
 * is `undefined` is left out, because no client can read an empty number.
 */
export type XmlContent = string | number | boolean | readonly XmlEntry[];
export type XmlEntry = readonly [name: string, content: XmlContent | undefined];

/**
 * The root of a document. White space is part of a text (keys may start or end with it); attributes,
 * comments and namespaces are not looked at; a DOCTYPE, any entity but the five predefined ones, and
 * control characters are refused. `root` names what is expected, when only that will do.
 */
export function readXml(
  body: Body,
  { root, maxLength = MAX_LENGTH }: { root?: string; maxLength?: number } = {},
): XmlNode {
  const node = xmlTree(bodyText(body, maxLength, 'XML_UNREADABLE'));
  if (root === undefined || node.name === root) return node;
  const found = node.name.slice(0, 60);
  throw new Fault('XML_UNREADABLE', `The root of the XML is <${found}>, not <${root}>`, {
    detail: { found, root },
  });
}

/** A document as COS writes it, declaration first. Elements stand in the order they are given in. */
export function writeXml(root: string, content: readonly XmlEntry[]): string {
  return `<?xml version='1.0' encoding='utf-8' ?>\n${element(root, content)}`;
}

function element(name: string, content: XmlContent): string {
  if (!NAME.test(name)) throw new Fault('XML_UNWRITABLE', `"${name}" cannot name an XML element`);
  const inside = typeof content === 'object' ? elements(content) : escapeXml(plain(content));
  return inside === '' ? `<${name}/>` : `<${name}>${inside}</${name}>`;
}

function elements(content: readonly XmlEntry[]): string {
  let inside = '';
  for (const [name, value] of content) if (value !== undefined) inside += element(name, value);
  return inside;
}

function plain(content: string | number | boolean): string {
  if (typeof content !== 'number' || Number.isFinite(content)) return String(content);
  throw new Fault('XML_UNWRITABLE', `${content} is not a number anyone can read`);
}
