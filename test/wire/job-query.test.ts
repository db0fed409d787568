import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type JobQuery,
  readJobIds,
  readJobQuery,
  writeJobQuery,
} from '../../shared/wire/job-query.ts';
import { unlessFault } from './unless-fault.ts';

type Pairs = readonly (readonly [string, string])[];

const queryOf = (pairs: Pairs) => pairs.map(([name, value]) => ({ name, value }));

const EXAMPLES: readonly (readonly [what: string, query: Pairs, value: JobQuery])[] = [
  [
    'by tag alone',
    [
      ['tag', 'SegmentVideoBody'],
      ['orderByTime', 'Desc'],
      ['size', '10'],
      ['states', 'All'],
    ],
    { tag: 'SegmentVideoBody', newestFirst: true, size: 10 },
  ],
  [
    'by all there is',
    [
      ['tag', 'PicProcess'],
      ['queueId', 'p1'],
      ['workflowId', 'w1'],
      ['inventoryTriggerJobId', 'b1'],
      ['inputObject', 'in/目 录.png'],
      ['orderByTime', 'Asc'],
      ['nextToken', 'abc='],
      ['size', '100'],
      ['states', 'Submitted,Running'],
      ['startCreationTime', '2022-06-27T14:44:10+0800'],
      ['endCreationTime', '2022-06-28T00:00:00+0800'],
    ],
    {
      tag: 'PicProcess',
      queueId: 'p1',
      workflowId: 'w1',
      inventoryTriggerJobId: 'b1',
      inputObject: 'in/目 录.png',
      newestFirst: false,
      nextToken: 'abc=',
      size: 100,
      states: ['Submitted', 'Running'],
      createdFrom: Date.UTC(2022, 5, 27, 6, 44, 10),
      createdUntil: Date.UTC(2022, 5, 27, 16),
    },
  ],
];

test.for(EXAMPLES)('jobs asked for %s', ([, query, value]) => {
  expect(readJobQuery(queryOf(query))).toStrictEqual(value);
  expect(writeJobQuery(value)).toStrictEqual(queryOf(query));
});

test('what is left out or empty is what the service takes for it', () => {
  const query = [
    ['tag', 'A'],
    ['size', ''],
    ['states', 'Running,All'],
    ['unknown', 'x'],
    ['__proto__', 'x'],
  ] as const;
  expect(readJobQuery(queryOf(query))).toStrictEqual({ tag: 'A', newestFirst: true, size: 10 });
});

test('the plus of an offset may have become a space on its way', () => {
  const query = [
    ['tag', 'A'],
    ['startCreationTime', '2022-06-27T14:44:10 0800'],
  ] as const;
  expect(readJobQuery(queryOf(query)).createdFrom).toBe(Date.UTC(2022, 5, 27, 6, 44, 10));
});

test.for([
  ['size', '0'],
  ['size', '101'],
  ['size', '1e1'],
  ['orderByTime', 'desc'],
  ['states', 'Done'],
  ['startCreationTime', 'yesterday'],
  ['inputObject', 'a'.repeat(2049)],
] as const)('%s=%.40s is refused', ([name, value]) => {
  const query = [
    ['tag', 'A'],
    [name, value],
  ] as const;
  expect(() => readJobQuery(queryOf(query))).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});

test('a query without a tag is refused', () => {
  expect(() => readJobQuery(queryOf([['tag', '']]))).toThrow('tag is missing');
});

test('up to ten ids can be asked for at once', () => {
  expect(readJobIds('a1')).toStrictEqual(['a1']);
  expect(readJobIds('1,2,3,4,5,6,7,8,9,10')).toHaveLength(10);
});

test.for(['', 'a,', '1,2,3,4,5,6,7,8,9,10,11', 'a b', '../a', ','.repeat(1_000_000)])(
  '%.40s names no jobs',
  (text) => {
    expect(() => readJobIds(text)).toThrow(expect.objectContaining({ code: 'PARAMETER_INVALID' }));
  },
);

test('whatever is asked, only faults are thrown, and what was read is read again', () => {
  const name = fc.constantFrom('tag', 'size', 'states', 'orderByTime', 'startCreationTime');
  const value = fc.oneof(
    fc.constantFrom('A', '10', 'Asc', 'All', 'Running,Pause', '2022-06-27T14:44:10Z'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (pairs) => {
      const query = unlessFault(() => readJobQuery(queryOf(pairs)));
      if (query) expect(readJobQuery(writeJobQuery(query))).toEqual(query);
    }),
    { numRuns: 300 },
  );
});
