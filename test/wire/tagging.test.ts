import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import {
  readTagging,
  readTaggingHeader,
  type Tag,
  writeTagging,
  writeTaggingHeader,
} from '../../shared/wire/tagging.ts';
import { json2xml } from './official-xml.ts';
import { anyName, anyText, describeFormat, refusedOrRead } from './wire-format.ts';

const tags = fc.array(fc.record({ key: anyName, value: anyText }), { maxLength: 4 });

describeFormat<readonly Tag[]>({
  root: 'Tagging',
  read: readTagging,
  write: writeTagging,
  examples: [
    [
      'two tags, one without a value',
      [
        { key: 'a=b', value: ' x ' },
        { key: 'c', value: '' },
      ],
      '<Tagging><TagSet><Tag><Key>a=b</Key><Value> x </Value></Tag>' +
        '<Tag><Key>c</Key><Value/></Tag></TagSet></Tagging>',
    ],
    ['no tags', [], '<Tagging><TagSet/></Tagging>'],
  ],
  values: tags,
});

test('the official SDK writes what we read', () => {
  const body = json2xml({ Tagging: { TagSet: { Tag: [{ Key: 'k', Value: 'v' }] } } });

  expect(readTagging(body)).toEqual([{ key: 'k', value: 'v' }]);
});

describe('the header of tags', () => {
  test.for([
    [
      'a=1&b=2',
      [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    ],
    ['a', [{ key: 'a', value: '' }]],
    ['a=b=c', [{ key: 'a', value: 'b=c' }]],
    ['%E5%9B%BE=x%26y', [{ key: '图', value: 'x&y' }]],
    ['a=1+2%2B3', [{ key: 'a', value: '1 2+3' }]],
    ['&a=1&&', [{ key: 'a', value: '1' }]],
    ['', []],
    ['__proto__=x', [{ key: '__proto__', value: 'x' }]],
  ] as const)('"%s" is read', ([header, read]) => {
    expect(readTaggingHeader(header)).toEqual(read);
  });

  test('is written escaped', () => {
    const header = writeTaggingHeader([
      { key: 'a b', value: '1+2=3' },
      { key: '图', value: '' },
    ]);

    expect(header).toBe('a%20b=1%2B2%3D3&%E5%9B%BE=');
  });

  test('whatever is written is read back', () => {
    fc.assert(
      fc.property(tags, (value) => {
        expect(readTaggingHeader(writeTaggingHeader(value))).toEqual(value);
      }),
    );
  });

  test.for([
    ['half an escape', 'a=%4'],
    ['an escape of no character', 'a=%ff'],
    ['a megabyte', 'a='.repeat(524_288)],
    ['ten thousand tags', 'a&'.repeat(10_000)],
  ] as const)('%s is refused', ([, header]) => {
    expect(() => readTaggingHeader(header)).toThrow(Fault);
  });

  test('half a character cannot be written', () => {
    expect(() => writeTaggingHeader([{ key: '\uD83D', value: '' }])).toThrow(Fault);
  });

  test('any header is read or refused', () => {
    fc.assert(fc.property(fc.string(), (header) => refusedOrRead(() => readTaggingHeader(header))));
  });
});
