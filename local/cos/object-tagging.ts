import { readTagging, writeTagging } from '../../shared/wire/tagging.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { checkedTags } from './object-headers.ts';
import type { Description } from './storage/object-record.ts';
import { xmlAnswer } from './stored.ts';
import { xmlBody } from './xml-body.ts';

/** Changes what is said about an object and leaves its bytes alone: no event comes of it. */
export async function describeAnew(
  { service, bucket, key }: Exchange,
  changes: Partial<Description>,
): Promise<void> {
  const outcome = await service.storage.objects.update(bucket, key, changes);
  if (outcome.status === 'no-object') throw new CosError('NoSuchKey');
  if (outcome.status === 'no-bucket') throw new CosError('NoSuchBucket');
}

export const putObjectTagging: CosOperation = {
  name: 'PutObjectTagging',
  method: 'PUT',
  on: 'object',
  query: 'tagging',
  action: 'cos:PutObjectTagging',
  async run(exchange) {
    await describeAnew(exchange, { tags: checkedTags(readTagging(await xmlBody(exchange))) });
    return { status: 200, headers: {} };
  },
};

export const getObjectTagging: CosOperation = {
  name: 'GetObjectTagging',
  method: 'GET',
  on: 'object',
  query: 'tagging',
  action: 'cos:GetObjectTagging',
  run({ service, bucket, key }) {
    const record = service.storage.objects.head(bucket, key);
    if (!record) throw new CosError('NoSuchKey');
    if (record.tags.length === 0) throw new CosError('NoSuchTagSet');
    return xmlAnswer(writeTagging(record.tags));
  },
};

export const deleteObjectTagging: CosOperation = {
  name: 'DeleteObjectTagging',
  method: 'DELETE',
  on: 'object',
  query: 'tagging',
  action: 'cos:DeleteObjectTagging',
  async run(exchange) {
    await describeAnew(exchange, { tags: [] });
    return { status: 204, headers: {} };
  },
};
