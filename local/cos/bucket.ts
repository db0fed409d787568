import { writeBucketList } from '../../shared/wire/list-buckets.ts';
import { writeXml } from '../../shared/wire/xml.ts';
import type { Answer } from '../server/answer.ts';
import { cannedAclOf, ownerId } from './access.ts';
import { CosError } from './errors.ts';
import type { CosOperation, CosService } from './exchange.ts';
import { xmlAnswer } from './stored.ts';

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
    if (query.all.length > 0) throw new CosError('NotImplemented');
    if (!isBucketName(bucket)) {
      throw new CosError('InvalidBucketName', {
        message: `"${bucket}" is not <name>-<appid> in lower case letters, digits and dashes.`,
      });
    }
    const acl = cannedAclOf(incoming.headers['x-cos-acl']);
    const { status } = await service.storage.buckets.create(bucket);
    if (status === 'exists') throw new CosError('BucketAlreadyOwnedByYou');
    await service.storage.buckets.setDocument(bucket, 'region', region);
    if (acl) await service.storage.buckets.setDocument(bucket, 'acl', acl);
    return { status: 200, headers: {} };
  },
};

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
    if (query.all.length > 0) throw new CosError('NotImplemented');
    const { status } = await service.storage.buckets.remove(bucket);
    if (status === 'not-empty') throw new CosError('BucketNotEmpty');
    if (status === 'no-bucket') throw new CosError('NoSuchBucket');
    return { status: 204, headers: {} };
  },
};

export const getBucketLocation: CosOperation = {
  name: 'GetBucketLocation',
  method: 'GET',
  on: 'bucket',
  query: 'location',
  action: 'cos:GetBucketLocation',
  run: ({ region }) => xmlAnswer(writeXml('LocationConstraint', [['LocationConstraint', region]])),
};

/** The buckets of the account, or of one region of it. */
export function listBuckets(service: CosService, region: string | undefined): Answer {
  const buckets = service.storage.buckets
    .list()
    .map(({ name, created }) => ({ name, created, region: regionOf(service, name) }))
    .filter((bucket) => region === undefined || bucket.region === region);
  const id = ownerId(service.appid);
  const owner = { id, displayName: service.appid };
  return xmlAnswer(writeBucketList({ owner, marker: '', buckets }));
}
