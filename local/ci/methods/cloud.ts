import { writeUploadResult } from '../../../shared/wire/upload-result.ts';
import { CosError } from '../../cos/errors.ts';
import type { CosOperation, Exchange } from '../../cos/exchange.ts';
import { storedHeaders, xmlAnswer } from '../../cos/stored.ts';
import type { Answer } from '../../server/answer.ts';
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
    if (!service.storage.objects.head(bucket, key)) throw new CosError('NoSuchKey');
    const rules = storedRulesIn(exchange, incoming.headers['pic-operations'], key, 'cloud');
    if (!rules)
      throw new CosError('InvalidPicOperations', { message: 'There is no Pic-Operations header.' });
    return uploadResultAnswer(exchange, await runStoredRules(exchange, rules));
  },
};

/** Methods 2 and 3 answer alike, with the headers of the stored original beside. */
export function uploadResultAnswer(
  { bucket, region, key }: Exchange,
  { imageInfo, results, source }: Processed,
): Answer {
  const location = `${bucket}.cos.${region}.myqcloud.com/${key}`;
  const original = { key, location, etag: source.etag, ...(imageInfo ? { imageInfo } : {}) };
  const headers = { ...storedHeaders(source), Server: 'tencent-ci' };
  return xmlAnswer(writeUploadResult({ original, results }), headers);
}
