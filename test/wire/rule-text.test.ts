import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PicRule, picRule, readRule, ruleOf, writeRule } from '../../shared/wire/rule-text.ts';
import { anyCharacters } from './any-characters.ts';
import { unlessFault } from './unless-fault.ts';

const EXAMPLES: readonly (readonly [string, PicRule])[] = [
  ['ci-process=AIPicMatting', { kind: 'ci-process', operation: 'AIPicMatting', options: [] }],
  [
    'ci-process=GoodsMatting&center-layout=1&padding-layout=20x10',
    {
      kind: 'ci-process',
      operation: 'GoodsMatting',
      options: [
        ['center-layout', '1'],
        ['padding-layout', '20x10'],
      ],
    },
  ],
  [
    'ci-process=ImageRepair&MaskPoly=W1sxLDJdXQ==',
    { kind: 'ci-process', operation: 'ImageRepair', options: [['MaskPoly', 'W1sxLDJdXQ==']] },
  ],
  [
    'ci-process=X&__proto__=1&constructor=2',
    {
      kind: 'ci-process',
      operation: 'X',
      options: [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    },
  ],
  ['imageInfo', { kind: 'pipeline', operations: [{ name: 'imageInfo', arguments: [] }] }],
  [
    'imageMogr2/thumbnail/!50p|watermark/2/text/5rC05Y2w/fill/I0ZGRg==',
    {
      kind: 'pipeline',
      operations: [
        { name: 'imageMogr2', arguments: ['thumbnail', '!50p'] },
        { name: 'watermark', arguments: ['2', 'text', '5rC05Y2w', 'fill', 'I0ZGRg=='] },
      ],
    },
  ],
  ['style/shop_小图', { kind: 'style', name: 'shop_小图' }],
];

test.for(EXAMPLES)('%s is read and written', ([text, rule]) => {
  expect(readRule(text)).toEqual(rule);
  expect(writeRule(rule)).toBe(text);
});

test.for([
  [' ci-process = AIPicMatting & center-layout = 1 ', 'ci-process=AIPicMatting&center-layout=1'],
  ['ci-process=A&detect-url=&padding-layout=&center-layout=0', 'ci-process=A&center-layout=0'],
  ['ci-process=A&padding-layout=10 x 10', 'ci-process=A&padding-layout=10 x 10'],
  ['ci-process=A&ignored', 'ci-process=A'],
  ['ci-process=A&', 'ci-process=A'],
  [' imageMogr2 / rotate / 90 | imageInfo ', 'imageMogr2/rotate/90|imageInfo'],
] as const)('%j is read as %s', ([text, written]) => {
  expect(writeRule(readRule(text))).toBe(written);
});

test.for([
  ['', 'an operation is called'],
  ['ci-process=', 'an operation is called ""'],
  ['ci-process=A=B', 'an operation is called "A=B"'],
  ['ci-process=A&b=1&b=2', 'given twice'],
  ['ci-process=A&=1', 'an option is called ""'],
  ['ci-process=A&b c=1', 'an option is called "b c"'],
  ['ci-process=A&b=\u0000', '"b" is "\\u0000"'],
  ['ci-process=A&b=x\ud800', '"b" is'],
  ['GoodsMatting', 'starts with "ci-process="'],
  ['center-layout=1&ci-process=GoodsMatting', 'an operation is called'],
  ['imageMogr2/', 'an argument of imageMogr2 is ""'],
  ['imageMogr2/rotate/90|', 'an operation is called ""'],
  ['imageMogr2/rotate/90&a=1', 'an argument of imageMogr2'],
  ['style/', 'a style name is ""'],
  ['style/a/b', 'a style name is "a/b"'],
  ['imageInfo|style/a', 'a style in a pipeline'],
] as const)('%j is no rule: %s', ([text, why]) => {
  expect(() => readRule(text)).toThrow(
    expect.objectContaining({
      code: 'PIC_OPERATIONS_INVALID',
      message: expect.stringContaining(why),
    }),
  );
});

test.for([
  ['more than 10 operations', Array(11).fill('imageInfo').join('|')],
  ['more than 200 arguments', `imageMogr2${'/1'.repeat(201)}`],
  [
    'more than 100 options',
    `ci-process=A${Array.from({ length: 101 }, (_, at) => `&o${at}=1`).join('')}`,
  ],
] as const)('a rule with %s is refused', ([why, text]) => {
  expect(() => readRule(text)).toThrow(why);
});

test('a rule of ten million characters is refused unread, and none is written', () => {
  const large = expect.objectContaining({ code: 'INPUT_TOO_LARGE' });
  expect(() => readRule('&'.repeat(10_000_000))).toThrow(large);
  expect(() => picRule('A', { b: 'x'.repeat(10_000_000) })).toThrow(large);
});

describe('the rule of an operation', () => {
  test('leaves out what is undefined or empty', () => {
    const options = { 'center-layout': 1, 'padding-layout': undefined, MaskPic: '' };
    expect(picRule('GoodsMatting', options)).toBe('ci-process=GoodsMatting&center-layout=1');
    expect(picRule('AIImageColoring')).toBe('ci-process=AIImageColoring');
  });

  test('keeps a zero, which is a value', () => {
    expect(picRule('AIEnhanceImage', { denoise: 0 })).toBe('ci-process=AIEnhanceImage&denoise=0');
  });

  test('refuses a value that would become another option', () => {
    expect(() => picRule('ImageRepair', { MaskPic: 'http://a/b?c=1&d=2' })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID' }),
    );
  });

  test('is the same from options that are already apart', () => {
    const options = [
      ['detect-url', ''],
      ['center-layout', '1'],
    ] as const;
    expect(ruleOf('GoodsMatting', options)).toEqual(
      readRule('ci-process=GoodsMatting&center-layout=1'),
    );
  });
});

test('a pipeline cannot pass itself off as a style', () => {
  const operations = [{ name: 'style', arguments: ['small'] }];
  expect(() => writeRule({ kind: 'pipeline', operations })).toThrow('a style in a pipeline');
});

const anyRule: fc.Arbitrary<PicRule> = fc.oneof(
  fc.record({
    kind: fc.constant('ci-process' as const),
    operation: fc.oneof(fc.constant('GoodsMatting'), anyCharacters),
    options: fc.array(
      fc.tuple(fc.oneof(fc.stringMatching(/^[a-z-]{1,8}$/), anyCharacters), anyCharacters),
      {
        maxLength: 4,
      },
    ),
  }),
  fc.record({
    kind: fc.constant('pipeline' as const),
    operations: fc.array(
      fc.record({
        name: fc.oneof(fc.constantFrom('imageMogr2', 'imageInfo', 'style'), anyCharacters),
        arguments: fc.array(anyCharacters, { maxLength: 4 }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({ kind: fc.constant('style' as const), name: anyCharacters }),
);

test('a rule that can be written is read as the very same rule', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const text = unlessFault(() => writeRule(rule));
      if (text !== undefined) expect(readRule(text)).toEqual(rule);
    }),
    { numRuns: 500 },
  );
});

test('whatever is read, only faults are thrown, and what was read is written again', () => {
  const likely = fc
    .array(fc.constantFrom('ci-process', '=', '&', '/', '|', 'style', ' ', 'a', '1', '__proto__'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(likely, anyCharacters), (text) => {
      const rule = unlessFault(() => readRule(text));
      if (rule) expect(readRule(writeRule(rule))).toEqual(rule);
    }),
    { numRuns: 500 },
  );
});
