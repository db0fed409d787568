import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  readUploadList,
  type UploadList,
  writeUploadList,
} from '../../shared/wire/list-uploads.ts';
import { anyName, anyOwner, anyText, anyTime, describeFormat } from './wire-format.ts';

const account = { id: 'qcs::cam::uin/1:uin/1', displayName: '1' };
const ACCOUNT = '<ID>qcs::cam::uin/1:uin/1</ID><DisplayName>1</DisplayName>';

describeFormat<UploadList>({
  root: 'ListMultipartUploadsResult',
  read: readUploadList,
  write: writeUploadList,
  examples: [
    [
      'nothing under way',
      {
        bucket: 'b-1',
        prefix: '',
        marker: { key: '', uploadId: '' },
        maxUploads: 1000,
        commonPrefixes: [],
        uploads: [],
      },
      '<ListMultipartUploadsResult><Bucket>b-1</Bucket><Encoding-Type/><KeyMarker/>' +
        '<UploadIdMarker/><MaxUploads>1000</MaxUploads><IsTruncated>false</IsTruncated><Prefix/>' +
        '</ListMultipartUploadsResult>',
    ],
    [
      'a page that goes on, encoded',
      {
        bucket: 'b-1',
        prefix: 'in 1/',
        delimiter: '/',
        encodingType: 'url',
        marker: { key: 'in 1/a', uploadId: 'u0' },
        maxUploads: 2,
        commonPrefixes: ['in 1/z/'],
        uploads: [
          {
            key: 'in 1/b',
            uploadId: 'u1',
            initiated: Date.UTC(2019, 11, 9, 11, 54, 45),
            storageClass: 'STANDARD',
            initiator: account,
            owner: account,
          },
        ],
        nextMarker: { key: 'in 1/z/', uploadId: '' },
      },
      '<ListMultipartUploadsResult><Bucket>b-1</Bucket><Encoding-Type>url</Encoding-Type>' +
        '<KeyMarker>in%201/a</KeyMarker><UploadIdMarker>u0</UploadIdMarker>' +
        '<NextKeyMarker>in%201/z/</NextKeyMarker><NextUploadIdMarker/><MaxUploads>2</MaxUploads>' +
        '<IsTruncated>true</IsTruncated><Prefix>in%201/</Prefix><Delimiter>/</Delimiter>' +
        `<Upload><Key>in%201/b</Key><UploadId>u1</UploadId><Initiator>${ACCOUNT}</Initiator>` +
        `<Owner>${ACCOUNT}</Owner><StorageClass>STANDARD</StorageClass>` +
        '<Initiated>2019-12-09T11:54:45.000Z</Initiated></Upload>' +
        '<CommonPrefixes><Prefix>in%201/z/</Prefix></CommonPrefixes>' +
        '</ListMultipartUploadsResult>',
    ],
  ],
  values: fc.record(
    {
      bucket: anyName,
      prefix: anyText,
      delimiter: anyName,
      encodingType: fc.constant('url' as const),
      marker: fc.record({ key: anyText, uploadId: anyText }),
      maxUploads: fc.nat(1000),
      commonPrefixes: fc.array(anyName, { maxLength: 2 }),
      uploads: fc.array(
        fc.record(
          {
            key: anyName,
            uploadId: anyName,
            initiated: anyTime,
            storageClass: fc.constantFrom('STANDARD', 'ARCHIVE'),
            initiator: anyOwner,
            owner: anyOwner,
          },
          { requiredKeys: ['key', 'uploadId', 'initiated', 'storageClass'] },
        ),
        { maxLength: 3 },
      ),
      nextMarker: fc.record({ key: anyName, uploadId: anyText }),
    },
    { requiredKeys: ['bucket', 'prefix', 'marker', 'maxUploads', 'commonPrefixes', 'uploads'] },
  ),
});

test('a page that goes on has to say where', () => {
  const body =
    '<ListMultipartUploadsResult><Bucket>b</Bucket><IsTruncated>true</IsTruncated>' +
    '</ListMultipartUploadsResult>';

  expect(() => readUploadList(body)).toThrow('A list of uploads goes on and does not say where');
});
