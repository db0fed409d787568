import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type DeleteRequest,
  type DeleteResult,
  readDeleteRequest,
  readDeleteResult,
  writeDeleteRequest,
  writeDeleteResult,
} from '../../shared/wire/delete-objects.ts';
import { json2xml, xml2json } from './official-xml.ts';
import { anyName, anyText, describeFormat } from './wire-format.ts';

const objects = fc.array(
  fc.record({ key: anyName, versionId: anyName }, { requiredKeys: ['key'] }),
  { maxLength: 4 },
);

describeFormat<DeleteRequest>({
  root: 'Delete',
  read: readDeleteRequest,
  write: writeDeleteRequest,
  examples: [
    [
      'two objects, one in a version',
      { quiet: true, objects: [{ key: ' a&b ' }, { key: 'c', versionId: 'v1' }] },
      '<Delete><Quiet>true</Quiet><Object><Key> a&amp;b </Key></Object>' +
        '<Object><Key>c</Key><VersionId>v1</VersionId></Object></Delete>',
    ],
    ['nothing', { quiet: false, objects: [] }, '<Delete><Quiet>false</Quiet></Delete>'],
  ],
  values: fc.record({ quiet: fc.boolean(), objects }),
});

describeFormat<DeleteResult>({
  root: 'DeleteResult',
  read: readDeleteResult,
  write: writeDeleteResult,
  examples: [
    [
      'one gone, one marked, one refused',
      {
        deleted: [{ key: 'a' }, { key: 'b', versionId: 'v1', deleteMarkerVersionId: 'v2' }],
        failed: [{ key: 'c', code: 'PathConflict', message: 'Path conflict.' }],
      },
      '<DeleteResult><Deleted><Key>a</Key></Deleted><Deleted><Key>b</Key>' +
        '<DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>v2</DeleteMarkerVersionId>' +
        '<VersionId>v1</VersionId></Deleted><Error><Key>c</Key><Code>PathConflict</Code>' +
        '<Message>Path conflict.</Message></Error></DeleteResult>',
    ],
    ['a quiet success', { deleted: [], failed: [] }, '<DeleteResult/>'],
  ],
  values: fc.record({
    deleted: fc.array(
      fc.record(
        { key: anyName, versionId: anyName, deleteMarkerVersionId: anyName },
        { requiredKeys: ['key'] },
      ),
      { maxLength: 3 },
    ),
    failed: fc.array(
      fc.record(
        { key: anyName, versionId: anyName, code: anyName, message: anyText },
        { requiredKeys: ['key', 'code', 'message'] },
      ),
      { maxLength: 3 },
    ),
  }),
});

describe('deleting with the official SDK', () => {
  test.for([' a&b ', '<x>"\'', '图/😀', '007', 'a  b'])('the key "%s" is understood', (key) => {
    const body = json2xml({ Delete: { Object: [{ Key: key }], Quiet: false } });
    const answer = xml2json(writeDeleteResult({ deleted: [{ key }], failed: [] }));

    expect(readDeleteRequest(body)).toEqual({ quiet: false, objects: [{ key }] });
    expect(answer).toMatchObject({ DeleteResult: { Deleted: { Key: key } } });
  });
});

test('an object with two keys is refused, because one of them would be deleted unasked', () => {
  const body = '<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>';

  expect(() => readDeleteRequest(body)).toThrow('<Object> holds more than one <Key>');
});
