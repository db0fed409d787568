import { writePartList } from '../../shared/wire/list-parts.ts';
import { writeUploadList } from '../../shared/wire/list-uploads.ts';
import { ownerId } from './access.ts';
import { CosError } from './errors.ts';
import type { CosOperation } from './exchange.ts';
import { xmlAnswer } from './stored.ts';
import { MAX_PARTS, uploadOf } from './upload-of.ts';
import { encodingType, wholeParameter } from './whole-parameter.ts';
import { wholeSeconds } from './whole-seconds.ts';

const PAGE = 1000;

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
