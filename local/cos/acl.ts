import { readAccessControl, writeAccessControl } from '../../shared/wire/access-control.ts';
import { accessControlOf, aclInHeaders, type StoredAcl, storedAcl } from './access.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { describeAnew } from './object-tagging.ts';
import { xmlAnswer } from './stored.ts';
import { xmlBody } from './xml-body.ts';

/** The list a request sets: by name, by grants in headers, or as a document. */
async function aclIn(exchange: Exchange): Promise<StoredAcl | undefined> {
  const { headers, body } = exchange.incoming;
  const inHeaders = aclInHeaders(headers);
  if (inHeaders || headers['x-cos-acl']) return inHeaders;
  if (body.length === 0) return { canned: 'private', grants: [] };
  return { canned: undefined, grants: readAccessControl(await xmlBody(exchange)).grants };
}

export const putBucketAcl: CosOperation = {
  name: 'PutBucketACL',
  method: 'PUT',
  on: 'bucket',
  query: 'acl',
  action: 'cos:PutBucketACL',
  async run(exchange) {
    await exchange.service.storage.buckets.setDocument(
      exchange.bucket,
      'acl',
      await aclIn(exchange),
    );
    return { status: 200, headers: {} };
  },
};

export const getBucketAcl: CosOperation = {
  name: 'GetBucketACL',
  method: 'GET',
  on: 'bucket',
  query: 'acl',
  action: 'cos:GetBucketACL',
  run({ service, bucket }) {
    const acl = storedAcl(service.storage.buckets.document(bucket, 'acl'));
    return xmlAnswer(writeAccessControl(accessControlOf(acl, service.appid)), cannedHeader(acl));
  },
};

export const putObjectAcl: CosOperation = {
  name: 'PutObjectACL',
  method: 'PUT',
  on: 'object',
  query: 'acl',
  action: 'cos:PutObjectACL',
  async run(exchange) {
    await describeAnew(exchange, { acl: await aclIn(exchange) });
    return { status: 200, headers: {} };
  },
};

export const getObjectAcl: CosOperation = {
  name: 'GetObjectACL',
  method: 'GET',
  on: 'object',
  query: 'acl',
  action: 'cos:GetObjectACL',
  run({ service, bucket, key }) {
    const record = service.storage.objects.head(bucket, key);
    if (!record) throw new CosError('NoSuchKey');
    const bucketAcl = storedAcl(service.storage.buckets.document(bucket, 'acl'));
    const acl: StoredAcl = record.acl ? storedAcl(record.acl) : { canned: 'default', grants: [] };
    const shown = record.acl ? acl : bucketAcl;
    return xmlAnswer(writeAccessControl(accessControlOf(shown, service.appid)), cannedHeader(acl));
  },
};

function cannedHeader({ canned }: StoredAcl): Record<string, string> {
  return canned ? { 'x-cos-acl': canned } : {};
}
