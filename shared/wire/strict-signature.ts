import type { Body } from './body-text.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

/** What a signature must cover in requests for these actions, or it is refused. */
export interface StrictSignatureRule {
  readonly id: string;
  /** Names without `name/cos:`, such as `DeleteObject`; `*` means every action. */
  readonly actions: readonly string[];
  readonly headers: readonly string[];
  /** `all` means every parameter the request has. */
  readonly params: readonly string[];
}

export function readStrictSignature(body: Body): readonly StrictSignatureRule[] {
  return readXml(body, { root: 'StrictSignatureConfiguration' })
    .children('Rule')
    .map((rule) => ({
      id: rule.text('ID') ?? '',
      actions: textsOf(rule.child('actionlist'), 'action'),
      headers: textsOf(rule.child('headerlist'), 'header'),
      params: textsOf(rule.child('paramlist'), 'param'),
    }));
}

function textsOf(list: XmlNode | undefined, name: string): string[] {
  const texts = list?.children(name).map(({ value }) => value.trim()) ?? [];
  return texts.filter((text) => text !== '');
}

export function writeStrictSignature(rules: readonly StrictSignatureRule[]): string {
  return writeXml(
    'StrictSignatureConfiguration',
    rules.map(
      ({ id, actions, headers, params }): XmlEntry => [
        'Rule',
        [
          ['ID', id],
          ['actionlist', actions.map((action): XmlEntry => ['action', action])],
          ['headerlist', headers.map((header): XmlEntry => ['header', header])],
          ['paramlist', params.map((param): XmlEntry => ['param', param])],
        ],
      ],
    ),
  );
}
