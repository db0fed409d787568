import type { Body } from './body-text.ts';
import { writeIsoSeconds } from './iso-time.ts';
import { type Owner, readOwner, writeOwner } from './owner.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';

interface ListedBucket {
  readonly name: string;
  readonly region: string;
  readonly created: number;
}

/** What GET Service answers: the buckets of an account, or of one region of it. */
export interface BucketList {
  readonly owner: Owner;
  readonly marker: string;
  readonly buckets: readonly ListedBucket[];
  /** Where the next page starts; nothing on the last one. */
  readonly nextMarker?: string | undefined;
}

export function readBucketList(body: Body): BucketList {
  const list = readXml(body, { root: 'ListAllMyBucketsResult' });
  const nextMarker = list.text('NextMarker') ?? '';
  return {
    owner: readOwner(list.child('Owner')) ?? { id: '' },
    marker: list.text('Marker') ?? '',
    // Samples of the documentation repeat the container for every bucket.
    buckets: list
      .children('Buckets')
      .flatMap((buckets) => buckets.children('Bucket'))
      .map((bucket) => ({
        name: bucket.required('Name').trim(),
        region: bucket.required('Location'),
        created: bucket.requiredTime('CreationDate'),
      })),
    nextMarker: nextMarker === '' ? undefined : nextMarker,
  };
}

export function writeBucketList(list: BucketList): string {
  return writeXml('ListAllMyBucketsResult', [
    ['Owner', writeOwner(list.owner)],
    ['Marker', list.marker],
    ['NextMarker', list.nextMarker ?? ''],
    ['IsTruncated', list.nextMarker !== undefined],
    ['Buckets', list.buckets.map(entryOf)],
  ]);
}

function entryOf({ name, region, created }: ListedBucket): XmlEntry {
  return [
    'Bucket',
    [
      ['Name', name],
      ['Location', region],
      ['CreationDate', writeIsoSeconds(created)],
      ['BucketType', 'cos'],
    ],
  ];
}
