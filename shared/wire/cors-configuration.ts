import type { Body } from './body-text.ts';
import { readXml, writeXml, type XmlContent, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

/** What pages of other origins may ask of a bucket. The first rule that fits decides. */
export interface CorsRule {
  readonly id?: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number | undefined;
}

export interface CorsConfiguration {
  readonly rules: readonly CorsRule[];
  /** Whether every answer says `Vary: Origin`, even to a request without an origin. */
  readonly responseVary?: boolean | undefined;
}

export function readCorsConfiguration(body: Body): CorsConfiguration {
  const configuration = readXml(body, { root: 'CORSConfiguration' });
  return {
    rules: configuration.children('CORSRule').map((rule) => ({
      id: rule.text('ID') || undefined,
      allowedOrigins: textsOf(rule, 'AllowedOrigin'),
      allowedMethods: textsOf(rule, 'AllowedMethod'),
      allowedHeaders: textsOf(rule, 'AllowedHeader'),
      exposeHeaders: textsOf(rule, 'ExposeHeader'),
      maxAgeSeconds: rule.number('MaxAgeSeconds'),
    })),
    responseVary: configuration.flag('ResponseVary'),
  };
}

/** Forms send an empty element for a list that is empty. */
function textsOf(rule: XmlNode, name: string): string[] {
  return rule
    .children(name)
    .map(({ value }) => value.trim())
    .filter((value) => value !== '');
}

export function writeCorsConfiguration({ rules, responseVary }: CorsConfiguration): string {
  return writeXml('CORSConfiguration', [
    ...rules.map((rule): XmlEntry => ['CORSRule', entriesOf(rule)]),
    ['ResponseVary', responseVary],
  ]);
}

function entriesOf(rule: CorsRule): XmlContent {
  return [
    ['ID', rule.id],
    ...rule.allowedOrigins.map((origin): XmlEntry => ['AllowedOrigin', origin]),
    ...rule.allowedMethods.map((method): XmlEntry => ['AllowedMethod', method]),
    ...rule.allowedHeaders.map((header): XmlEntry => ['AllowedHeader', header]),
    ...rule.exposeHeaders.map((header): XmlEntry => ['ExposeHeader', header]),
    ['MaxAgeSeconds', rule.maxAgeSeconds],
  ];
}
