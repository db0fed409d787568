import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode } from 'yaml';
import { quoted } from './problem.ts';
import type { Flaw, Span, Spot } from './spot.ts';

export interface NodeRead {
  /** Nothing where a flaw kept it from being read. */
  readonly value: unknown;
  readonly spot: Spot;
}

/**
 * The plain data of a node, and its place. What is more than that goes to `flaws`. How deep it goes
 * was bounded when the text was taken apart.
 */
export function readNode(node: ParsedNode | null, key: Span | undefined, flaws: Flaw[]): NodeRead {
  // A name without a value has no place but its own.
  const span = node ? { start: node.range[0], end: node.range[1] } : (key ?? { start: 0, end: 0 });
  const children = new Map<string | number, Spot>();
  const before = flaws.length;
  const value = node === null ? null : plainValue(node, span, children, flaws);
  const flawed = value === undefined && flaws.length > before;
  const spot: Spot = { value: span, ...(key ? { key } : {}), children, flawed };
  return { value: value ?? null, spot };
}

/** Nothing where it cannot be read, and then there is a flaw. */
function plainValue(
  node: ParsedNode,
  span: Span,
  children: Map<string | number, Spot>,
  flaws: Flaw[],
): unknown {
  const feature = featureOf(node);
  if (feature) {
    flaws.push({ code: 'yaml-feature', span, ...feature });
    return undefined;
  }
  if (isSeq(node)) {
    return node.items.map((entry, index) => {
      const { value, spot } = readNode(entry, undefined, flaws);
      children.set(index, spot);
      return value;
    });
  }
  if (isMap(node)) return recordOf(node.items, children, flaws);
  if (!isScalar(node) || !isNotText(node.value)) return isScalar(node) ? node.value : null;
  flaws.push(notText(span));
  return undefined;
}

/** What in this node is more than plain data. */
function featureOf(node: ParsedNode): Pick<Flaw, 'message' | 'hint'> | undefined {
  if (isAlias(node)) return { message: 'Aliases are not read', hint: 'Write the value out' };
  const hint = 'Leave it out';
  if (node.anchor !== undefined) return { message: 'Anchors are not read', hint };
  if (node.tag !== undefined) return { message: 'Tags are not read', hint };
  return undefined;
}

function recordOf(
  pairs: readonly Pair<ParsedNode, ParsedNode | null>[],
  children: Map<string | number, Spot>,
  flaws: Flaw[],
): Record<string, unknown> | undefined {
  const record: Record<string, unknown> = Object.create(null);
  let whole = true;
  for (const { key, value } of pairs) {
    const span = { start: key.range[0], end: key.range[1] };
    const name = isScalar(key) ? String(key.value) : '';
    const flaw = flawOfName(key, name, span);
    if (flaw) {
      flaws.push(flaw);
      whole = false;
    } else if (children.has(name)) {
      const message = `${quoted(name)} is there twice`;
      flaws.push({ code: 'duplicate-key', span, message, hint: 'Keep one of them' });
    } else {
      const read = readNode(value, span, flaws);
      record[name] = read.value;
      children.set(name, read.spot);
    }
  }
  return whole ? record : undefined;
}

/** Half of a pair that stands alone, or what no key, header or terminal should see. */
const NOT_TEXT = /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

/** Names that every object of JavaScript already has; the others of that kind have capitals. */
const NOT_A_NAME: readonly string[] = ['__proto__', 'constructor', 'prototype'];

function flawOfName(key: ParsedNode, name: string, span: Span): Flaw | undefined {
  const feature = featureOf(key);
  if (feature) return { code: 'yaml-feature', span, ...feature };
  if (name === '<<') {
    const message = 'Merging maps with << is not read';
    return { code: 'yaml-feature', span, message, hint: 'Write the settings out' };
  }
  if (NOT_A_NAME.includes(name)) {
    return { code: 'forbidden-text', span, message: `Nothing can be called ${quoted(name)}` };
  }
  return isNotText(name) ? notText(span) : undefined;
}

function isNotText(value: unknown): boolean {
  return typeof value === 'string' && NOT_TEXT.test(value);
}

function notText(span: Span): Flaw {
  const message = 'This holds characters that cannot be seen';
  return { code: 'forbidden-text', span, message, hint: 'Write it without them' };
}
