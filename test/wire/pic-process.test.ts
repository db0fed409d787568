import { expect, test } from 'vitest';
import type { JobFields } from '../../shared/wire/job-fields.ts';
import { type PicProcess, readPicProcess, writePicProcess } from '../../shared/wire/pic-process.ts';

const EXAMPLES: readonly (readonly [JobFields, PicProcess])[] = [
  [
    [
      [
        'PicProcess',
        [
          ['IsPicInfo', 'true'],
          ['ProcessRule', 'imageMogr2/rotate/90'],
        ],
      ],
    ],
    { wantsInfo: true, rule: 'imageMogr2/rotate/90' },
  ],
  [
    [
      [
        'PicProcess',
        [
          ['IsPicInfo', 'false'],
          ['ProcessRule', 'ci-process=GoodsMatting'],
        ],
      ],
    ],
    { wantsInfo: false, rule: 'ci-process=GoodsMatting' },
  ],
];

test.for(EXAMPLES)('%j is a picture job', ([fields, job]) => {
  expect(readPicProcess(fields)).toStrictEqual(job);
  expect(writePicProcess(job)).toStrictEqual(fields);
});

test('information is asked for with 1 as well, and not asked for with anything else', () => {
  const asked = (text: string) =>
    readPicProcess([
      [
        'PicProcess',
        [
          ['IsPicInfo', text],
          ['ProcessRule', 'imageInfo'],
        ],
      ],
    ])?.wantsInfo;
  expect(['1', 'TRUE'].map(asked)).toEqual([true, true]);
  expect(['0', '', 'yes'].map(asked)).toEqual([false, false, false]);
});

test('a job that names a template has no rule of its own', () => {
  expect(readPicProcess([])).toBeUndefined();
});

test('a job with parameters but no rule is refused', () => {
  expect(() => readPicProcess([['PicProcess', '']])).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});
