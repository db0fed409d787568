import { expect, test } from 'vitest';
import { newRequestId } from '../../../local/server/request-id.ts';

const textOf = (id: string) => Buffer.from(id, 'base64').toString('latin1');

test.for([
  ['now', 1_700_000_000_000, '6553f100'],
  ['at the beginning of time', 0, '00000000'],
  ['before it', -1000, '000000-1'],
  ['in a far future', 5_000_000_000_000_000, '0048c27395000'],
] as const)('a request id %s is Base64 of the second and a number', ([, ms, seconds]) => {
  const id = newRequestId(ms);
  expect(textOf(id)).toMatch(/_[0-9a-f]{8}_[0-9a-f]{6}_d4a$/);
  expect(textOf(id).split('_')[0]).toContain(seconds.replace(/^0+(?=.)/, ''));
  expect(Buffer.from(textOf(id), 'latin1').toString('base64')).toBe(id);
});

test('no two requests have the same id', () => {
  const ids = Array.from({ length: 10_000 }, () => newRequestId(1_700_000_000_000));
  expect(new Set(ids).size).toBe(10_000);
});
