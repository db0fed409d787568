import type { Exchange } from './exchange.ts';
import type { UploadRef } from './storage/uploads.ts';

export const MAX_PARTS = 10_000;

/** The upload a request names; there need not be one. */
export function uploadOf({ bucket, key, query }: Exchange): UploadRef {
  return { bucket, key, id: query.get('uploadId') ?? '' };
}
