import { Readable } from 'node:stream';
import type { Caller } from '../../cam/caller.ts';
import { DENIED_HEADER, mustBeAllowed } from '../../cos/authorise.ts';
import { regionOf } from '../../cos/bucket.ts';
import { CosError } from '../../cos/errors.ts';
import type { CosService } from '../../cos/exchange.ts';
import { Query } from '../../cos/query.ts';
import type { StoredObject } from '../../cos/storage/objects.ts';
import type { Incoming } from '../../server/incoming.ts';
import { CiError } from '../ci-error.ts';
import { JobError } from './job-error.ts';

/** What Cloud Infinite is when it reads and writes for a job. */
export const CI_ROLE = 'CI_QCSRole';
const CI_SERVICE = 'ci.qcloud.com';

type Place = { readonly bucket: string; readonly key: string };

/** Refuses what would have to be done by a role that is not there. */
export function roleMustExist({ identities }: CosService): void {
  if (!identities.asRole(CI_ROLE, CI_SERVICE)) throw new CiError('CIRoleNotExist');
}

/** An object, opened by the role. Whoever calls reads it or closes it. */
export function openAsRole(service: CosService, place: Place): StoredObject {
  allowed(service, 'cos:GetObject', place, 'ResourceAccessDenied');
  const stored = service.storage.objects.get(place.bucket, place.key);
  if (stored) return stored;
  throw new JobError('ResourceNotFound', `There is no object ${place.bucket}/${place.key}.`);
}

export function mayListAsRole(service: CosService, bucket: string): void {
  allowed(service, 'cos:GetBucket', { bucket, key: '' }, 'ResourceAccessDenied');
}

export function mayWriteAsRole(service: CosService, place: Place): void {
  allowed(service, 'cos:PutObject', place, 'WriteTargetBucketDenied');
}

/** Policies are asked when the job does it, and not when it was submitted. */
function allowed(service: CosService, action: string, { bucket, key }: Place, code: string): void {
  const caller = service.identities.asRole(CI_ROLE, CI_SERVICE);
  if (!caller) throw new JobError('CIRoleNotExist', `There is no role ${CI_ROLE} to act as.`);
  try {
    const region = regionOf(service, bucket);
    mustBeAllowed(asking(service, caller), action, { bucket, region, key });
  } catch (thrown) {
    if (!(thrown instanceof CosError)) throw thrown;
    const missing = thrown.headers[DENIED_HEADER] ?? `${action} on ${bucket}/${key}`;
    throw new JobError(code, `The role ${CI_ROLE} may not ${missing}.`);
  }
}

/** As if the service sent a request of its own, over its own lines. */
function asking(service: CosService, caller: Caller) {
  const incoming: Incoming = {
    ...{ id: '', method: 'GET', rawPath: '/', rawQuery: '', headers: {}, secure: true },
    ...{ remoteAddress: '127.0.0.1', at: service.now() },
    body: { length: 0, bytes: async () => Buffer.alloc(0), stream: () => Readable.from([]) },
  };
  return { service, incoming, query: new Query(''), caller };
}
