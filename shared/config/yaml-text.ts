import { Composer, type Document } from 'yaml';
import type { Flaw, Span, Spot } from './spot.ts';
import { readNode } from './yaml-nodes.ts';
import { tokensOf } from './yaml-tokens.ts';

export type YamlRead =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly root: Spot;
      readonly flaws: readonly Flaw[];
    }
  | { readonly ok: false; readonly flaws: readonly Flaw[] };

/**
 * Plain data and where each part of it stands. YAML can do more: repeat a part by a short name and
 * so grow without bound, name types, merge. None of that is read; each use of it is a flaw.
 */
export function readYaml(text: string): YamlRead {
  const tokens = tokensOf(text);
  if ('code' in tokens) return { ok: false, flaws: [tokens] };

  const directives = tokens.flatMap((token) =>
    token.type === 'directive'
      ? featureAt(token.offset, token.source.length, 'Directives are not read', 'Leave it out')
      : [],
  );
  // Left to the library, every name would be compared with every other one.
  const options = { version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true } as const;
  const [document, second] = new Composer(options).compose(tokens, true, text.length);
  const documents = second
    ? featureAt(second.range[0], 3, 'Another document begins here', 'One file, one document')
    : [];
  const flaws = [...directives, ...documents, ...errorsOf(document)];
  if (!document || flaws.length > 0) return { ok: false, flaws };

  const found: Flaw[] = [];
  const { value, spot } = readNode(document.contents, undefined, found);
  return { ok: true, value, root: spot, flaws: found };
}

function featureAt(start: number, length: number, message: string, hint: string): readonly Flaw[] {
  return [{ code: 'yaml-feature', span: { start, end: start + length }, message, hint }];
}

/** A text that goes wrong goes on being wrong; the first errors say why. */
const MOST_ERRORS = 20;

function errorsOf(document: Document.Parsed | undefined): readonly Flaw[] {
  return (document?.errors ?? []).slice(0, MOST_ERRORS).map(({ pos: [start, end], message }) => {
    const span: Span = { start, end };
    // The library shows what it stumbled over as it is.
    const shown = message
      .slice(0, 200)
      .replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
      .trim();
    return { code: 'not-yaml', span, message: shown };
  });
}
