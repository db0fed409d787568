import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { readCiTimeIfSet, writeCiTime } from './ci-time.ts';
import { defined } from './defined.ts';
import { wholeNumber } from './whole-number.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_BUCKETS = 1000;
const MAX_LENGTH = 1024 * 1024;

/** The services a bucket can be opened for; the path is `/ai_bucket`, `/mediabucket`, `/picbucket`. */
const ELEMENTS = { ai: 'AiBucket', media: 'MediaBucket', pic: 'PicBucket' } as const;

export type BucketService = keyof typeof ELEMENTS;

/** A bucket for which a service of Cloud Infinite was opened. */
export interface ServiceBucket {
  readonly bucketId: string;
  readonly name: string;
  readonly region: string;
  /** Missing when it is told in a form nobody can read, as in the page's own sample. */
  readonly createdAt?: number;
}

export interface ServiceBucketList {
  readonly requestId: string;
  readonly totalCount: number;
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly buckets: readonly ServiceBucket[];
}

/** The answer to opening the service. */
export function readServiceBucket(service: BucketService, body: Body): ServiceBucket {
  const name = ELEMENTS[service];
  const bucket = readXml(body, { root: 'Response', maxLength: MAX_LENGTH }).child(name);
  if (!bucket) throw new Fault('XML_UNREADABLE', `An answer about a bucket has no <${name}>`);
  return readBucket(bucket);
}

export function writeServiceBucket(
  service: BucketService,
  requestId: string,
  bucket: ServiceBucket,
): string {
  return writeXml('Response', [
    ['RequestId', requestId],
    [ELEMENTS[service], bucketEntries(bucket)],
  ]);
}

export function readServiceBucketList(service: BucketService, body: Body): ServiceBucketList {
  const root = readXml(body, { root: 'Response', maxLength: MAX_LENGTH });
  const buckets = root
    .children(`${ELEMENTS[service]}List`)
    .filter(({ elements }) => elements.length > 0);
  if (buckets.length > MAX_BUCKETS) {
    throw new Fault('INPUT_TOO_LARGE', `An answer lists ${buckets.length} buckets`);
  }
  return {
    requestId: root.text('RequestId') ?? '',
    totalCount: wholeNumber(root.text('TotalCount')) ?? buckets.length,
    pageNumber: wholeNumber(root.text('PageNumber')) ?? 1,
    pageSize: wholeNumber(root.text('PageSize')) ?? buckets.length,
    buckets: buckets.map(readBucket),
  };
}

export function writeServiceBucketList(service: BucketService, list: ServiceBucketList): string {
  return writeXml('Response', [
    ['RequestId', list.requestId],
    ['TotalCount', list.totalCount],
    ['PageNumber', list.pageNumber],
    ['PageSize', list.pageSize],
    ...list.buckets.map((bucket): XmlEntry => [`${ELEMENTS[service]}List`, bucketEntries(bucket)]),
  ]);
}

function readBucket(node: XmlNode): ServiceBucket {
  return defined({
    bucketId: node.required('BucketId').trim(),
    name: node.text('Name') ?? '',
    region: node.text('Region') ?? '',
    createdAt: readCiTimeIfSet(node.text('CreateTime')),
  });
}

function bucketEntries({ bucketId, name, region, createdAt }: ServiceBucket): readonly XmlEntry[] {
  return [
    ['BucketId', bucketId],
    ['Name', name],
    ['Region', region],
    ['CreateTime', createdAt === undefined ? undefined : writeCiTime(createdAt)],
  ];
}
