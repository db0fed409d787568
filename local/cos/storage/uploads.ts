import type { Description } from './object-record.ts';
import type {
  Body,
  BodyRefused,
  ConditionFailed,
  Expected,
  NoBucket,
  Stored,
  WriteOptions,
} from './objects.ts';

/** An upload in parts that is not complete. */
export interface Upload extends Description {
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly initiated: number;
}

export type UploadRef = Pick<Upload, 'bucket' | 'key' | 'id'>;

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly crc64: string;
  readonly modified: number;
}

export type NoUpload = { readonly status: 'no-upload' };

export type CreateOutcome = { readonly status: 'created'; readonly upload: Upload } | NoBucket;
export type AbortOutcome = { readonly status: 'aborted' } | NoUpload;
export type PutPartOutcome =
  | { readonly status: 'stored'; readonly part: Part }
  | NoUpload
  | BodyRefused;

export interface CompleteOptions extends WriteOptions {
  /** Every part but the last must have this many bytes. */
  readonly minPartSize?: number;
}

export type CompleteOutcome =
  | Stored
  | NoUpload
  | NoBucket
  | ConditionFailed
  | { readonly status: 'no-parts' }
  | { readonly status: 'part-unknown'; readonly number: number }
  | { readonly status: 'parts-unordered'; readonly number: number }
  | { readonly status: 'part-too-small'; readonly number: number; readonly size: number };

export interface ListUploadsOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly keyMarker?: string;
  /** Only together with `keyMarker`: uploads of that very key after this id still come. */
  readonly idMarker?: string;
  readonly max?: number;
}

export interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly prefixes: readonly string[];
  readonly next: { readonly keyMarker: string; readonly idMarker: string | undefined } | undefined;
}

export interface PartPage {
  readonly parts: readonly Part[];
  /** The part number after which the next page begins; nothing when this is the last. */
  readonly next: number | undefined;
}

export interface Uploads {
  create(bucket: string, key: string, describe?: Partial<Description>): Promise<CreateOutcome>;
  get(upload: UploadRef): Upload | undefined;
  /** Part numbers are 1 to 10,000; the same number again replaces the part. */
  put(upload: UploadRef, number: number, body: Body, expect?: Expected): Promise<PutPartOutcome>;
  parts(upload: UploadRef, options?: { after?: number; max?: number }): PartPage;
  /** In the order of the keys' UTF-8 bytes, then of the ids. */
  list(bucket: string, options?: ListUploadsOptions): UploadPage;
  /** Makes an object of the parts named, in this order; parts that are not named are dropped. */
  complete(
    upload: UploadRef,
    parts: readonly Pick<Part, 'number' | 'etag'>[],
    options?: CompleteOptions,
  ): Promise<CompleteOutcome>;
  abort(upload: UploadRef): Promise<AbortOutcome>;
}
