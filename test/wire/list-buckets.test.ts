import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  type BucketList,
  readBucketList,
  writeBucketList,
} from '../../shared/wire/list-buckets.ts';
import { anyName, anyOwner, anyText, anyTime, describeFormat, plainName } from './wire-format.ts';

const ID = 'qcs::cam::uin/100000000001:uin/100000000001';
const OWNER = `<Owner><ID>${ID}</ID><DisplayName>100000000001</DisplayName></Owner>`;
const owner = { id: ID, displayName: '100000000001' };

describeFormat<BucketList>({
  root: 'ListAllMyBucketsResult',
  read: readBucketList,
  write: writeBucketList,
  examples: [
    [
      'an account without buckets',
      { owner, marker: '', buckets: [] },
      `<ListAllMyBucketsResult>${OWNER}<Marker/><NextMarker/><IsTruncated>false</IsTruncated>` +
        '<Buckets/></ListAllMyBucketsResult>',
    ],
    [
      'a page with one bucket, whose time has no milliseconds',
      {
        owner,
        marker: 'a-1250000000',
        buckets: [
          {
            name: 'examplebucket-1250000000',
            region: 'ap-guangzhou',
            created: Date.UTC(2019, 4, 24, 11, 49, 50),
          },
        ],
        nextMarker: 'examplebucket-1250000000',
      },
      `<ListAllMyBucketsResult>${OWNER}<Marker>a-1250000000</Marker>` +
        '<NextMarker>examplebucket-1250000000</NextMarker><IsTruncated>true</IsTruncated>' +
        '<Buckets><Bucket><Name>examplebucket-1250000000</Name><Location>ap-guangzhou</Location>' +
        '<CreationDate>2019-05-24T11:49:50Z</CreationDate><BucketType>cos</BucketType></Bucket>' +
        '</Buckets></ListAllMyBucketsResult>',
    ],
  ],
  values: fc.record(
    {
      owner: anyOwner,
      marker: anyText,
      buckets: fc.array(
        fc.record({
          name: plainName,
          region: anyName,
          created: anyTime.map((time) => time - (time % 1000)),
        }),
        { maxLength: 3 },
      ),
      nextMarker: anyName,
    },
    { requiredKeys: ['owner', 'marker', 'buckets'] },
  ),
});

test('the container may be repeated for every bucket, as samples show it', () => {
  const bucket = (name: string) =>
    `<Buckets><Bucket><Name>${name} </Name><Location>ap-guangzhou</Location>` +
    '<CreationDate>2022-04-11T03:01:49Z</CreationDate></Bucket></Buckets>';
  const { buckets } = readBucketList(
    `<ListAllMyBucketsResult>${OWNER}${bucket('a-1')}${bucket('b-1')}</ListAllMyBucketsResult>`,
  );

  expect(buckets.map(({ name }) => name)).toEqual(['a-1', 'b-1']);
});
