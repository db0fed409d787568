import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextDay, nextFiring, readCron } from '../../shared/core/cron.ts';

function cronOf(line: string) {
  const read = readCron(line);
  if (!read.ok) throw new Error(`${read.message} (${read.hint})`);
  return read.cron;
}

test.for([
  ['0 30 2 * * * *', { seconds: [0], minutes: [30], hours: [2] }],
  ['0 */20 8-10 * * * *', { minutes: [0, 20, 40], hours: [8, 9, 10] }],
  ['0 5/25 0,12 * * * *', { minutes: [5, 30, 55], hours: [0, 12] }],
  ['0 0 0 1 JAN-mar,12 * *', { days: [1], months: [1, 2, 3, 12] }],
  ['0 0 0 * * MON-FRI *', { weekdays: [1, 2, 3, 4, 5] }],
  ['0 0 0 * * * 2027-2028', { years: [2027, 2028] }],
] as const)('%s is read', ([line, fields]) => {
  expect(cronOf(line)).toMatchObject(fields);
});

test.for([
  ['0 2 * * *', /7 fields, this one has 5/, /Try "0 0 2 \* \* \* \*"/],
  ['', /7 fields/, /second, minute, hour/],
  ['60 0 0 * * * *', /"60" is no second/, /0 to 59/],
  ['0 0 24 * * * *', /"24" is no hour/, /0 to 23/],
  ['0 0 0 0 * * *', /"0" is no day of month/, /1 to 31/],
  ['0 0 0 * FEBRUARY * *', /"FEBRUARY" is no month/, /JAN FEB/],
  ['0 0 0 * * MOON *', /"MOON" is no day of week/, /SUN MON/],
  ['0 0 0 * * 7 *', /"7" is no day of week/, /0 to 6/],
  ['0 0 0 L * * *', /Not every edition .* day of month "L"/, /numbers, names/],
  ['0 0 0 15W * * *', /Not every edition/, /numbers, names/],
  ['0 0 0 ? * MON *', /Not every edition/, /numbers, names/],
  ['0 0 0 * * MON#2 *', /Not every edition/, /numbers, names/],
  ['0 0 22-4 * * * *', /ends before it begins/, /22-23,0-4/],
  ['0 0 0 * * FRI-MON *', /ends before it begins/, /FRI-SAT,SUN-MON/],
  ['*/0 0 0 * * * *', /"\*\/0" is no second/, /0 to 59/],
  ['0 0 0 * * * 1999-', /"1999-" is no year/, /1970 to 2099/],
] as const)('%s is refused', ([line, message, hint]) => {
  expect(readCron(line)).toMatchObject({
    ok: false,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test('weekdays as numbers are told from weekdays as names', () => {
  expect(cronOf('0 0 0 * * 1-5 *').numbersWeekdays).toBe(true);
  expect(cronOf('0 0 0 * * MON,6 *').numbersWeekdays).toBe(true);
  expect(cronOf('0 0 0 * * MON-FRI/2 *').numbersWeekdays).toBe(false);
  expect(cronOf('0 0 0 * * */2 *').numbersWeekdays).toBe(false);
});

describe('the next day on which a line fires', () => {
  const thursday = Date.UTC(2026, 0, 1, 15);

  test.for([
    ['0 0 0 * * * *', '2026-01-01'],
    ['0 0 0 * * MON *', '2026-01-05'],
    ['0 0 0 29 2 * *', '2028-02-29'],
    ['0 0 0 31 4,6,7 * *', '2026-07-31'],
    ['0 0 0 13 * FRI *', '2026-01-02'], // either of the two days fires
    ['0 0 0 30 2 MON *', '2026-02-02'],
    ['0 0 0 1 1 * 2030', '2030-01-01'],
  ] as const)('%s: %s', ([line, day]) => {
    expect(new Date(nextDay(cronOf(line), thursday) ?? 0).toISOString().slice(0, 10)).toBe(day);
  });

  test.for(['0 0 0 30 2 * *', '0 0 0 31 4,6,9,11 * *', '0 0 0 * * * 2025', '0 0 0 29 2 * 2027'])(
    '%s: none',
    (line) => {
      expect(nextDay(cronOf(line), thursday)).toBeUndefined();
    },
  );
});

describe('the next moment at which a line fires', () => {
  test.for([
    ['0 30 2 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T18:30:00.000Z'],
    ['0 30 2 * * * *', '2026-01-01T18:30:00Z', '2026-01-02T18:30:00.000Z'],
    ['0 30 2 * * * *', '2026-01-01T18:29:59.999Z', '2026-01-01T18:30:00.000Z'],
    ['*/20 * * * * * *', '2026-01-01T00:00:41Z', '2026-01-01T00:01:00.000Z'],
    ['15,45 59 23 31 12 * *', '2026-12-31T15:59:15Z', '2026-12-31T15:59:45.000Z'],
    ['0 0 0 * * MON *', '2026-01-04T15:59:59Z', '2026-01-04T16:00:00.000Z'],
  ] as const)('in Beijing, %s after %s: %s', ([line, after, next]) => {
    const at = nextFiring(cronOf(line), Date.parse(after));
    expect(new Date(at ?? 0).toISOString()).toBe(next);
  });

  test('another clock may be meant', () => {
    const noon = Date.UTC(2026, 0, 1, 12);
    expect(nextFiring(cronOf('0 30 12 * * * *'), noon, 0)).toBe(noon + 30 * 60_000);
  });

  test('a line of the past never fires', () => {
    expect(nextFiring(cronOf('0 0 0 * * * 2025'), Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});

test('any line is read or refused', () => {
  const field = fc.oneof(
    fc.constantFrom('*', '*/2', '1-5', 'MON', 'JAN-MAR', '5-1', '1,2,3', '/', '-', ',', '99999'),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 9 }), (fields) => {
      const read = readCron(fields.join(' '));
      if (read.ok) nextDay(read.cron, 0);
      else expect(read.message).not.toBe('');
    }),
  );
});
