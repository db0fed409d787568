import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type PicOperations,
  readPicOperations,
  writePicOperations,
} from '../../shared/wire/pic-operations.ts';
import { anyJsonText } from './any-characters.ts';
import { refusedOrRead } from './wire-format.ts';

const EXAMPLES: readonly (readonly [header: string, value: PicOperations])[] = [
  [
    '{"is_pic_info":1,"rules":[{"bucket":"examplebucket-1250000000","fileid":"/out/cat.png","rule":"ci-process=GoodsMatting&center-layout=1"}]}',
    {
      wantsInfo: true,
      rules: [
        {
          bucket: 'examplebucket-1250000000',
          fileid: '/out/cat.png',
          rule: 'ci-process=GoodsMatting&center-layout=1',
        },
      ],
    },
  ],
  [
    '{"is_pic_info":0,"rules":[{"fileid":"\\u732b \\ud83d\\ude00\\u007f.png","rule":"imageMogr2/rotate/90","ignore-error":1},{"fileid":"b","rule":"imageInfo","ignore-error":0}]}',
    {
      wantsInfo: false,
      rules: [
        { fileid: '猫 😀\u007f.png', rule: 'imageMogr2/rotate/90', ignoreError: true },
        { fileid: 'b', rule: 'imageInfo', ignoreError: false },
      ],
    },
  ],
  ['{"is_pic_info":1,"rules":[]}', { wantsInfo: true, rules: [] }],
  [
    '{"is_pic_info":0,"rules":[{"fileid":"a\\\\ud800","rule":"imageInfo"}]}',
    { wantsInfo: false, rules: [{ fileid: 'a\\ud800', rule: 'imageInfo' }] },
  ],
];

test.for(EXAMPLES)('%s is read and written', ([header, value]) => {
  expect(readPicOperations(header)).toStrictEqual(value);
  expect(writePicOperations(value)).toBe(header);
});

test.for([
  ['{}', { wantsInfo: false, rules: [] }],
  ['{"rules":null,"is_pic_info":null}', { wantsInfo: false, rules: [] }],
  ['{"is_pic_info":"1"}', { wantsInfo: true, rules: [] }],
  ['{"is_pic_info":true}', { wantsInfo: true, rules: [] }],
  ['{"is_pic_info":"0","rules":[]}', { wantsInfo: false, rules: [] }],
  ['{"is_pic_info":""}', { wantsInfo: false, rules: [] }],
  [
    ' {"is_pic_info": 1, "rules": [ {"fileid": "猫", "rule": "r", "bucket": "", "ignore-error": "1", "new": {"a": []}} ], "other": 1 } ',
    { wantsInfo: true, rules: [{ fileid: '猫', rule: 'r', ignoreError: true }] },
  ],
  [
    '{"__proto__":{"rules":[{"fileid":"a","rule":"b"}],"is_pic_info":1},"constructor":1}',
    { wantsInfo: false, rules: [] },
  ],
] as const)('%s means the same as if it were written plainly', ([header, value]) => {
  expect(readPicOperations(header)).toStrictEqual(value);
});

test('how many rules there are can be seen, beyond what the service takes', () => {
  const rules = Array(100).fill({ fileid: 'a', rule: 'imageInfo' });
  expect(readPicOperations(JSON.stringify({ rules })).rules).toHaveLength(100);
});

test.for([
  ['nothing', ''],
  ['half of it', '{"rules":['],
  ['a list', '[]'],
  ['null', 'null'],
  ['rules that are one rule', '{"rules":{"fileid":"a","rule":"b"}}'],
  ['a rule that is text', '{"rules":["imageInfo"]}'],
  ['a rule without a fileid', '{"rules":[{"rule":"imageInfo"}]}'],
  ['an empty fileid', '{"rules":[{"fileid":"","rule":"imageInfo"}]}'],
  ['no rule in a rule', '{"rules":[{"fileid":"a"}]}'],
  ['a rule of another type', '{"rules":[{"fileid":"a","rule":["imageInfo"]}]}'],
  ['a bucket that is a number', '{"rules":[{"fileid":"a","rule":"b","bucket":1}]}'],
  ['a flag that is neither', '{"is_pic_info":2}'],
  ['a flag that is a list', '{"is_pic_info":[1]}'],
  ['101 rules', JSON.stringify({ rules: Array(101).fill({ fileid: 'a', rule: 'b' }) })],
  ['NUL', '{"rules":[{"fileid":"a\\u0000","rule":"b"}]}'],
  ['half a character', '{"rules":[{"fileid":"a\\ud800","rule":"b"}]}'],
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xe9, 0x7d])],
] as const)('a header with %s is refused', ([, header]) => {
  expect(() => readPicOperations(header)).toThrow(
    expect.objectContaining({ code: 'PIC_OPERATIONS_INVALID' }),
  );
});

test.for([
  ['ten megabytes', `{"a":"${'a'.repeat(10_000_000)}"}`],
  ['a hundred thousand brackets', '['.repeat(100_000)],
] as const)('%s are more than is read', ([, header]) => {
  expect(() => readPicOperations(header)).toThrow(
    expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
  );
});

test.for(['a\u0000', 'a\ud800'])('%j is not written', (fileid) => {
  expect(() => writePicOperations({ wantsInfo: false, rules: [{ fileid, rule: 'b' }] })).toThrow(
    expect.objectContaining({ code: 'PIC_OPERATIONS_INVALID' }),
  );
});

test('whatever is written is ASCII and comes back as it was', () => {
  const text = anyJsonText.filter((value) => value !== '');
  const value: fc.Arbitrary<PicOperations> = fc.record({
    wantsInfo: fc.boolean(),
    rules: fc.array(
      fc.record(
        { bucket: text, fileid: text, rule: text, ignoreError: fc.boolean() },
        { requiredKeys: ['fileid', 'rule'] },
      ),
      { maxLength: 4 },
    ),
  });
  fc.assert(
    fc.property(value, (operations) => {
      const header = writePicOperations(operations);
      expect(header).toMatch(/^[\x20-\x7e]*$/);
      expect(readPicOperations(header)).toEqual(operations);
    }),
    { numRuns: 200 },
  );
});

test('whatever JSON is sent, only faults are thrown', () => {
  const header = fc.oneof(
    fc.json(),
    fc
      .dictionary(fc.constantFrom('rules', 'is_pic_info', '__proto__'), fc.jsonValue())
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(header, (text) => {
      refusedOrRead(() => readPicOperations(text));
    }),
    { numRuns: 200 },
  );
});
