import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { defined } from './defined.ts';
import { readEtag, writeEtag } from './etag.ts';
import { wholeNumber } from './whole-number.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_RESULTS = 1000;
/** A hundred results are 50 KB. */
const MAX_LENGTH = 1024 * 1024;

/** What Cloud Infinite answers when it processed a picture while uploading or in the cloud. */
export interface UploadResult {
  readonly original: OriginalObject;
  readonly results: readonly ProcessedObject[];
}

/** The source; when a rule overwrote it, the etag is the result's. */
interface OriginalObject {
  readonly key: string;
  /** Host and key, without a scheme. */
  readonly location?: string;
  readonly etag?: string;
  readonly imageInfo?: ImageInfo;
}

/** What the picture is; there only when the request asked for it. */
export interface ImageInfo {
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly quality?: number;
  /** The average colour as `0x` and six digits. */
  readonly ave?: string;
  readonly orientation?: number;
}

/** One object a rule wrote. Matting tells no width or height, and repair may tell no size either. */
export interface ProcessedObject {
  readonly key: string;
  readonly location?: string;
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly size?: number;
  readonly quality?: number;
  readonly etag?: string;
}

export function readUploadResult(body: Body): UploadResult {
  const root = readXml(body, { root: 'UploadResult', maxLength: MAX_LENGTH });
  const original = root.child('OriginalInfo');
  if (!original) throw new Fault('XML_UNREADABLE', '<UploadResult> has no <OriginalInfo>');
  return {
    original: defined({
      key: original.required('Key'),
      location: original.text('Location'),
      etag: etagIn(original),
      imageInfo: readImageInfo(original.child('ImageInfo')),
    }),
    results: readProcessResults(root.child('ProcessResults')),
  };
}

export function writeUploadResult({ original, results }: UploadResult): string {
  return writeXml('UploadResult', [
    [
      'OriginalInfo',
      [
        ['Key', original.key],
        ['Location', original.location],
        ['ETag', original.etag && writeEtag(original.etag)],
        ['ImageInfo', original.imageInfo && imageInfoEntries(original.imageInfo)],
      ],
    ],
    ['ProcessResults', processResultEntries(results)],
  ]);
}

export function readProcessResults(node: XmlNode | undefined): readonly ProcessedObject[] {
  const objects = node?.children('Object') ?? [];
  if (objects.length > MAX_RESULTS) {
    throw new Fault('INPUT_TOO_LARGE', `An answer lists ${objects.length} results`);
  }
  return objects.map((object) =>
    defined({
      key: object.required('Key'),
      location: object.text('Location'),
      format: object.text('Format') || undefined,
      width: wholeNumber(object.text('Width')),
      height: wholeNumber(object.text('Height')),
      size: wholeNumber(object.text('Size')),
      quality: wholeNumber(object.text('Quality')),
      etag: etagIn(object),
    }),
  );
}

/** A missing number is left out and never empty: the Java SDK cannot read an empty one. */
export function processResultEntries(results: readonly ProcessedObject[]): readonly XmlEntry[] {
  return results.map((result) => [
    'Object',
    [
      ['Key', result.key],
      ['Location', result.location],
      ['Format', result.format ?? ''],
      ['Width', result.width],
      ['Height', result.height],
      ['Size', result.size],
      ['Quality', result.quality],
      ['ETag', result.etag && writeEtag(result.etag)],
    ],
  ]);
}

export function readImageInfo(node: XmlNode | undefined): ImageInfo | undefined {
  if (!node) return undefined;
  return defined({
    format: node.text('Format') || undefined,
    width: wholeNumber(node.text('Width')),
    height: wholeNumber(node.text('Height')),
    quality: wholeNumber(node.text('Quality')),
    ave: node.text('Ave') || undefined,
    orientation: wholeNumber(node.text('Orientation')),
  });
}

export function imageInfoEntries(info: ImageInfo): readonly XmlEntry[] {
  return [
    ['Format', info.format],
    ['Width', info.width],
    ['Height', info.height],
    ['Quality', info.quality],
    ['Ave', info.ave],
    ['Orientation', info.orientation],
  ];
}

/** Some answers leave it empty; then there is none. */
export function etagIn(node: XmlNode): string | undefined {
  return readEtag(node.text('ETag') ?? '') || undefined;
}
