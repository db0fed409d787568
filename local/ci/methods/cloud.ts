import { writeUploadResult } from '../../../shared/wire/upload-result.ts';
import { CosError } from '../../cos/errors.ts';
import type { CosOperation, Exchange } from '../../cos/exchange.ts';
import { storedHeaders, xmlAnswer } from '../../cos/stored.ts';
import type { Answer } from '../../server/answer.ts';
import { numbered, processError } from './process-error.ts';
import { type Processed, runStoredRules, storedRulesIn } from './stored-rules.ts';

/** `POST /<key>?image_process`: rules over an object that is there. */
export const processInCloud: CosOperation = {
  name: 'ImageProcess',
  method: 'POST',
  on: 'object',
  query: 'image_process',
  action: 'cos:GetObject',
  async run(exchange) {
    const { service, incoming, bucket, key } = exchange;
    if (!service.storage.objects.head(bucket, key)) {
      throw processError(new CosError('NoSuchKey'), 'stored');
    }
    const rules = storedRulesIn(exchange, incoming.headers['pic-operations'], key, 'cloud');
    if (!rules)
      throw numbered('InvalidPicOperations', 'There is no Pic-Operations header.', 'stored');
    return uploadResultAnswer(exchange, await runStoredRules(exchange, rules));
  },
};

/** What every answer says for which pictures were processed. */
export function processedBy(engine: string) {
  return { Server: 'tencent-ci', 'x-darkroom-engine': engine };
}

/** Methods 2 and 3 answer alike, with the headers of the stored original beside. */
export function uploadResultAnswer(
  { bucket, region, key }: Exchange,
  { imageInfo, results, source, engine }: Processed,
): Answer {
  const location = `${bucket}.cos.${region}.myqcloud.com/${key}`;
  const original = { key, location, etag: source.etag, ...(imageInfo ? { imageInfo } : {}) };
  const headers = { ...storedHeaders(source), ...processedBy(engine) };
  return xmlAnswer(writeUploadResult({ original, results }), headers);
}
