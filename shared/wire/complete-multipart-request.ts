import type { Body } from './body-text.ts';
import { readEtag, writeEtag } from './etag.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';

/** One part, as the request that completes an upload names it. */
export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
}

/** The parts in the order they were sent in: whether that order is right is not decided here. */
export function readCompleteRequest(body: Body): readonly CompletedPart[] {
  return readXml(body, { root: 'CompleteMultipartUpload' })
    .children('Part')
    .map((part) => ({
      number: part.requiredNumber('PartNumber'),
      etag: readEtag(part.required('ETag')),
    }));
}

export function writeCompleteRequest(parts: readonly CompletedPart[]): string {
  return writeXml(
    'CompleteMultipartUpload',
    parts.map(
      ({ number, etag }): XmlEntry => [
        'Part',
        [
          ['PartNumber', number],
          ['ETag', writeEtag(etag)],
        ],
      ],
    ),
  );
}
