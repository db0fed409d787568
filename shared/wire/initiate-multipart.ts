import type { Body } from './body-text.ts';
import { readXml, writeXml } from './xml.ts';

/** The answer that starts an upload in parts. */
export interface MultipartStart {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

export function readMultipartStart(body: Body): MultipartStart {
  const start = readXml(body, { root: 'InitiateMultipartUploadResult' });
  return {
    bucket: start.required('Bucket'),
    key: start.required('Key'),
    uploadId: start.required('UploadId'),
  };
}

export function writeMultipartStart({ bucket, key, uploadId }: MultipartStart): string {
  return writeXml('InitiateMultipartUploadResult', [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', uploadId],
  ]);
}
