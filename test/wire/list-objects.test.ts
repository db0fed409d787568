import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import {
  type ListedObject,
  type ObjectList,
  readObjectList,
  writeObjectList,
} from '../../shared/wire/list-objects.ts';
import { xml2json } from './official-xml.ts';
import {
  anyEtag,
  anyName,
  anyOwner,
  anySize,
  anyText,
  anyTime,
  describeFormat,
} from './wire-format.ts';

const ETAG = 'f173c1199e3d3b53dd91223cae16fb42';
const MODIFIED = Date.UTC(2020, 11, 10, 3, 37, 30);

const empty: ObjectList = {
  bucket: 'examplebucket-1250000000',
  prefix: '',
  marker: '',
  maxKeys: 1000,
  commonPrefixes: [],
  objects: [],
};

const objectAt = (key: string): ListedObject => ({
  key,
  etag: ETAG,
  size: 37,
  modified: MODIFIED,
  storageClass: 'STANDARD',
});

const contents = (key: string) =>
  `<Contents><Key>${key}</Key><LastModified>2020-12-10T03:37:30.000Z</LastModified>` +
  `<ETag>&quot;${ETAG}&quot;</ETag><Size>37</Size>` +
  '<Owner><ID>1250000000</ID><DisplayName>1250000000</DisplayName></Owner>' +
  '<StorageClass>STANDARD</StorageClass></Contents>';

const owner = { id: '1250000000', displayName: '1250000000' };

describeFormat<ObjectList>({
  root: 'ListBucketResult',
  read: readObjectList,
  write: writeObjectList,
  examples: [
    [
      'an empty bucket',
      empty,
      '<ListBucketResult><Name>examplebucket-1250000000</Name><Prefix/><Marker/>' +
        '<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>',
    ],
    [
      'a page of a folder that goes on',
      {
        ...empty,
        prefix: 'a/',
        maxKeys: 2,
        delimiter: '/',
        commonPrefixes: ['a/sub/'],
        objects: [{ ...objectAt('a/1.jpg'), owner }],
        nextMarker: 'a/sub/',
      },
      '<ListBucketResult><Name>examplebucket-1250000000</Name><Prefix>a/</Prefix><Marker/>' +
        '<MaxKeys>2</MaxKeys><Delimiter>/</Delimiter><IsTruncated>true</IsTruncated>' +
        '<NextMarker>a/sub/</NextMarker><CommonPrefixes><Prefix>a/sub/</Prefix></CommonPrefixes>' +
        `${contents('a/1.jpg')}</ListBucketResult>`,
    ],
    [
      'encoded keys, as the service encodes them',
      {
        ...empty,
        encodingType: 'url',
        prefix: '照片/',
        marker: 'a b',
        objects: [
          { ...objectAt('照片/2020年/IMG0001.jpg'), owner },
          { ...objectAt("!'()*+&<\u0001\0"), owner },
        ],
        nextMarker: '照片/2020年/IMG0001.jpg',
      },
      '<ListBucketResult><Name>examplebucket-1250000000</Name><EncodingType>url</EncodingType>' +
        '<Prefix>%E7%85%A7%E7%89%87/</Prefix><Marker>a%20b</Marker><MaxKeys>1000</MaxKeys>' +
        '<IsTruncated>true</IsTruncated>' +
        '<NextMarker>%E7%85%A7%E7%89%87/2020%E5%B9%B4/IMG0001.jpg</NextMarker>' +
        `${contents('%E7%85%A7%E7%89%87/2020%E5%B9%B4/IMG0001.jpg')}` +
        `${contents('%21%27%28%29%2A%2B%26%3C%01%00')}</ListBucketResult>`,
    ],
    [
      'keys with spaces at their ends and marks of XML in them',
      { ...empty, objects: [{ ...objectAt(' a&<b>"\r\n '), owner }] },
      '<ListBucketResult><Name>examplebucket-1250000000</Name><Prefix/><Marker/>' +
        '<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>' +
        `${contents(' a&amp;&lt;b&gt;&quot;&#13;\n ')}</ListBucketResult>`,
    ],
  ],
  values: fc.record(
    {
      bucket: anyName,
      prefix: anyText,
      marker: anyText,
      maxKeys: fc.nat(1000),
      delimiter: anyName,
      encodingType: fc.constant('url' as const),
      commonPrefixes: fc.array(anyName, { maxLength: 2 }),
      objects: fc.array(
        fc.record(
          {
            key: anyName,
            etag: anyEtag,
            size: anySize,
            modified: anyTime,
            storageClass: fc.constantFrom('STANDARD', 'ARCHIVE', 'INTELLIGENT_TIERING'),
            storageTier: fc.constantFrom('FREQUENT', 'INFREQUENT'),
            owner: anyOwner,
          },
          { requiredKeys: ['key', 'etag', 'size', 'modified', 'storageClass'] },
        ),
        { maxLength: 3 },
      ),
      nextMarker: anyName,
    },
    { requiredKeys: ['bucket', 'prefix', 'marker', 'maxKeys', 'commonPrefixes', 'objects'] },
  ),
});

describe('lists of objects in practice', () => {
  test.for([
    ['a/1.jpg', 'a plain key'],
    [' lead and trail ', 'spaces at the ends'],
    ['007', 'a number with zeros'],
    ['true', 'a word that means something elsewhere'],
    ['a&amp;b', 'an entity that is none'],
    ['<![CDATA[x]]>', 'marks of XML'],
    ['图片/α/😀.png', 'letters of the world'],
    ['tab\tline\nend', 'white space'],
  ] as const)('the key "%s" (%s) reaches the official SDK as it is', ([key]) => {
    const keyOf = (encodingType?: 'url') =>
      keyIn(xml2json(writeObjectList({ ...empty, encodingType, objects: [objectAt(key)] })));

    expect(keyOf()).toBe(key);
    expect(decodeURIComponent(keyOf('url'))).toBe(key);
  });

  test('a key XML cannot hold is refused plainly and listed encoded', () => {
    const objects = [objectAt('bell\u0007')];

    expect(() => writeObjectList({ ...empty, objects })).toThrow(
      expect.objectContaining({ code: 'XML_UNWRITABLE' }),
    );
    expect(
      readObjectList(writeObjectList({ ...empty, objects, encodingType: 'url' })).objects[0]?.key,
    ).toBe('bell\u0007');
  });

  test('half a character has no spelling at all', () => {
    const list = { ...empty, objects: [objectAt('\uD83D')] };

    expect(() => writeObjectList(list)).toThrow(Fault);
    expect(() => writeObjectList({ ...list, encodingType: 'url' })).toThrow(Fault);
  });

  test.for([
    ['an encoding we do not know', '<EncodingType>base64</EncodingType>'],
    ['a page that goes on and does not say where', '<IsTruncated>true</IsTruncated>'],
    ['a key with half an escape', '<EncodingType>url</EncodingType><Marker>%4</Marker>'],
    ['an object without a key', '<Contents><Size>1</Size></Contents>'],
    ['an object without an etag', '<Contents><Key>a</Key><Size>1</Size></Contents>'],
  ] as const)('%s is refused', ([, inside]) => {
    expect(() =>
      readObjectList(`<ListBucketResult><Name>b</Name>${inside}</ListBucketResult>`),
    ).toThrow(expect.objectContaining({ code: 'XML_UNREADABLE' }));
  });

  test('the last page may name a next one and is still the last', () => {
    const list = readObjectList(
      '<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated>' +
        '<NextMarker>a</NextMarker></ListBucketResult>',
    );

    expect(list.nextMarker).toBeUndefined();
  });

  test('a full page of the longest keys, escaped the longest way, is written and read', () => {
    const objects = Array.from({ length: 1000 }, () => objectAt('"'.repeat(850)));
    const list = { ...empty, objects };

    expect(readObjectList(writeObjectList(list))).toEqual(list);
  });
});

function keyIn(list: unknown): string {
  const { ListBucketResult } = list as { ListBucketResult: { Contents: { Key: string } } };
  return ListBucketResult.Contents.Key;
}
