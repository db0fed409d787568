import { writeEtag } from '../../shared/wire/etag.ts';
import type { Answer } from '../server/answer.ts';
import { conditionOutcome, conditionsIn } from './conditions.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { headersOf, overridesIn } from './object-headers.ts';
import { rangeOf } from './range.ts';
import type { ObjectRecord } from './storage/object-record.ts';

export const getObject: CosOperation = {
  name: 'GetObject',
  method: 'GET',
  on: 'object',
  action: 'cos:GetObject',
  run(exchange) {
    const { service, bucket, key } = exchange;
    const stored = service.storage.objects.get(bucket, key);
    if (!stored) throw new CosError('NoSuchKey');
    try {
      const { answer, range } = answerWithout(exchange, stored.record, () =>
        headersOf(stored.record),
      );
      if (answer.status >= 300) {
        stored.close();
        return answer;
      }
      return { ...answer, body: stored.read(range) };
    } catch (thrown) {
      stored.close();
      throw thrown;
    }
  },
};

export const headObject: CosOperation = {
  name: 'HeadObject',
  method: 'HEAD',
  on: 'object',
  action: 'cos:HeadObject',
  run(exchange) {
    const { service, bucket, key } = exchange;
    const record = service.storage.objects.head(bucket, key);
    if (!record) throw new CosError('NoSuchKey');
    return answerWithout(exchange, record, () => headersOf(record)).answer;
  },
};

/** The same rules for bytes that stand in no bucket, such as a processed picture. */
export function answerBytes(
  exchange: Exchange,
  bytes: Uint8Array,
  about: Pick<ObjectRecord, 'etag' | 'modified'>,
  more: Readonly<Record<string, string>>,
): Answer {
  const sized = { ...about, size: bytes.length };
  const { answer, range } = answerWithout(exchange, sized, () => ({
    ETag: writeEtag(about.etag),
    'Last-Modified': new Date(about.modified).toUTCString(),
    'Accept-Ranges': 'bytes',
    ...more,
  }));
  if (answer.status >= 300) return { ...answer, headers: { ...answer.headers, ...more } };
  return { ...answer, body: range ? bytes.subarray(range.start, range.end + 1) : bytes };
}

/** All of the answer but its body, which only GET sends. */
function answerWithout(
  exchange: Exchange,
  record: Pick<ObjectRecord, 'etag' | 'modified' | 'size'>,
  describe: () => Record<string, string | number>,
) {
  const { incoming, query, caller } = exchange;
  const outcome = conditionOutcome(conditionsIn(incoming.headers), record);
  if (outcome === 'failed') throw new CosError('PreconditionFailed');
  if (outcome === 'not-modified') {
    const headers = {
      ETag: writeEtag(record.etag),
      'Last-Modified': new Date(record.modified).toUTCString(),
    };
    const answer: Answer = { status: 304, headers };
    return { answer, range: undefined };
  }

  const range = rangeOf(incoming.headers['range'], record.size);
  if (range.is === 'impossible') throw new CosError('InvalidRange');
  const headers = describe();
  // Whoever may not sign may not choose what an object looks like either.
  if (caller.is !== 'anonymous') Object.assign(headers, overridesIn(query));
  if (range.is === 'whole') {
    headers['Content-Length'] = record.size;
    const answer: Answer = { status: 200, headers };
    return { answer, range: undefined };
  }
  headers['Content-Length'] = range.end - range.start + 1;
  headers['Content-Range'] = `bytes ${range.start}-${range.end}/${record.size}`;
  const answer: Answer = { status: 206, headers };
  return { answer, range: { start: range.start, end: range.end } };
}
