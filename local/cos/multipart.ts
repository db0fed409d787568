import { readCompleteRequest } from '../../shared/wire/complete-multipart-request.ts';
import { writeCompleteMultipartResult } from '../../shared/wire/complete-multipart-result.ts';
import { writeCopyResult } from '../../shared/wire/copy-object.ts';
import { writeMultipartStart } from '../../shared/wire/initiate-multipart.ts';
import { encodePath } from '../../shared/wire/percent.ts';
import { processedBy } from '../ci/methods/cloud.ts';
import { runStoredRules, storedRulesIn } from '../ci/methods/stored-rules.ts';
import { copySourceOf } from './copy-source.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { descriptionIn } from './object-headers.ts';
import type { ByteRange } from './storage/objects.ts';
import type { CompleteOutcome, PutPartOutcome } from './storage/uploads.ts';
import {
  bodyError,
  bodyOf,
  expectedBody,
  raising,
  storedHeaders,
  writeCondition,
  xmlAnswer,
} from './stored.ts';
import { MAX_PARTS, uploadOf } from './upload-of.ts';
import { wholeSeconds } from './whole-seconds.ts';
import { xmlBody } from './xml-body.ts';

const MIN_PART_BYTES = 1024 * 1024;

export const initiateMultipartUpload: CosOperation = {
  name: 'InitiateMultipartUpload',
  method: 'POST',
  on: 'object',
  query: 'uploads',
  action: 'cos:InitiateMultipartUpload',
  async run({ service, incoming, bucket, key }) {
    const describe = descriptionIn(incoming.headers);
    const outcome = await service.storage.uploads.create(bucket, key, describe);
    if (outcome.status === 'no-bucket') throw new CosError('NoSuchBucket');
    return xmlAnswer(writeMultipartStart({ bucket, key, uploadId: outcome.upload.id }));
  },
};

export const uploadPart: CosOperation = {
  name: 'UploadPart',
  method: 'PUT',
  on: 'object',
  query: 'uploadId',
  withQuery: 'partNumber',
  action: 'cos:UploadPart',
  async run(exchange) {
    const outcome = await exchange.service.storage.uploads.put(
      uploadOf(exchange),
      partNumberOf(exchange),
      await bodyOf(exchange),
      expectedBody(exchange),
    );
    return { status: 200, headers: storedHeaders(mustBePart(outcome)) };
  },
};

export const uploadPartCopy: CosOperation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  on: 'object',
  query: 'uploadId',
  header: 'x-cos-copy-source',
  action: 'cos:UploadPart',
  async run(exchange) {
    const { service, incoming } = exchange;
    const number = partNumberOf(exchange);
    const record = copySourceOf(exchange);
    const range = copiedRange(incoming.headers['x-cos-copy-source-range'], record.size);
    const stored = service.storage.objects.get(record.bucket, record.key);
    if (!stored) throw new CosError('NoSuchKey');
    const bytes = stored.read(range);
    const outcome = await service.storage.uploads.put(uploadOf(exchange), number, bytes);
    if (!Buffer.isBuffer(bytes)) bytes.destroy();
    const part = mustBePart(outcome);
    const dated = { ...part, modified: wholeSeconds(part.modified) };
    return xmlAnswer(writeCopyResult('CopyPartResult', dated), storedHeaders(part));
  },
};

export const completeMultipartUpload: CosOperation = {
  name: 'CompleteMultipartUpload',
  method: 'POST',
  on: 'object',
  query: 'uploadId',
  action: 'cos:CompleteMultipartUpload',
  async run(exchange) {
    const { service, incoming, bucket, key, host } = exchange;
    const rules = storedRulesIn(exchange, incoming.headers['pic-operations'], key, 'upload');
    const parts = readCompleteRequest(await xmlBody(exchange));
    const outcome = await service.storage.uploads.complete(uploadOf(exchange), parts, {
      minPartSize: MIN_PART_BYTES,
      onlyIf: writeCondition(incoming.headers),
      also: raising(exchange, 'cos:ObjectCreated:CompleteMultipartUpload'),
    });
    const { record } = mustBeComplete(outcome);
    service.events.wake();
    const location = `http://${host}/${encodePath(key)}`;
    // With rules the results stand beside the object, not in an UploadResult of their own.
    const processed = rules && (await runStoredRules(exchange, rules));
    const { etag } = processed?.source ?? record;
    const result = { bucket, key, location, etag };
    const body = writeCompleteMultipartResult(
      processed
        ? {
            ...result,
            ...(processed.imageInfo ? { imageInfo: processed.imageInfo } : {}),
            results: processed.results,
          }
        : result,
    );
    return xmlAnswer(body, {
      ...storedHeaders(processed?.source ?? record),
      ...(processed && processedBy(processed.engine)),
    });
  },
};

export const abortMultipartUpload: CosOperation = {
  name: 'AbortMultipartUpload',
  method: 'DELETE',
  on: 'object',
  query: 'uploadId',
  action: 'cos:AbortMultipartUpload',
  async run(exchange) {
    const outcome = await exchange.service.storage.uploads.abort(uploadOf(exchange));
    if (outcome.status === 'no-upload') throw new CosError('NoSuchUpload');
    return { status: 204, headers: {} };
  },
};

function partNumberOf({ query }: Exchange): number {
  const text = query.get('partNumber') ?? '';
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MAX_PARTS) return number;
  throw new CosError('InvalidArgument', {
    message: `partNumber is a number from 1 to ${MAX_PARTS}, not "${text}".`,
  });
}

/** `bytes=0-1048575`, which has to lie within the source. */
function copiedRange(header: string | undefined, size: number): ByteRange | undefined {
  if (!header) return undefined;
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header) ?? [];
  const start = Number(first);
  const end = Number(last);
  if (start <= end && end < size) return { start, end };
  throw new CosError('InvalidRange', {
    message: `x-cos-copy-source-range "${header}" does not lie within ${size} bytes.`,
  });
}

function mustBePart(outcome: PutPartOutcome) {
  switch (outcome.status) {
    case 'stored':
      return outcome.part;
    case 'no-upload':
      throw new CosError('NoSuchUpload');
    case 'body-refused':
      throw bodyError(outcome.because);
  }
}

function mustBeComplete(outcome: CompleteOutcome) {
  switch (outcome.status) {
    case 'stored':
      return outcome;
    case 'no-upload':
      throw new CosError('NoSuchUpload');
    case 'no-bucket':
      throw new CosError('NoSuchBucket');
    case 'condition-failed':
      throw new CosError('FileAlreadyExists');
    case 'no-parts':
      throw new CosError('MalformedXML', { message: 'The request names no part.' });
    case 'part-unknown':
      throw new CosError('InvalidPart', {
        message: `Part ${outcome.number} was not uploaded, or has another ETag.`,
      });
    case 'parts-unordered':
      throw new CosError('InvalidPartOrder', {
        message: `Part ${outcome.number} does not stand in ascending order.`,
      });
    case 'part-too-small':
      throw new CosError('EntityTooSmall', {
        message: `Part ${outcome.number} has ${outcome.size} bytes; every part but the last needs ${MIN_PART_BYTES}.`,
      });
  }
}
