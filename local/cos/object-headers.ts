import { writeEtag } from '../../shared/wire/etag.ts';
import { readTaggingHeader } from '../../shared/wire/tagging.ts';
import { httpDate } from '../server/http-date.ts';
import { aclInHeaders } from './access.ts';
import { CosError } from './errors.ts';
import type { Query } from './query.ts';
import type { Description, ObjectRecord, Tag } from './storage/object-record.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Kept with an object and sent with it: names as they are written. */
const KEPT = {
  'cache-control': 'Cache-Control',
  'content-disposition': 'Content-Disposition',
  'content-encoding': 'Content-Encoding',
  'content-language': 'Content-Language',
  expires: 'Expires',
} as const;

const META = 'x-cos-meta-';
const MAX_METADATA_BYTES = 2048;
const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ARCHIVE',
  'DEEP_ARCHIVE',
  'MAZ_STANDARD',
  'MAZ_STANDARD_IA',
  'MAZ_INTELLIGENT_TIERING',
];
const MAX_TAGS = 10;

/** What a request says about the object it writes. Empty headers say nothing. */
export function descriptionIn(headers: Headers): Partial<Description> {
  const kept: Record<string, string> = {};
  const metadata: Record<string, string> = Object.create(null);
  let metadataBytes = 0;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || value === '') continue;
    if (Object.hasOwn(KEPT, name)) {
      // Clients of the browser send this with a body that is not compressed at all.
      if (name !== 'content-encoding' || value !== 'aws-chunked') kept[name] = value;
    } else if (name.startsWith(META)) {
      metadata[name.slice(META.length)] = value;
      metadataBytes += name.length + value.length;
    }
  }
  if (metadataBytes > MAX_METADATA_BYTES) {
    throw new CosError('InvalidArgument', {
      message: `The metadata is larger than ${MAX_METADATA_BYTES} bytes.`,
    });
  }
  const contentType = headers['content-type'];
  const storageClass = storageClassIn(headers);
  const acl = aclInHeaders(headers);
  const tagging = headers['x-cos-tagging'];
  return {
    ...(contentType ? { contentType } : {}),
    ...(isEmpty(kept) ? {} : { headers: kept }),
    ...(isEmpty(metadata) ? {} : { metadata }),
    ...(storageClass ? { storageClass } : {}),
    ...(acl ? { acl } : {}),
    ...(tagging ? { tags: checkedTags(readTaggingHeader(tagging)) } : {}),
  };
}

function storageClassIn(headers: Headers): string | undefined {
  const storageClass = headers['x-cos-storage-class'];
  if (!storageClass) return undefined;
  const known = STORAGE_CLASSES.find((each) => each === storageClass.toUpperCase());
  if (known) return known;
  throw new CosError('InvalidArgument', {
    message: `There is no storage class "${storageClass}"; there are ${STORAGE_CLASSES.join(', ')}.`,
  });
}

/** The rules for tags hold for the header and the document alike. */
export function checkedTags(tags: readonly Tag[]): readonly Tag[] {
  const keys = new Set(tags.map(({ key }) => key));
  if (tags.length > MAX_TAGS) {
    throw new CosError('InvalidTag', { message: `An object has at most ${MAX_TAGS} tags.` });
  }
  if (keys.size < tags.length) {
    throw new CosError('InvalidTag', { message: 'A tag key stands twice.' });
  }
  for (const { key, value } of tags) {
    if (key === '' || [...key].length > 128 || [...value].length > 256) {
      throw new CosError('InvalidTag', {
        message: 'A tag key has 1 to 128 characters and a value at most 256.',
      });
    }
  }
  return tags;
}

/** The headers of an object, as GET and HEAD send them. */
export function headersOf(record: ObjectRecord): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    'Content-Type': record.contentType,
    ETag: writeEtag(record.etag),
    'Last-Modified': httpDate(record.modified),
    'Accept-Ranges': 'bytes',
    'x-cos-hash-crc64ecma': record.crc64,
  };
  for (const name in record.headers) {
    headers[KEPT[name as keyof typeof KEPT] ?? name] = record.headers[name] ?? '';
  }
  for (const name in record.metadata) headers[META + name] = record.metadata[name] ?? '';
  if (record.storageClass !== 'STANDARD') headers['x-cos-storage-class'] = record.storageClass;
  if (record.appendable) {
    headers['x-cos-object-type'] = 'appendable';
    headers['x-cos-next-append-position'] = record.size;
  }
  if (record.tags.length > 0) headers['x-cos-tagging-count'] = record.tags.length;
  return headers;
}

const OVERRIDES = [
  ['response-content-type', 'Content-Type'],
  ['response-content-language', 'Content-Language'],
  ['response-expires', 'Expires'],
  ['response-cache-control', 'Cache-Control'],
  ['response-content-disposition', 'Content-Disposition'],
  ['response-content-encoding', 'Content-Encoding'],
] as const;

/** Headers a signed request asks to have replaced in its answer. */
export function overridesIn(query: Query): Record<string, string> {
  const headers: Record<string, string> = {};
  if (query.all.length === 0) return headers;
  for (const [parameter, header] of OVERRIDES) {
    const value = query.get(parameter);
    if (value === undefined || value === '') continue;
    if (/[\u0000-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)) {
      throw new CosError('InvalidArgument', { message: `${parameter} cannot stand in a header.` });
    }
    headers[header] = value;
  }
  return headers;
}

function isEmpty(fields: object): boolean {
  for (const _ in fields) return false;
  return true;
}
