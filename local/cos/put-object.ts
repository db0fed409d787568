import { MAX_PICTURE_BYTES } from '../ci/methods/bytes-of.ts';
import { uploadResultAnswer } from '../ci/methods/cloud.ts';
import { numbered } from '../ci/methods/process-error.ts';
import { runStoredRules, storedRulesIn } from '../ci/methods/stored-rules.ts';
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
    const expect = expectedBody(exchange);
    const describe = descriptionIn(incoming.headers);
    const rules = storedRulesIn(exchange, incoming.headers['pic-operations'], key, 'upload');
    if (rules && incoming.body.length === undefined) throw new CosError('MissingContentLength');
    if (rules && rules.rules.length > 0 && (incoming.body.length ?? 0) > MAX_PICTURE_BYTES) {
      throw numbered('ImageTooLarge', `At most ${MAX_PICTURE_BYTES} bytes with rules.`, 'stored');
    }
    const outcome = await service.storage.objects.put(bucket, key, await bodyOf(exchange), {
      describe,
      expect,
      onlyIf: writeCondition(incoming.headers),
      also: raising(exchange, 'cos:ObjectCreated:Put'),
    });
    const { record } = mustBeStored(outcome);
    service.events.wake();
    if (rules) return uploadResultAnswer(exchange, await runStoredRules(exchange, rules));
    return { status: 200, headers: storedHeaders(record) };
  },
};
