import type { Body } from './body-text.ts';
import { percentEncode, readQuery } from './percent.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The tags of an object or a bucket. That no key occurs twice is not decided here. */
export function readTagging(body: Body): readonly Tag[] {
  const tags = readXml(body, { root: 'Tagging' }).child('TagSet')?.children('Tag') ?? [];
  return tags.map((tag) => ({ key: tag.required('Key'), value: tag.text('Value') ?? '' }));
}

export function writeTagging(tags: readonly Tag[]): string {
  const tagSet = tags.map(
    ({ key, value }): XmlEntry => [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ],
  );
  return writeXml('Tagging', [['TagSet', tagSet]]);
}

/** The header `x-cos-tagging`: `key=value&key=value`, escaped as in a query, so `+` is a space. */
export function readTaggingHeader(header: string): readonly Tag[] {
  return readQuery(header).map(({ name, value }) => ({ key: name, value }));
}

export function writeTaggingHeader(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => `${percentEncode(key)}=${percentEncode(value)}`).join('&');
}
