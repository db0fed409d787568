import { Fault } from '../core/fault.ts';
import { defined } from './defined.ts';
import { readEtag, writeEtag } from './etag.ts';
import { fieldsIn, fieldText, type JobFields } from './job-fields.ts';
import {
  type ImageInfo,
  imageInfoEntries,
  type ProcessedObject,
  readImageInfo,
} from './upload-result.ts';
import { wholeNumber } from './whole-number.ts';
import type { XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

/** What a picture job is told: one rule text, as `Pic-Operations` has them. */
export interface PicProcess {
  readonly wantsInfo: boolean;
  readonly rule: string;
}

/** What became of it. Etags may be missing even when the job succeeded. */
export interface PicProcessResult {
  readonly objectName?: string;
  readonly originalEtag?: string;
  readonly imageInfo?: ImageInfo;
  readonly result?: Omit<ProcessedObject, 'key' | 'location'>;
}

/** Nothing when the job names a template instead. */
export function readPicProcess(parameters: JobFields): PicProcess | undefined {
  const fields = fieldsIn(parameters, 'PicProcess');
  if (!fields) return undefined;
  const rule = fieldText(fields, 'ProcessRule');
  if (rule === undefined) throw new Fault('PARAMETER_INVALID', 'PicProcess needs a ProcessRule');
  return { wantsInfo: /^(?:true|1)$/i.test(fieldText(fields, 'IsPicInfo') ?? ''), rule };
}

export function writePicProcess({ wantsInfo, rule }: PicProcess): JobFields {
  return [
    [
      'PicProcess',
      [
        ['IsPicInfo', String(wantsInfo)],
        ['ProcessRule', rule],
      ],
    ],
  ];
}

/**
 * Pages show one result beside its name; the SDKs expect the answer of an upload inside. Both are
 * read, and the pages' form is written.
 */
export function readPicProcessResult(node: XmlNode): PicProcessResult {
  const upload = node.child('UploadResult') ?? node;
  const original = upload.child('OriginalInfo');
  const result =
    upload.child('ProcessResult') ?? upload.child('ProcessResults')?.children('Object')[0];
  return defined({
    objectName: node.text('ObjectName') || result?.text('Key'),
    originalEtag: original && etagIn(original),
    imageInfo: readImageInfo(original?.child('ImageInfo')),
    result:
      result &&
      defined({
        format: result.text('Format') || undefined,
        width: wholeNumber(result.text('Width')),
        height: wholeNumber(result.text('Height')),
        size: wholeNumber(result.text('Size')),
        quality: wholeNumber(result.text('Quality')),
        etag: etagIn(result),
      }),
  });
}

export function picProcessResultEntries(value: PicProcessResult): readonly XmlEntry[] {
  const { result } = value;
  return [
    ['ObjectName', value.objectName],
    [
      'OriginalInfo',
      [
        ['Etag', value.originalEtag === undefined ? '' : writeEtag(value.originalEtag)],
        ['ImageInfo', value.imageInfo && imageInfoEntries(value.imageInfo)],
      ],
    ],
    [
      'ProcessResult',
      result && [
        ['Etag', result.etag === undefined ? '' : writeEtag(result.etag)],
        ['Format', result.format],
        ['Height', result.height],
        ['Quality', result.quality],
        ['Size', result.size],
        ['Width', result.width],
      ],
    ],
  ];
}

/** Here, and only here, the service spells it `Etag`. */
function etagIn(node: XmlNode): string | undefined {
  return readEtag(node.text('Etag') ?? node.text('ETag') ?? '') || undefined;
}
