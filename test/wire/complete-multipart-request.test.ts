import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type CompletedPart,
  readCompleteRequest,
  writeCompleteRequest,
} from '../../shared/wire/complete-multipart-request.ts';
import { json2xml } from './official-xml.ts';
import { anyEtag, describeFormat } from './wire-format.ts';

const parts = [
  { number: 1, etag: '39270a968a357d24207e9911162507eb' },
  { number: 2, etag: 'd899fbd1e06109ea2e4550f5751c88d6' },
];

describeFormat<readonly CompletedPart[]>({
  root: 'CompleteMultipartUpload',
  read: readCompleteRequest,
  write: writeCompleteRequest,
  examples: [
    [
      'two parts',
      parts,
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>' +
        '<ETag>&quot;39270a968a357d24207e9911162507eb&quot;</ETag></Part><Part>' +
        '<PartNumber>2</PartNumber><ETag>&quot;d899fbd1e06109ea2e4550f5751c88d6&quot;</ETag></Part>' +
        '</CompleteMultipartUpload>',
    ],
    ['no parts', [], '<CompleteMultipartUpload/>'],
  ],
  values: fc.array(fc.record({ number: fc.nat(10_000), etag: anyEtag }), { maxLength: 5 }),
});

describe('requests of clients', () => {
  test('the official SDK writes what we read', () => {
    const body = json2xml({
      CompleteMultipartUpload: {
        Part: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: `"${etag}"` })),
      },
    });

    expect(readCompleteRequest(body)).toEqual(parts);
  });

  test('etags may come without their quotes, and parts out of order', () => {
    const part = (number: number) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>e</ETag></Part>`;

    expect(
      readCompleteRequest(
        `<CompleteMultipartUpload>${part(2)}${part(1)}</CompleteMultipartUpload>`,
      ),
    ).toEqual([
      { number: 2, etag: 'e' },
      { number: 1, etag: 'e' },
    ]);
  });

  test('ten thousand parts are one request', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({ number: at + 1, etag: 'e' }));

    expect(readCompleteRequest(writeCompleteRequest(many))).toHaveLength(10_000);
  });

  test.for([
    '<Part><ETag>e</ETag></Part>',
    '<Part><PartNumber>1</PartNumber></Part>',
    '<Part><PartNumber>-1</PartNumber><ETag>e</ETag></Part>',
    '<Part><PartNumber>1e1</PartNumber><ETag>e</ETag></Part>',
  ])('a part that is not whole is refused: %s', (part) => {
    expect(() =>
      readCompleteRequest(`<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`),
    ).toThrow(expect.objectContaining({ code: 'XML_UNREADABLE' }));
  });
});
