import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type PartList, readPartList, writePartList } from '../../shared/wire/list-parts.ts';
import { anyEtag, anyName, anyOwner, anySize, anyTime, describeFormat } from './wire-format.ts';

describeFormat<PartList>({
  root: 'ListPartsResult',
  read: readPartList,
  write: writePartList,
  examples: [
    [
      'a page that goes on',
      {
        bucket: 'examplebucket-1250000000',
        key: 'in/a.mp4',
        uploadId: '14979519489',
        owner: { id: '1250000000', displayName: '1250000000' },
        initiator: { id: 'qcs::cam::uin/1:uin/1', displayName: '1' },
        storageClass: 'STANDARD',
        partNumberMarker: 0,
        maxParts: 1,
        parts: [
          {
            number: 1,
            etag: 'fae3dba15f4d9b2d76cbaed5de3a08e3',
            size: 6291456,
            modified: Date.UTC(2017, 5, 20, 9, 45, 49),
          },
        ],
        nextPartNumberMarker: 1,
      },
      '<ListPartsResult><Bucket>examplebucket-1250000000</Bucket><Encoding-type/>' +
        '<Key>in/a.mp4</Key><UploadId>14979519489</UploadId>' +
        '<Owner><ID>1250000000</ID><DisplayName>1250000000</DisplayName></Owner>' +
        '<PartNumberMarker>0</PartNumberMarker>' +
        '<Initiator><ID>qcs::cam::uin/1:uin/1</ID><DisplayName>1</DisplayName></Initiator>' +
        '<Part><PartNumber>1</PartNumber><LastModified>2017-06-20T09:45:49.000Z</LastModified>' +
        '<ETag>&quot;fae3dba15f4d9b2d76cbaed5de3a08e3&quot;</ETag><Size>6291456</Size></Part>' +
        '<NextPartNumberMarker>1</NextPartNumberMarker><StorageClass>STANDARD</StorageClass>' +
        '<MaxParts>1</MaxParts><IsTruncated>true</IsTruncated></ListPartsResult>',
    ],
    [
      'an upload without parts, its key encoded',
      {
        bucket: 'b-1',
        key: '图 1.mp4',
        uploadId: 'u',
        encodingType: 'url',
        storageClass: 'ARCHIVE',
        partNumberMarker: 7,
        maxParts: 1000,
        parts: [],
      },
      '<ListPartsResult><Bucket>b-1</Bucket><Encoding-type>url</Encoding-type>' +
        '<Key>%E5%9B%BE%201.mp4</Key><UploadId>u</UploadId><PartNumberMarker>7</PartNumberMarker>' +
        '<StorageClass>ARCHIVE</StorageClass><MaxParts>1000</MaxParts>' +
        '<IsTruncated>false</IsTruncated></ListPartsResult>',
    ],
  ],
  values: fc.record(
    {
      bucket: anyName,
      key: anyName,
      uploadId: anyName,
      encodingType: fc.constant('url' as const),
      owner: anyOwner,
      initiator: anyOwner,
      storageClass: fc.constantFrom('STANDARD', 'ARCHIVE'),
      partNumberMarker: fc.nat(10_000),
      maxParts: fc.nat(1000),
      parts: fc.array(
        fc.record({ number: fc.nat(10_000), etag: anyEtag, size: anySize, modified: anyTime }),
        { maxLength: 3 },
      ),
      nextPartNumberMarker: fc.nat(10_000),
    },
    {
      requiredKeys: [
        'bucket',
        'key',
        'uploadId',
        'storageClass',
        'partNumberMarker',
        'maxParts',
        'parts',
      ],
    },
  ),
});

test('a page that goes on has to say where', () => {
  const body =
    '<ListPartsResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>' +
    '<IsTruncated>true</IsTruncated></ListPartsResult>';

  expect(() => readPartList(body)).toThrow('A list of parts goes on and does not say where');
});
