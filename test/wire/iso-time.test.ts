import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import { readIsoTime, writeIsoSeconds, writeIsoTime } from '../../shared/wire/iso-time.ts';

const NOON = Date.UTC(2022, 5, 27, 12, 0, 0);

test.for([
  ['2022-06-27T12:00:00Z', NOON],
  ['2022-06-27T12:00:00.000Z', NOON],
  ['2022-06-27T12:00:00.5Z', NOON + 500],
  ['2022-06-27T12:00:00.123456789Z', NOON + 123],
  ['2022-06-27T20:00:00+0800', NOON],
  ['2022-06-27T20:00:00+08:00', NOON],
  ['2022-06-27T08:30:00-0330', NOON],
  ['1969-12-31T23:59:59Z', -1000],
] as const)('%s is a moment', ([text, time]) => {
  expect(readIsoTime(text)).toBe(time);
});

test.for([
  '',
  '-',
  '2022-06-27',
  '2022-06-27T12:00:00',
  '2022-06-27 12:00:00Z',
  '2022-02-30T12:00:00Z',
  '2022-13-01T12:00:00Z',
  '2022-06-27T24:00:00Z',
  '2022-06-27T12:00:60Z',
  'Tue Jan 17 16:43:37 2017',
  '2022-06-27T12:00:00Z ',
])('"%s" is none', (text) => {
  expect(readIsoTime(text)).toBeUndefined();
});

test('a moment is written with milliseconds or without, and read back', () => {
  expect(writeIsoTime(NOON + 7)).toBe('2022-06-27T12:00:00.007Z');
  expect(writeIsoSeconds(NOON + 7)).toBe('2022-06-27T12:00:00Z');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (time) => {
      expect(readIsoTime(writeIsoTime(time))).toBe(time);
      expect(readIsoTime(writeIsoSeconds(time))).toBe(time - (time % 1000));
    }),
  );
});

test.for([Number.NaN, -1, 253_402_300_800_000, Number.POSITIVE_INFINITY])(
  '%s is no time to write',
  (time) => {
    expect(() => writeIsoTime(time)).toThrow(Fault);
  },
);
