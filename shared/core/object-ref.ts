/** Where an object lives. `key` has no leading slash and is not URL-encoded. */
export interface ObjectRef {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
}

/** An object as it stood at one moment: same etag, same bytes. */
export interface Source extends ObjectRef {
  /** Without the quotes it has on the wire. */
  readonly etag: string;
  readonly size: number;
  readonly contentType: string;
  /** Last-Modified, in milliseconds. What is dated in a target comes from here, never from a clock. */
  readonly modified: number;
  /** User metadata: names in lower case, without `x-cos-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Buckets have names of their own across the service, so bucket and key are enough to compare. */
export function sameObject(
  one: Pick<ObjectRef, 'bucket' | 'key'>,
  other: Pick<ObjectRef, 'bucket' | 'key'>,
): boolean {
  return one.bucket === other.bucket && one.key === other.key;
}
