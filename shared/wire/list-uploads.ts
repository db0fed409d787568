import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { writeIsoTime } from './iso-time.ts';
import {
  type EncodingType,
  readEncodingType,
  readListedKey,
  writeListedKey,
} from './listed-key.ts';
import { type Owner, readOwner, writeOwner } from './owner.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: number;
  readonly storageClass: string;
  readonly initiator?: Owner | undefined;
  readonly owner?: Owner | undefined;
}

/** Where a page of uploads starts: one key may have many of them. */
interface UploadMarker {
  readonly key: string;
  readonly uploadId: string;
}

/** One page of the uploads in parts that were started and neither completed nor given up. */
export interface UploadList {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  readonly encodingType?: EncodingType | undefined;
  readonly marker: UploadMarker;
  readonly maxUploads: number;
  readonly commonPrefixes: readonly string[];
  readonly uploads: readonly ListedUpload[];
  /** Where the next page starts; nothing on the last one. */
  readonly nextMarker?: UploadMarker | undefined;
}

export function readUploadList(body: Body): UploadList {
  const list = readXml(body, { root: 'ListMultipartUploadsResult' });
  const encodingType = readEncodingType(list);
  const key = (text: string) => readListedKey(text, encodingType);
  const delimiter = list.text('Delimiter') ?? '';
  return {
    bucket: list.required('Bucket'),
    prefix: key(list.text('Prefix') ?? ''),
    delimiter: delimiter === '' ? undefined : key(delimiter),
    encodingType,
    marker: {
      key: key(list.text('KeyMarker') ?? ''),
      uploadId: list.text('UploadIdMarker') ?? '',
    },
    maxUploads: list.number('MaxUploads') ?? 1000,
    commonPrefixes: list.children('CommonPrefixes').map((group) => key(group.required('Prefix'))),
    uploads: list.children('Upload').map((upload) => ({
      key: key(upload.required('Key')),
      uploadId: upload.required('UploadId'),
      initiated: upload.requiredTime('Initiated'),
      storageClass: upload.text('StorageClass') || 'STANDARD',
      initiator: readOwner(upload.child('Initiator')),
      owner: readOwner(upload.child('Owner')),
    })),
    nextMarker: nextMarkerOf(list, key),
  };
}

function nextMarkerOf(list: XmlNode, key: (text: string) => string): UploadMarker | undefined {
  if (list.flag('IsTruncated') !== true) return undefined;
  const next = list.text('NextKeyMarker') ?? '';
  if (next !== '') return { key: key(next), uploadId: list.text('NextUploadIdMarker') ?? '' };
  throw new Fault('XML_UNREADABLE', 'A list of uploads goes on and does not say where');
}

export function writeUploadList(list: UploadList): string {
  const { encodingType, delimiter, nextMarker } = list;
  const key = (text: string) => writeListedKey(text, encodingType);
  return writeXml('ListMultipartUploadsResult', [
    ['Bucket', list.bucket],
    ['Encoding-Type', encodingType ?? ''],
    ['KeyMarker', key(list.marker.key)],
    ['UploadIdMarker', list.marker.uploadId],
    ['NextKeyMarker', nextMarker === undefined ? undefined : key(nextMarker.key)],
    ['NextUploadIdMarker', nextMarker?.uploadId],
    ['MaxUploads', list.maxUploads],
    ['IsTruncated', nextMarker !== undefined],
    ['Prefix', key(list.prefix)],
    ['Delimiter', delimiter === undefined ? undefined : key(delimiter)],
    ...list.uploads.map((upload) => entryOf(upload, key(upload.key))),
    ...list.commonPrefixes.map((prefix): XmlEntry => ['CommonPrefixes', [['Prefix', key(prefix)]]]),
  ]);
}

function entryOf(upload: ListedUpload, key: string): XmlEntry {
  return [
    'Upload',
    [
      ['Key', key],
      ['UploadId', upload.uploadId],
      ['Initiator', writeOwner(upload.initiator)],
      ['Owner', writeOwner(upload.owner)],
      ['StorageClass', upload.storageClass],
      ['Initiated', writeIsoTime(upload.initiated)],
    ],
  ];
}
