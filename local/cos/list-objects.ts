import { writeObjectList } from '../../shared/wire/list-objects.ts';
import type { CosOperation } from './exchange.ts';
import { xmlAnswer } from './stored.ts';
import { encodingType, wholeParameter } from './whole-parameter.ts';
import { wholeSeconds } from './whole-seconds.ts';

const MAX_KEYS = 1000;

export const listObjects: CosOperation = {
  name: 'GetBucket',
  method: 'GET',
  on: 'bucket',
  action: 'cos:GetBucket',
  run({ service, query, bucket, region }) {
    const prefix = query.get('prefix') ?? '';
    const marker = query.get('marker') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const maxKeys = wholeParameter(query, 'max-keys', { or: MAX_KEYS, min: 0, max: MAX_KEYS });
    const page = service.storage.objects.list(bucket, { prefix, marker, delimiter, max: maxKeys });
    const owner = { id: service.appid, displayName: service.appid };
    const body = writeObjectList({
      bucket,
      prefix,
      marker,
      maxKeys,
      delimiter: delimiter === '' ? undefined : delimiter,
      encodingType: encodingType(query),
      commonPrefixes: page.prefixes,
      objects: page.objects.map(({ key, etag, size, modified, storageClass }) => ({
        key,
        etag,
        size,
        modified: wholeSeconds(modified),
        storageClass,
        owner,
      })),
      nextMarker: page.next,
    });
    return xmlAnswer(body, { 'x-cos-bucket-region': region });
  },
};
