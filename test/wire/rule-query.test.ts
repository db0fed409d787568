import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRuleQuery, writeRuleQuery } from '../../shared/wire/rule-query.ts';
import { readRule, writeRule } from '../../shared/wire/rule-text.ts';
import { anyCharacters } from './any-characters.ts';
import { unlessFault } from './unless-fault.ts';

type Pairs = readonly (readonly [string, string])[];

const queryOf = (pairs: Pairs) => pairs.map(([name, value]) => ({ name, value }));

const EXAMPLES: readonly (readonly [string, Pairs])[] = [
  [
    'ci-process=GoodsMatting&center-layout=1',
    [
      ['ci-process', 'GoodsMatting'],
      ['center-layout', '1'],
    ],
  ],
  ['imageMogr2/thumbnail/!50p|imageInfo', [['imageMogr2/thumbnail/!50p|imageInfo', '']]],
  ['style/small', [['style/small', '']]],
];

test.for(EXAMPLES)('%s is the same rule in an address', ([text, query]) => {
  expect(readRuleQuery(queryOf(query))).toEqual(readRule(text));
  expect(writeRuleQuery(readRule(text))).toEqual(queryOf(query));
});

test('a download that asks for nothing is no rule', () => {
  expect(readRuleQuery([])).toBeUndefined();
  const query = [
    ['acl', ''],
    ['uploadId', '1'],
  ] as const;
  expect(readRuleQuery(queryOf(query))).toBeUndefined();
});

test('the signature and what belongs to the request are no options, wherever they stand', () => {
  const query = [
    ['q-sign-algorithm', 'sha1'],
    ['q-signature', 'abc'],
    ['x-cos-security-token', 'token'],
    ['response-content-type', 'image/png'],
    ['sign', 'q-ak=1'],
    ['versionId', 'v1'],
    ['detect-url', ''],
    [' center-layout ', ' 1 '],
    ['ci-process', 'GoodsMatting'],
  ] as const;
  expect(readRuleQuery(queryOf(query))).toEqual(
    readRule('ci-process=GoodsMatting&center-layout=1'),
  );
});

test('padded Base64 in a pipeline is put together again', () => {
  const rule = readRuleQuery(queryOf([['watermark/2/text/YQ', '=']]));
  expect(rule && writeRule(rule)).toBe('watermark/2/text/YQ==');
});

test.for([
  [
    [
      ['ci-process', 'A'],
      ['ci-process', 'B'],
    ],
  ],
  [
    [
      ['ci-process', 'A'],
      ['imageMogr2/rotate/90', ''],
    ],
  ],
  [
    [
      ['imageInfo', ''],
      ['exif', ''],
    ],
  ],
  [[['ci-process', '']]],
  [
    [
      ['ci-process', 'A'],
      ['b', '1'],
      ['b', '2'],
    ],
  ],
] as readonly (readonly [Pairs])[])('%j is refused', ([query]) => {
  expect(() => readRuleQuery(queryOf(query))).toThrow(
    expect.objectContaining({ code: 'PIC_OPERATIONS_INVALID' }),
  );
});

test('whatever stands in a query, only faults are thrown, and what was read is read again', () => {
  const word = fc.oneof(
    fc.constantFrom('ci-process', 'imageMogr2/rotate/90', 'style/a', '__proto__', 'sign', '1'),
    anyCharacters,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 5 }), (query) => {
      const rule = unlessFault(() => readRuleQuery(queryOf(query)));
      if (rule) expect(readRuleQuery(writeRuleQuery(rule))).toEqual(rule);
    }),
    { numRuns: 500 },
  );
});
