import { writeBucketList } from '../../shared/wire/list-buckets.ts';
import { writeXml } from '../../shared/wire/xml.ts';
import type { Answer } from '../server/answer.ts';
import { aclInHeaders, ownerId } from './access.ts';
import { CosError } from './errors.ts';
import type { CosOperation, CosService } from './exchange.ts';
import type { Query } from './query.ts';
import { xmlAnswer } from './stored.ts';
import { wholeParameter } from './whole-parameter.ts';

/** `<name>-<appid>`: lower case, digits and dashes, at most 60 characters in all. */
const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?-\d{5,12}$/;

export function isBucketName(name: string): boolean {
  return BUCKET_NAME.test(name) && name.length <= 60;
}

/** Where a bucket is: where it was created. */
export function regionOf(
  { storage, region }: Pick<CosService, 'storage' | 'region'>,
  bucket: string,
): string {
  const kept = storage.buckets.document(bucket, 'region');
  return typeof kept === 'string' ? kept : region;
}

export const putBucket: CosOperation = {
  name: 'PutBucket',
  method: 'PUT',
  on: 'bucket',
  action: 'cos:PutBucket',
  withoutBucket: true,
  async run({ service, incoming, query, bucket, region }) {
    refuseParameters(query);
    if (incoming.body.length !== 0) throw notHere('a configuration of a new bucket');
    if (incoming.headers['x-cos-tagging']) throw notHere('tags of a bucket');
    checkName(bucket, service.appid);
    const acl = aclInHeaders(incoming.headers);
    const { status } = await service.storage.buckets.create(bucket);
    if (status === 'exists') throw new CosError('BucketAlreadyOwnedByYou');
    await service.storage.buckets.setDocument(bucket, 'region', region);
    if (acl) await service.storage.buckets.setDocument(bucket, 'acl', acl);
    return { status: 200, headers: {} };
  },
};

/** A parameter nobody knows may well mean something else than to make or delete the bucket. */
function refuseParameters(query: Query): void {
  const [first] = query.asked;
  if (first !== undefined) throw notHere(`?${first.name} of a bucket`);
}

function notHere(what: string): CosError {
  return new CosError('NotImplemented', { message: `The engine does not have ${what}.` });
}

function checkName(bucket: string, appid: string): void {
  if (!isBucketName(bucket)) {
    throw new CosError('InvalidBucketName', {
      message: `"${bucket}" is not <name>-<appid> in lower case letters, digits and dashes.`,
    });
  }
  if (!bucket.endsWith(`-${appid}`)) {
    throw new CosError('InvalidBucketName', {
      message: `"${bucket}" does not end with -${appid}, the appid of this account.`,
    });
  }
}

/** The name of a bucket on the service's own domain. */
export function hostOf(bucket: string, region: string): string {
  return `${bucket}.cos.${region}.myqcloud.com`;
}

export const headBucket: CosOperation = {
  name: 'HeadBucket',
  method: 'HEAD',
  on: 'bucket',
  action: 'cos:HeadBucket',
  run: ({ region }) => ({ status: 200, headers: { 'x-cos-bucket-region': region } }),
};

export const deleteBucket: CosOperation = {
  name: 'DeleteBucket',
  method: 'DELETE',
  on: 'bucket',
  action: 'cos:DeleteBucket',
  async run({ service, bucket, query }) {
    refuseParameters(query);
    const status = await removeBucket(service, bucket);
    if (status === 'not-empty') throw new CosError('BucketNotEmpty');
    if (status === 'no-bucket') throw new CosError('NoSuchBucket');
    return { status: 204, headers: {} };
  },
};

/** Removes an empty bucket, and what was said of its events: a new one of the name starts without. */
export async function removeBucket(
  { storage, events }: Pick<CosService, 'storage' | 'events'>,
  bucket: string,
): Promise<'removed' | 'no-bucket' | 'not-empty'> {
  const { status } = await storage.buckets.remove(bucket);
  if (status === 'removed') await events.forget(bucket);
  return status;
}

export const getBucketLocation: CosOperation = {
  name: 'GetBucketLocation',
  method: 'GET',
  on: 'bucket',
  query: 'location',
  action: 'cos:GetBucketLocation',
  run: ({ region }) => xmlAnswer(writeXml('LocationConstraint', [['LocationConstraint', region]])),
};

const MAX_BUCKETS = 2000;

/** The buckets of the account, or of one region of it, in pages where the client wants them. */
export function listBuckets(
  service: CosService,
  query: Query,
  regionOfHost: string | undefined,
): Answer {
  refuseFilters(query);
  const region = regionOfHost ?? (query.get('region') || undefined);
  const marker = query.get('marker') ?? '';
  const max = wholeParameter(query, 'max-keys', { or: MAX_BUCKETS, min: 1, max: MAX_BUCKETS });
  const found = service.storage.buckets
    .list()
    .map(({ name, created }) => ({ name, created, region: regionOf(service, name) }))
    .filter((bucket) => region === undefined || bucket.region === region)
    .filter(({ name }) => name > marker);
  const buckets = found.slice(0, max);
  const nextMarker = found.length > max ? buckets.at(-1)?.name : undefined;
  const owner = { id: ownerId(service.appid), displayName: service.appid };
  return xmlAnswer(writeBucketList({ owner, marker, buckets, nextMarker }));
}

/** Buckets have no tags here, and asking for those of a certain age is not here either. */
function refuseFilters(query: Query): void {
  const filter = ['tagkey', 'tagvalue', 'create-time', 'range'].find((name) => query.get(name));
  if (filter !== undefined) throw notHere(`lists of buckets by ${filter}`);
}
