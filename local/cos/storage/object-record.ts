export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What whoever writes an object says about it; the rest follows from its bytes. */
export interface Description {
  readonly contentType: string;
  /** Other headers that come back with the object, such as `cache-control`: names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata: names in lower case, without `x-cos-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  /** The object's own access list, a JSON document; `undefined` where only the bucket's counts. */
  readonly acl: unknown;
  readonly tags: readonly Tag[];
  /** Who wrote it and why, in the words of whoever did: empty for an ordinary upload. */
  readonly writtenBy: string;
}

/** An object as it stands: same `file`, same bytes. */
export interface ObjectRecord extends Description {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without the quotes it has on the wire. */
  readonly etag: string;
  /** CRC-64/XZ as the header has it, an unsigned decimal number. */
  readonly crc64: string;
  /** When its bytes were written, in milliseconds of the engine's clock. */
  readonly modified: number;
  /** The number of its last change. It rises with every change of any object, through restarts. */
  readonly seq: number;
  /** Where its bytes are, inside the storage. New bytes get a new file; only an append keeps it. */
  readonly file: string;
  /** How many parts it was put together from, or `undefined` when it came in one piece. */
  readonly parts: number | undefined;
  readonly appendable: boolean;
}

export const PLAIN: Description = {
  contentType: 'application/octet-stream',
  headers: {},
  metadata: {},
  storageClass: 'STANDARD',
  acl: undefined,
  tags: [],
  writtenBy: '',
};

/** Those fields of a description that say something, so that a million plain objects stay small. */
export function writeDescription(described: Description): Partial<Description> {
  const { contentType, headers, metadata, storageClass, acl, tags, writtenBy } = described;
  return {
    ...(contentType !== PLAIN.contentType && { contentType }),
    ...(holdsAnything(headers) && { headers }),
    ...(holdsAnything(metadata) && { metadata }),
    ...(storageClass !== PLAIN.storageClass && { storageClass }),
    ...(acl !== undefined && { acl }),
    ...(tags.length > 0 && { tags }),
    ...(writtenBy !== '' && { writtenBy }),
  };
}

/** One line of JSON: the same text stands in the index and beside the bytes. */
export function writeRecord(record: ObjectRecord): string {
  const { bucket, key, size, etag, crc64, modified, seq, file, parts, appendable } = record;
  return JSON.stringify({
    key,
    bucket,
    file,
    size,
    etag,
    crc64,
    modified,
    seq,
    ...(parts !== undefined && { parts }),
    ...(appendable && { appendable }),
    ...writeDescription(record),
  });
}

/** Only for text that `writeRecord` wrote. */
export function readRecord(text: string): ObjectRecord {
  return recordOf(JSON.parse(text));
}

/** The record in a line that people or a power cut may have damaged; nothing when it is none. */
export function readDoubtfulRecord(line: string): ObjectRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(value) ? recordOf(value) : undefined;
}

function isRecord(value: unknown): value is ObjectRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { bucket, key, file, etag, crc64, size, modified, seq }: Partial<ObjectRecord> = value;
  return (
    [bucket, key, file, etag, crc64].every((text) => typeof text === 'string') &&
    [size, modified, seq].every((number) => Number.isSafeInteger(number))
  );
}

/** Field by field: lists read records by the thousand, and merging objects takes far longer. */
function recordOf(fields: ObjectRecord): ObjectRecord {
  return {
    bucket: fields.bucket,
    key: fields.key,
    size: fields.size,
    etag: fields.etag,
    crc64: fields.crc64,
    modified: fields.modified,
    seq: fields.seq,
    file: fields.file,
    parts: fields.parts,
    appendable: fields.appendable ?? false,
    contentType: fields.contentType ?? PLAIN.contentType,
    headers: fields.headers ?? PLAIN.headers,
    metadata: fields.metadata ?? PLAIN.metadata,
    storageClass: fields.storageClass ?? PLAIN.storageClass,
    acl: fields.acl,
    tags: fields.tags ?? PLAIN.tags,
    writtenBy: fields.writtenBy ?? PLAIN.writtenBy,
  };
}

function holdsAnything(fields: Readonly<Record<string, string>>): boolean {
  for (const _ in fields) return true;
  return false;
}
