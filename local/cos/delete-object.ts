import { readDeleteRequest, writeDeleteResult } from '../../shared/wire/delete-objects.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { raising, xmlAnswer } from './stored.ts';
import { xmlBody } from './xml-body.ts';

/** A key that is not there is no error: whoever wanted it gone has what they wanted. */
async function remove(exchange: Exchange, key: string): Promise<void> {
  const { service, bucket } = exchange;
  const also = raising(exchange, 'cos:ObjectRemove:Delete');
  const outcome = await service.storage.objects.remove(bucket, key, { also });
  if (outcome.status === 'no-bucket') throw new CosError('NoSuchBucket');
}

export const deleteObject: CosOperation = {
  name: 'DeleteObject',
  method: 'DELETE',
  on: 'object',
  action: 'cos:DeleteObject',
  async run(exchange) {
    await remove(exchange, exchange.key);
    exchange.service.events.wake();
    return { status: 204, headers: {} };
  },
};

const MAX_OBJECTS = 1000;

export const deleteObjects: CosOperation = {
  name: 'DeleteMultipleObjects',
  method: 'POST',
  on: 'bucket',
  query: 'delete',
  action: 'cos:DeleteObject',
  asksItself: true,
  async run(exchange) {
    // Whoever has keys is asked for each object alone; nobody in particular for all of it besides.
    if (exchange.caller.is === 'anonymous') exchange.mustBeAllowed('cos:DeleteMultipleObjects', '');
    const body = await xmlBody(exchange);
    const { quiet, objects } = readDeleteRequest(body);
    if (objects.length > MAX_OBJECTS) {
      throw new CosError('MalformedXML', {
        message: `A request deletes at most ${MAX_OBJECTS} objects.`,
      });
    }

    const deleted: { key: string }[] = [];
    const failed: { key: string; code: string; message: string }[] = [];
    for (const { key, versionId } of objects) {
      try {
        if (versionId && versionId !== 'null') throw new CosError('NoSuchVersion');
        exchange.mustBeAllowed('cos:DeleteObject', key);
        await remove(exchange, key);
        deleted.push({ key });
      } catch (thrown) {
        if (!(thrown instanceof CosError)) throw thrown;
        failed.push({ key, code: thrown.code, message: thrown.message });
      }
    }
    exchange.service.events.wake();
    return xmlAnswer(writeDeleteResult({ deleted: quiet ? [] : deleted, failed }));
  },
};
