import { expect, test } from 'vitest';

import { readEtag, writeEtag } from '../../shared/wire/etag.ts';

test.for([
  ['"ee8de918"', 'ee8de918'],
  [' "ee8de918-2" ', 'ee8de918-2'],
  ['ee8de918', 'ee8de918'],
  ['""', ''],
  ['"', '"'],
  ['', ''],
] as const)('the etag %s is %s', ([text, etag]) => {
  expect(readEtag(text)).toBe(etag);
});

test('an etag is written with its quotes', () => {
  expect(writeEtag('ee8de918')).toBe('"ee8de918"');
});
