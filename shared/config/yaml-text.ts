import { Composer, isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from 'yaml';
import type { CheckCode } from './checks.ts';
import { quoted } from './problem.ts';
import { tokensOf } from './yaml-tokens.ts';

/** From where to where something stands in the text, by offset; the end is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a value stands, and all that stands within it. */
export interface Spot {
  readonly value: Span;
  /** Its name, where it is a setting of a map. */
  readonly key?: Span;
  readonly children: ReadonlyMap<string | number, Spot>;
  /** A flaw was found here, so what the value seems to be says nothing. */
  readonly flawed: boolean;
}

/** What makes a text unreadable, or more than plain data, at its place. */
export interface Flaw {
  readonly code: CheckCode;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string;
}

export type YamlRead =
  | { readonly ok: true; readonly value: unknown; readonly root: Spot; readonly flaws: Flaw[] }
  | { readonly ok: false; readonly flaws: readonly Flaw[] };

/** A text that goes wrong goes on being wrong; the first errors say why. */
const MOST_ERRORS = 20;

/** Half of a pair that stands alone, or what no key, header or terminal should see. */
const NOT_TEXT = /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

/** Names that every object of JavaScript already has; the rest of them has capitals. */
const NOT_A_NAME: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * Plain data and where each part of it stands. YAML can do more: repeat a part by a short name and
 * so grow without bound, name types, merge. None of that is read; each use of it is a flaw.
 */
export function readYaml(text: string): YamlRead {
  const tokens = tokensOf(text);
  if ('code' in tokens) return { ok: false, flaws: [tokens] };

  const flaws: Flaw[] = [];
  for (const token of tokens) {
    if (token.type !== 'directive') continue;
    const span = { start: token.offset, end: token.offset + token.source.length };
    flaws.push({ code: 'yaml-feature', span, message: 'Directives are not read', hint: LEAVE_OUT });
  }

  // The library compares every name with every other one; the walk below does it once.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    stringKeys: true,
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (second) {
    const [start, end] = second.range;
    const message = 'A second document begins here';
    flaws.push({
      code: 'yaml-feature',
      span: { start, end },
      message,
      hint: 'One file, one document',
    });
  }
  for (const { pos, message } of document?.errors.slice(0, MOST_ERRORS) ?? []) {
    const span = { start: pos[0], end: pos[1] };
    // The library shows what it stumbled over as it is.
    const shown = message
      .slice(0, 200)
      .replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
      .trim();
    flaws.push({ code: 'not-yaml', span, message: shown });
  }
  if (!document || flaws.length > 0) return { ok: false, flaws };

  const { value, spot } = readNode(document.contents, undefined, flaws);
  return { ok: true, value, root: spot, flaws };
}

const LEAVE_OUT = 'Leave it out';

interface Read {
  readonly value: unknown;
  readonly spot: Spot;
}

const NOTHING: ReadonlyMap<string | number, Spot> = new Map();

function readNode(node: ParsedNode | null, key: Span | undefined, flaws: Flaw[]): Read {
  const [start, end] = node?.range ?? [0, 0];
  const named = key ? { key } : {};
  const flaw = node && featureOf(node);
  if (flaw || node === null) {
    if (flaw) flaws.push({ code: 'yaml-feature', span: { start, end }, ...flaw });
    const spot = { value: { start, end }, ...named, children: NOTHING, flawed: Boolean(flaw) };
    return { value: null, spot };
  }

  const children = new Map<string | number, Spot>();
  let value: unknown;
  let flawed = false;
  if (isSeq(node)) {
    value = node.items.map((each, index) => {
      const read = readNode(each, undefined, flaws);
      children.set(index, read.spot);
      return read.value;
    });
  } else if (isMap(node)) {
    value = readMap(node, children, flaws);
  } else if (isScalar(node)) {
    value = node.value;
    flawed = isNotText(value);
    if (flawed) flaws.push(notText({ start, end }));
  }
  return { value, spot: { value: { start, end }, ...named, children, flawed } };
}

/** What in this node is more than plain data. */
function featureOf(node: ParsedNode): Pick<Flaw, 'message' | 'hint'> | undefined {
  if (isAlias(node)) return { message: 'Aliases are not read', hint: 'Write the value out' };
  if (node.anchor !== undefined) return { message: 'Anchors are not read', hint: LEAVE_OUT };
  if (node.tag !== undefined) return { message: 'Tags are not read', hint: LEAVE_OUT };
  return undefined;
}

function readMap(
  map: YAMLMap.Parsed,
  children: Map<string | number, Spot>,
  flaws: Flaw[],
): Record<string, unknown> {
  const record: Record<string, unknown> = Object.create(null);
  for (const { key, value } of map.items) {
    const span = { start: key.range[0], end: key.range[1] };
    const feature = featureOf(key);
    const name = isScalar(key) ? String(key.value) : '';
    if (feature) {
      flaws.push({ code: 'yaml-feature', span, ...feature });
    } else if (name === '<<') {
      const message = 'Merging maps with << is not read';
      flaws.push({ code: 'yaml-feature', span, message, hint: 'Write the settings out' });
    } else if (isNotText(name)) {
      flaws.push(notText(span));
    } else if (NOT_A_NAME.includes(name)) {
      flaws.push({
        code: 'forbidden-text',
        span,
        message: `Nothing can be called ${quoted(name)}`,
      });
    } else if (children.has(name)) {
      const message = `${quoted(name)} is there twice`;
      flaws.push({ code: 'duplicate-key', span, message, hint: 'Keep one of them' });
    } else {
      const read = readNode(value, span, flaws);
      record[name] = read.value;
      // A name without a value has no place of its own.
      const spot = value === null ? { ...read.spot, value: span } : read.spot;
      children.set(name, spot);
    }
  }
  return record;
}

function isNotText(value: unknown): boolean {
  return typeof value === 'string' && NOT_TEXT.test(value);
}

function notText(span: Span): Flaw {
  const message = 'This holds characters that cannot be seen';
  return { code: 'forbidden-text', span, message, hint: 'Write it without them' };
}
