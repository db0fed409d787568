import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { readRuleQuery, writeRuleQuery } from '../../shared/wire/rule-query.ts';
import { type RuleOption, readRule, writeRule } from '../../shared/wire/rule-text.ts';

const EXAMPLES: readonly (readonly [string, readonly RuleOption[]])[] = [
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
  expect(readRuleQuery(query)).toEqual(readRule(text));
  expect(writeRuleQuery(readRule(text))).toEqual(query);
});

test('a download that asks for nothing is no rule', () => {
  expect(readRuleQuery([])).toBeUndefined();
  expect(
    readRuleQuery([
      ['acl', ''],
      ['uploadId', '1'],
    ]),
  ).toBeUndefined();
});

test('the signature and what belongs to the request are no options, wherever they stand', () => {
  const rule = readRuleQuery(
    [
      ['q-sign-algorithm', 'sha1'],
      ['q-signature', 'abc'],
      ['x-cos-security-token', 'token'],
      ['response-content-type', 'image/png'],
      ['sign', 'q-ak=1'],
      ['', ''],
      ['detect-url', ''],
      [' center-layout ', ' 1 '],
      ['ci-process', 'GoodsMatting'],
    ].map(([name = '', value = '']) => [name.trim(), value] as const),
  );
  expect(rule && writeRule(rule)).toBe('ci-process=GoodsMatting&center-layout=1');
});

test('padded Base64 in a pipeline is put together again', () => {
  const rule = readRuleQuery([['watermark/2/text/YQ', '=']]);
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
] as readonly (readonly [readonly RuleOption[]])[])('%j is refused', ([query]) => {
  expect(() => readRuleQuery(query)).toThrow(
    expect.objectContaining({ code: 'PIC_OPERATIONS_INVALID' }),
  );
});

test('whatever stands in a query, only faults are thrown, and what was read is read again', () => {
  const word = fc.oneof(
    fc.constantFrom('ci-process', 'imageMogr2/rotate/90', 'style/a', '__proto__', 'sign', '1'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 5 }), (query) => {
      try {
        const rule = readRuleQuery(query);
        if (rule) expect(readRuleQuery(writeRuleQuery(rule))).toEqual(rule);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Fault);
      }
    }),
    { numRuns: 500 },
  );
});
