import { Fault } from '../../shared/core/fault.ts';
import type { CorsRule } from '../../shared/wire/cors-configuration.ts';
import type { CannedAcl, StoredAcl } from '../cos/access.ts';
import { isBucketName, regionOf } from '../cos/bucket.ts';
import type { CosService } from '../cos/exchange.ts';

/** A bucket as somebody wants it; what is not said stays as it is, or as a bucket is at first. */
export interface WantedBucket {
  readonly name: string;
  readonly region?: string | undefined;
  readonly acl?: Exclude<CannedAcl, 'default'> | undefined;
  readonly cors?: readonly CorsRule[] | undefined;
}

/** A bucket cannot move: one that is in another region is left as it is. */
export interface MadeBucket {
  readonly status: 'created' | 'there' | 'in-another-region';
  readonly region: string;
}

export async function makeBucket(
  service: Pick<CosService, 'storage' | 'region'>,
  { name, region: wanted, acl, cors }: WantedBucket,
): Promise<MadeBucket> {
  if (!isBucketName(name)) {
    throw new Fault('BUCKET_NAME_INVALID', `"${name.slice(0, 80)}" cannot name a bucket`, {
      hint: 'A name is <name>-<appid> in lower case letters, digits and dashes: shop-1250000000.',
    });
  }
  const { buckets } = service.storage;
  const created = (await buckets.create(name)).status === 'created';
  if (created) await buckets.setDocument(name, 'region', wanted ?? service.region);
  const region = regionOf(service, name);
  if (wanted !== undefined && wanted !== region) return { status: 'in-another-region', region };

  const list: StoredAcl | undefined = acl && { canned: acl, grants: [] };
  if (list) await buckets.setDocument(name, 'acl', list);
  if (cors) {
    await buckets.setDocument(name, 'cors', cors.length > 0 ? { rules: cors } : undefined);
  }
  return { status: created ? 'created' : 'there', region };
}
