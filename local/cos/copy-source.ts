import { decodePath } from '../../shared/wire/percent.ts';
import { regionOf } from './bucket.ts';
import { conditionOutcome, conditionsIn } from './conditions.ts';
import { CosError } from './errors.ts';
import type { CosService, Exchange } from './exchange.ts';
import type { ObjectRecord } from './storage/object-record.ts';

/** `<bucket>.cos.<region>.myqcloud.com/<key>`, on any of the service's domains. */
const SOURCE =
  /^(?:https?:\/\/)?([a-z0-9-]{1,60})\.cos(?:-internal)?\.([a-z0-9-]+)\.[a-z0-9.-]+(?::\d+)?\/(.+)$/i;

/** The object a copy is made from: it is there, may be read, and meets the conditions. */
export function copySourceOf(exchange: Exchange): ObjectRecord {
  const { incoming, service } = exchange;
  const { headers } = incoming;
  const header = headers['x-cos-copy-source'] ?? '';
  const question = header.indexOf('?');
  const [, bucket, region = '', rawKey] =
    SOURCE.exec(question === -1 ? header : header.slice(0, question)) ?? [];
  if (!bucket || !rawKey) {
    throw new CosError('InvalidCopySource', {
      message: `"${header}" is not <bucket>.cos.<region>.myqcloud.com/<key>.`,
    });
  }
  if (question !== -1 && /versionId=(?!null(?:&|$))[^&]/.test(header.slice(question))) {
    throw new CosError('NoSuchVersion');
  }
  const key = decodePath(rawKey);
  exchange.mustBeAllowed('cos:GetObject', key, bucket);
  mustBeThere(service, bucket, region.toLowerCase());
  const record = service.storage.objects.head(bucket, key);
  if (!record) throw new CosError('NoSuchKey');
  const conditions = conditionsIn(headers, 'x-cos-copy-source-');
  if (conditionOutcome(conditions, record) !== 'met') throw new CosError('PreconditionFailed');
  return record;
}

/** The name of a bucket in another region than its own is the name of no bucket. */
function mustBeThere(service: CosService, bucket: string, named: string): void {
  if (!service.storage.buckets.get(bucket)) throw new CosError('NoSuchBucket');
  const region = regionOf(service, bucket);
  if (named === region || named === 'accelerate') return;
  throw new CosError('NoSuchBucket', {
    message: `The bucket of the copy source does not exist in ${named}; it is in ${region}.`,
  });
}
