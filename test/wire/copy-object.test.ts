import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type CopyResult, readCopyResult, writeCopyResult } from '../../shared/wire/copy-object.ts';
import { errorInside } from '../../shared/wire/error-body.ts';
import { anyEtag, anyName, anyTime, describeFormat } from './wire-format.ts';

const copy = {
  etag: 'ee8de918d05640145b18f70f4c3aa602',
  modified: Date.UTC(2020, 11, 10, 3, 37, 30),
};

describeFormat<CopyResult>({
  root: 'CopyObjectResult',
  read: (body) => readCopyResult('CopyObjectResult', body),
  write: (value) => writeCopyResult('CopyObjectResult', value),
  examples: [
    [
      'a copy in a bucket that keeps versions',
      { ...copy, crc64: '16749565679157681890', versionId: 'MTg0' },
      '<CopyObjectResult><ETag>&quot;ee8de918d05640145b18f70f4c3aa602&quot;</ETag>' +
        '<CRC64>16749565679157681890</CRC64><LastModified>2020-12-10T03:37:30.000Z</LastModified>' +
        '<VersionId>MTg0</VersionId></CopyObjectResult>',
    ],
  ],
  values: fc.record(
    {
      etag: anyEtag,
      modified: anyTime,
      crc64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
      versionId: anyName,
    },
    { requiredKeys: ['etag', 'modified'] },
  ),
});

describeFormat<CopyResult>({
  root: 'CopyPartResult',
  read: (body) => readCopyResult('CopyPartResult', body),
  write: (value) => writeCopyResult('CopyPartResult', value),
  examples: [
    [
      'a copied part',
      copy,
      '<CopyPartResult><ETag>&quot;ee8de918d05640145b18f70f4c3aa602&quot;</ETag>' +
        '<LastModified>2020-12-10T03:37:30.000Z</LastModified></CopyPartResult>',
    ],
  ],
  values: fc.record({ etag: anyEtag, modified: anyTime }),
});

test('a copy that failed after its status was sent is an error, and no copy', () => {
  const body = '<Error><Code>InternalError</Code><Message>m</Message></Error>';

  expect(errorInside(body)?.code).toBe('InternalError');
  expect(() => readCopyResult('CopyObjectResult', body)).toThrow(
    'The root of the XML is <Error>, not <CopyObjectResult>',
  );
});
