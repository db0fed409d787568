import type { Body } from './body-text.ts';
import { defined } from './defined.ts';
import { writeEtag } from './etag.ts';
import {
  etagIn,
  type ImageInfo,
  imageInfoEntries,
  type ProcessedObject,
  processResultEntries,
  readImageInfo,
  readProcessResults,
} from './upload-result.ts';
import { readXml, writeXml } from './xml.ts';

const MAX_LENGTH = 1024 * 1024;

/**
 * What completing a multipart upload answers. With rules for the picture the results stand in this
 * document beside the object, not in an `UploadResult`; the Node SDK makes one of them itself.
 */
export interface CompleteMultipartResult {
  /** With a scheme, unlike the locations of results. */
  readonly location?: string;
  readonly bucket?: string;
  readonly key: string;
  readonly etag?: string;
  readonly imageInfo?: ImageInfo;
  /** Missing when no rules were sent. */
  readonly results?: readonly ProcessedObject[];
}

export function readCompleteMultipartResult(body: Body): CompleteMultipartResult {
  const root = readXml(body, { root: 'CompleteMultipartUploadResult', maxLength: MAX_LENGTH });
  const processed = root.child('ProcessResults');
  return defined({
    location: root.text('Location'),
    bucket: root.text('Bucket'),
    key: root.required('Key'),
    etag: etagIn(root),
    imageInfo: readImageInfo(root.child('ImageInfo')),
    results: processed && readProcessResults(processed),
  });
}

export function writeCompleteMultipartResult(result: CompleteMultipartResult): string {
  return writeXml('CompleteMultipartUploadResult', [
    ['Location', result.location],
    ['Bucket', result.bucket],
    ['Key', result.key],
    ['ETag', result.etag && writeEtag(result.etag)],
    ['ImageInfo', result.imageInfo && imageInfoEntries(result.imageInfo)],
    ['ProcessResults', result.results && processResultEntries(result.results)],
  ]);
}
