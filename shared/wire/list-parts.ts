import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { readEtag, writeEtag } from './etag.ts';
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

interface ListedPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly modified: number;
}

/** One page of the parts an upload has so far. */
export interface PartList {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly encodingType?: EncodingType | undefined;
  readonly owner?: Owner | undefined;
  readonly initiator?: Owner | undefined;
  readonly storageClass: string;
  readonly partNumberMarker: number;
  readonly maxParts: number;
  readonly parts: readonly ListedPart[];
  /** Where the next page starts; nothing on the last one. */
  readonly nextPartNumberMarker?: number | undefined;
}

export function readPartList(body: Body): PartList {
  const list = readXml(body, { root: 'ListPartsResult' });
  const encodingType = readEncodingType(list);
  return {
    bucket: list.required('Bucket'),
    key: readListedKey(list.required('Key'), encodingType),
    uploadId: list.required('UploadId'),
    encodingType,
    owner: readOwner(list.child('Owner')),
    initiator: readOwner(list.child('Initiator')),
    storageClass: list.text('StorageClass') || 'STANDARD',
    partNumberMarker: list.number('PartNumberMarker') ?? 0,
    maxParts: list.number('MaxParts') ?? 1000,
    parts: list.children('Part').map((part) => ({
      number: part.requiredNumber('PartNumber'),
      etag: readEtag(part.required('ETag')),
      size: part.requiredNumber('Size'),
      modified: part.requiredTime('LastModified'),
    })),
    nextPartNumberMarker: nextMarkerOf(list),
  };
}

function nextMarkerOf(list: XmlNode): number | undefined {
  if (list.flag('IsTruncated') !== true) return undefined;
  const marker = list.number('NextPartNumberMarker');
  if (marker !== undefined) return marker;
  throw new Fault('XML_UNREADABLE', 'A list of parts goes on and does not say where');
}

export function writePartList(list: PartList): string {
  return writeXml('ListPartsResult', [
    ['Bucket', list.bucket],
    ['Encoding-type', list.encodingType ?? ''],
    ['Key', writeListedKey(list.key, list.encodingType)],
    ['UploadId', list.uploadId],
    ['Owner', writeOwner(list.owner)],
    ['PartNumberMarker', list.partNumberMarker],
    ['Initiator', writeOwner(list.initiator)],
    ...list.parts.map(entryOf),
    ['NextPartNumberMarker', list.nextPartNumberMarker],
    ['StorageClass', list.storageClass],
    ['MaxParts', list.maxParts],
    ['IsTruncated', list.nextPartNumberMarker !== undefined],
  ]);
}

function entryOf({ number, etag, size, modified }: ListedPart): XmlEntry {
  return [
    'Part',
    [
      ['PartNumber', number],
      ['LastModified', writeIsoTime(modified)],
      ['ETag', writeEtag(etag)],
      ['Size', size],
    ],
  ];
}
