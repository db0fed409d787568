import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { readCiTime, readCiTimeIfSet, writeCiTime } from '../../shared/wire/ci-time.ts';

test.for([
  ['2022-06-27T14:44:10+0800', Date.UTC(2022, 5, 27, 6, 44, 10)],
  ['2024-02-29T00:00:00+0800', Date.UTC(2024, 1, 28, 16)],
  ['1970-01-01T08:00:00+0800', 0],
  ['9999-12-31T23:59:59+0800', Date.UTC(9999, 11, 31, 15, 59, 59)],
] as const)('%s is the moment %d', ([text, ms]) => {
  expect(readCiTime(text)).toBe(ms);
  expect(writeCiTime(ms)).toBe(text);
  expect(writeCiTime(ms + 999)).toBe(text);
});

test.for([
  '2022-06-27T06:44:10Z',
  '2022-06-27T06:44:10.000Z',
  '2022-06-27T14:44:10+08:00',
  '2022-06-27T01:14:10-0530',
])('%s is the same moment, written otherwise', (text) => {
  expect(readCiTime(text)).toBe(Date.UTC(2022, 5, 27, 6, 44, 10));
});

test.for([
  '',
  '-',
  '2022-06-27',
  '2022-06-27T14:44:10',
  '2022-06-27 14:44:10+0800',
  '2022-13-01T00:00:00+0800',
  '2023-02-29T00:00:00+0800',
  '2022-06-27T24:00:00+0800',
  '٢٠٢٢-06-27T14:44:10+0800',
  `2022-06-27T14:44:10.${'1'.repeat(1_000_000)}Z`,
])('%.40s is no time', (text) => {
  expect(() => readCiTime(text)).toThrow(expect.objectContaining({ code: 'PARAMETER_INVALID' }));
});

test('a time to come is not set, and neither is a garbled one', () => {
  expect(readCiTimeIfSet('-')).toBeUndefined();
  expect(readCiTimeIfSet('')).toBeUndefined();
  expect(readCiTimeIfSet(undefined)).toBeUndefined();
  expect(readCiTimeIfSet('2022-06-27T14:44:1010+0800')).toBeUndefined();
  expect(readCiTimeIfSet(' 2022-06-27T14:44:10+0800 ')).toBe(Date.UTC(2022, 5, 27, 6, 44, 10));
});

test.for([Number.NaN, Number.POSITIVE_INFINITY, 1e17, -1e17])('%d cannot be written', (ms) => {
  expect(() => writeCiTime(ms)).toThrow(Fault);
});

test('every moment comes back to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0, 1) }), (ms) => {
      expect(readCiTime(writeCiTime(ms))).toBe(Math.floor(ms / 1000) * 1000);
    }),
  );
});
