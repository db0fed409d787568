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

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly modified: number;
  readonly storageClass: string;
  /** Where an object of an intelligent class lies now. */
  readonly storageTier?: string | undefined;
  readonly owner?: Owner | undefined;
}

/** One page of a bucket. Keys, prefixes and markers are decoded here, however they are sent. */
export interface ObjectList {
  readonly bucket: string;
  readonly prefix: string;
  readonly marker: string;
  readonly maxKeys: number;
  readonly delimiter?: string | undefined;
  readonly encodingType?: EncodingType | undefined;
  readonly commonPrefixes: readonly string[];
  readonly objects: readonly ListedObject[];
  /** Where the next page starts; nothing on the last one. */
  readonly nextMarker?: string | undefined;
}

export function readObjectList(body: Body): ObjectList {
  const list = readXml(body, { root: 'ListBucketResult' });
  const encodingType = readEncodingType(list);
  const key = (text: string) => readListedKey(text, encodingType);
  const delimiter = list.text('Delimiter') ?? '';
  return {
    bucket: list.required('Name'),
    prefix: key(list.text('Prefix') ?? ''),
    marker: key(list.text('Marker') ?? ''),
    maxKeys: list.number('MaxKeys') ?? 1000,
    delimiter: delimiter === '' ? undefined : key(delimiter),
    encodingType,
    commonPrefixes: list.children('CommonPrefixes').map((group) => key(group.required('Prefix'))),
    objects: list.children('Contents').map((object) => objectOf(object, key)),
    nextMarker: nextMarkerOf(list, key),
  };
}

function objectOf(node: XmlNode, key: (text: string) => string): ListedObject {
  return {
    key: key(node.required('Key')),
    etag: readEtag(node.required('ETag')),
    size: node.requiredNumber('Size'),
    modified: node.requiredTime('LastModified'),
    storageClass: node.text('StorageClass') || 'STANDARD',
    storageTier: node.text('StorageTier') || undefined,
    owner: readOwner(node.child('Owner')),
  };
}

/** A list that goes on without saying where would be read from its start for ever. */
function nextMarkerOf(list: XmlNode, key: (text: string) => string): string | undefined {
  if (list.flag('IsTruncated') !== true) return undefined;
  const marker = list.text('NextMarker') ?? '';
  if (marker !== '') return key(marker);
  throw new Fault('XML_UNREADABLE', 'A list of objects goes on and does not say where');
}

export function writeObjectList(list: ObjectList): string {
  const { encodingType, delimiter, nextMarker } = list;
  const key = (text: string) => writeListedKey(text, encodingType);
  return writeXml('ListBucketResult', [
    ['Name', list.bucket],
    ['EncodingType', encodingType],
    ['Prefix', key(list.prefix)],
    ['Marker', key(list.marker)],
    ['MaxKeys', list.maxKeys],
    ['Delimiter', delimiter === undefined ? undefined : key(delimiter)],
    ['IsTruncated', nextMarker !== undefined],
    ['NextMarker', nextMarker === undefined ? undefined : key(nextMarker)],
    ...list.commonPrefixes.map((prefix): XmlEntry => ['CommonPrefixes', [['Prefix', key(prefix)]]]),
    ...list.objects.map((object) => contents(object, key(object.key))),
  ]);
}

function contents(object: ListedObject, key: string): XmlEntry {
  return [
    'Contents',
    [
      ['Key', key],
      ['LastModified', writeIsoTime(object.modified)],
      ['ETag', writeEtag(object.etag)],
      ['Size', object.size],
      ['Owner', writeOwner(object.owner)],
      ['StorageClass', object.storageClass],
      ['StorageTier', object.storageTier],
    ],
  ];
}
