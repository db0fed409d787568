import { CosError } from './errors.ts';
import type { CosOperation } from './exchange.ts';
import { descriptionIn } from './object-headers.ts';
import {
  bodyOf,
  expectedBody,
  mustBeStored,
  raising,
  storedHeaders,
  writeCondition,
} from './stored.ts';

export const putObject: CosOperation = {
  name: 'PutObject',
  method: 'PUT',
  on: 'object',
  action: 'cos:PutObject',
  async run(exchange) {
    const { service, incoming, bucket, key } = exchange;
    if (incoming.body.length === undefined && !incoming.headers['transfer-encoding']) {
      throw new CosError('MissingContentLength');
    }
    const expect = expectedBody(exchange);
    const describe = descriptionIn(incoming.headers);
    const outcome = await service.storage.objects.put(bucket, key, await bodyOf(exchange), {
      describe,
      expect,
      onlyIf: writeCondition(exchange),
      also: raising(exchange, 'cos:ObjectCreated:Put'),
    });
    const { record } = mustBeStored(outcome);
    service.events.wake();
    return { status: 200, headers: storedHeaders(record) };
  },
};
