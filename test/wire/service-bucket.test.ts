import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  readServiceBucket,
  readServiceBucketList,
  type ServiceBucket,
  type ServiceBucketList,
  writeServiceBucket,
  writeServiceBucketList,
} from '../../shared/wire/service-bucket.ts';
import { anyText, describeFormat, plainName } from './wire-format.ts';

const XML_OF_BUCKET =
  '<BucketId>a-1250000000</BucketId><Name>a</Name><Region>ap-chongqing</Region><CreateTime>2022-06-27T14:44:10+0800</CreateTime>';
const BUCKET: ServiceBucket = {
  bucketId: 'a-1250000000',
  name: 'a',
  region: 'ap-chongqing',
  createdAt: Date.UTC(2022, 5, 27, 6, 44, 10),
};

test.for([
  ['ai', 'AiBucket'],
  ['media', 'MediaBucket'],
  ['pic', 'PicBucket'],
] as const)(
  'opening %s for a bucket answers with its %s, and so does listing',
  ([service, name]) => {
    const opened = `<Response><RequestId>r</RequestId><${name}>${XML_OF_BUCKET}</${name}></Response>`;
    expect(readServiceBucket(service, opened)).toStrictEqual(BUCKET);
    expect(writeServiceBucket(service, 'r', BUCKET)).toContain(opened);

    const listed = `<Response><RequestId>r</RequestId><TotalCount>3</TotalCount><PageNumber>2</PageNumber><PageSize>1</PageSize><${name}List>${XML_OF_BUCKET}</${name}List></Response>`;
    const list = { requestId: 'r', totalCount: 3, pageNumber: 2, pageSize: 1, buckets: [BUCKET] };
    expect(readServiceBucketList(service, listed)).toStrictEqual(list);
    expect(writeServiceBucketList(service, list)).toContain(listed);
  },
);

test('a time in the garbled form of the page does not hide the bucket', () => {
  const xml =
    '<Response><AiBucket><BucketId>a-1</BucketId><CreateTime>2021-11-05T10:1010+0800</CreateTime></AiBucket></Response>';
  expect(readServiceBucket('ai', xml)).toStrictEqual({ bucketId: 'a-1', name: '', region: '' });
});

test('an answer about another service is refused', () => {
  const xml = writeServiceBucket('media', 'r', BUCKET);
  expect(() => readServiceBucket('ai', xml)).toThrow('no <AiBucket>');
});

test('a list of no buckets, or of more than a thousand', () => {
  expect(readServiceBucketList('ai', '<Response><AiBucketList/></Response>').buckets).toEqual([]);
  const many = `<Response>${'<AiBucketList><BucketId>a</BucketId></AiBucketList>'.repeat(1001)}</Response>`;
  expect(() => readServiceBucketList('ai', many)).toThrow(
    expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
  );
});

const bucket = fc.record(
  { bucketId: plainName, name: anyText, region: anyText, createdAt: fc.constant(0) },
  { requiredKeys: ['bucketId', 'name', 'region'] },
);

describeFormat<ServiceBucket>({
  root: 'Response',
  read: (body) => readServiceBucket('ai', body),
  write: (value) => writeServiceBucket('ai', 'r', value),
  examples: [],
  values: bucket,
});

describeFormat<ServiceBucketList>({
  root: 'Response',
  read: (body) => readServiceBucketList('media', body),
  write: (value) => writeServiceBucketList('media', value),
  examples: [],
  values: fc.record({
    requestId: anyText,
    totalCount: fc.nat(),
    pageNumber: fc.nat(),
    pageSize: fc.nat(),
    buckets: fc.array(bucket, { maxLength: 3 }),
  }),
});
