// The object service on this machine. What it can do is this table, and docs/engine.md is made from it.
//
// Not here, and answered with 501 rather than pretended: versions, lifecycle, replication, inventory,
// bucket policies, static websites, logging, encryption settings, object lock, restoring, SELECT.
// Different on purpose: storage classes are kept and change nothing; nothing is billed or throttled.
import { processInCloud } from '../ci/methods/cloud.ts';
import { processAddress, processOnDownload } from '../ci/methods/download.ts';
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from './acl.ts';
import { appendObject } from './append-object.ts';
import { deleteBucket, getBucketLocation, headBucket, putBucket } from './bucket.ts';
import { copyObject } from './copy-object.ts';
import { deleteBucketCors, getBucketCors, putBucketCors } from './cors.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { CosError } from './errors.ts';
import type { CosOperation } from './exchange.ts';
import { getObject, headObject } from './get-object.ts';
import { refuseHeadersNotHere } from './headers-not-here.ts';
import { listMultipartUploads, listParts } from './list-multipart.ts';
import { listObjects } from './list-objects.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './multipart.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { postObject } from './post-object.ts';
import { putObject } from './put-object.ts';
import type { Query } from './query.ts';
import {
  deleteStrictSignature,
  getStrictSignature,
  putStrictSignature,
} from './strict-signature.ts';
import { getBucketVersioning, putBucketVersioning } from './versioning.ts';

/** The first that fits is meant, so what is selected by a parameter stands before what is not. */
export const COS_OPERATIONS: readonly CosOperation[] = [
  uploadPartCopy,
  uploadPart,
  listParts,
  initiateMultipartUpload,
  completeMultipartUpload,
  abortMultipartUpload,
  appendObject,
  putObjectAcl,
  getObjectAcl,
  putObjectTagging,
  getObjectTagging,
  deleteObjectTagging,
  processInCloud,
  copyObject,
  putObject,
  processOnDownload,
  getObject,
  headObject,
  deleteObject,
  deleteObjects,
  listMultipartUploads,
  putBucketAcl,
  getBucketAcl,
  putBucketCors,
  getBucketCors,
  deleteBucketCors,
  putBucketVersioning,
  getBucketVersioning,
  getBucketLocation,
  putStrictSignature,
  getStrictSignature,
  deleteStrictSignature,
  postObject,
  processAddress,
  listObjects,
  headBucket,
  putBucket,
  deleteBucket,
];

/** Parameters that select something the service has and the engine has not. */
export const NOT_HERE: readonly string[] = [
  'accelerate',
  'domain',
  'encryption',
  'intelligenttiering',
  'inventory',
  'lifecycle',
  'logging',
  'notification',
  'object-lock',
  'origin',
  'policy',
  'rename',
  'referer',
  'replication',
  'restore',
  'retention',
  'select',
  'symlink',
  'tagging',
  'versions',
  'website',
  'worm',
];

/** A request looks only at what its method can mean. */
const BY_METHOD = new Map<string, CosOperation[]>();
for (const operation of COS_OPERATIONS) {
  const name = `${operation.on} ${operation.method}`;
  BY_METHOD.set(name, [...(BY_METHOD.get(name) ?? []), operation]);
}

/** Whatever selects an operation for one method selects none for another: it is not overlooked. */
const SELECTORS: readonly string[] = [
  ...NOT_HERE,
  ...COS_OPERATIONS.flatMap(({ query }) => query ?? []),
];

/** What a request asks for. Something the engine has not is refused by its name. */
export function operationFor(
  method: string,
  on: CosOperation['on'],
  query: Query,
  headers: Readonly<Record<string, string | undefined>>,
): CosOperation {
  refuseHeadersNotHere(headers);
  const possible = BY_METHOD.get(`${on} ${method}`);
  if (!possible) throw new CosError('MethodNotAllowed');
  const found = possible.find(
    (each) =>
      (each.query === undefined || query.has(each.query)) &&
      (each.withQuery === undefined || query.has(each.withQuery)) &&
      (each.when === undefined || each.when(query)) &&
      (each.header === undefined || Boolean(headers[each.header])),
  );
  if (found?.query === undefined && found?.when === undefined && query.all.length > 0) {
    const missing = SELECTORS.find((name) => query.has(name));
    if (missing) throw notImplemented(`${method} ?${missing} of ${one(on)}`);
  }
  if (found) return found;
  throw notImplemented(`${method} of ${one(on)} with these parameters`);
}

function notImplemented(what: string): CosError {
  return new CosError('NotImplemented', { message: `The engine does not have ${what}.` });
}

function one(on: 'bucket' | 'object'): string {
  return on === 'object' ? 'an object' : 'a bucket';
}
