import { readCompleteRequest } from '../../shared/wire/complete-multipart-request.ts';
import { writeCompleteMultipartResult } from '../../shared/wire/complete-multipart-result.ts';
import { writeCopyResult } from '../../shared/wire/copy-object.ts';
import { writeMultipartStart } from '../../shared/wire/initiate-multipart.ts';
import { writePartList } from '../../shared/wire/list-parts.ts';
import { writeUploadList } from '../../shared/wire/list-uploads.ts';
import { encodePath } from '../../shared/wire/percent.ts';
import { runStoredRules, storedRulesIn } from '../ci/methods/stored-rules.ts';
import { ownerId } from './access.ts';
import { copySourceOf } from './copy-source.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { descriptionIn } from './object-headers.ts';
import type { ByteRange } from './storage/objects.ts';
import type { CompleteOutcome, PutPartOutcome, UploadRef } from './storage/uploads.ts';
import {
  bodyError,
  bodyOf,
  expectedBody,
  raising,
  storedHeaders,
  writeCondition,
  xmlAnswer,
} from './stored.ts';
import { encodingType, wholeParameter } from './whole-parameter.ts';
import { wholeSeconds } from './whole-seconds.ts';
import { xmlBody } from './xml-body.ts';

const MIN_PART_BYTES = 1024 * 1024;
const MAX_PARTS = 10_000;
const PAGE = 1000;

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

export const listParts: CosOperation = {
  name: 'ListParts',
  method: 'GET',
  on: 'object',
  query: 'uploadId',
  action: 'cos:ListParts',
  run(exchange) {
    const { service, query, bucket, key } = exchange;
    const ref = uploadOf(exchange);
    const upload = service.storage.uploads.get(ref);
    if (!upload) throw new CosError('NoSuchUpload');
    const after = wholeParameter(query, 'part-number-marker', { or: 0, min: 0, max: MAX_PARTS });
    const max = wholeParameter(query, 'max-parts', { or: PAGE, min: 1, max: PAGE });
    const page = service.storage.uploads.parts(ref, { after, max });
    const owner = { id: ownerId(service.appid), displayName: service.appid };
    const parts = page.parts.map((part) => ({ ...part, modified: wholeSeconds(part.modified) }));
    const body = writePartList({
      bucket,
      key,
      uploadId: ref.id,
      encodingType: encodingType(query),
      owner,
      initiator: owner,
      storageClass: upload.storageClass,
      partNumberMarker: after,
      maxParts: max,
      parts,
      nextPartNumberMarker: page.next,
    });
    return xmlAnswer(body);
  },
};

export const listMultipartUploads: CosOperation = {
  name: 'ListMultipartUploads',
  method: 'GET',
  on: 'bucket',
  query: 'uploads',
  action: 'cos:ListMultipartUploads',
  run({ service, query, bucket }) {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const keyMarker = query.get('key-marker') ?? '';
    const idMarker = query.get('upload-id-marker') ?? '';
    const max = wholeParameter(query, 'max-uploads', { or: PAGE, min: 1, max: PAGE });
    const page = service.storage.uploads.list(bucket, {
      prefix,
      delimiter,
      keyMarker,
      idMarker,
      max,
    });
    const owner = { id: ownerId(service.appid), displayName: service.appid };
    const next = page.next && { key: page.next.keyMarker, uploadId: page.next.idMarker ?? '' };
    const body = writeUploadList({
      bucket,
      prefix,
      delimiter: delimiter === '' ? undefined : delimiter,
      encodingType: encodingType(query),
      marker: { key: keyMarker, uploadId: idMarker },
      maxUploads: max,
      commonPrefixes: page.prefixes,
      uploads: page.uploads.map(({ key, id, initiated, storageClass }) => ({
        key,
        uploadId: id,
        initiated: wholeSeconds(initiated),
        storageClass,
        initiator: owner,
        owner,
      })),
      nextMarker: next,
    });
    return xmlAnswer(body);
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
    return xmlAnswer(body, storedHeaders(processed?.source ?? record));
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

function uploadOf({ bucket, key, query }: Exchange): UploadRef {
  return { bucket, key, id: query.get('uploadId') ?? '' };
}

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
