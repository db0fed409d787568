import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { readBase64Url, writeBase64Url } from '../../shared/wire/base64-url.ts';
import { anyCharacters } from './any-characters.ts';
import { refusedOrRead } from './wire-format.ts';

const EXAMPLES = [
  ['', ''],
  ['a', 'YQ'],
  ['ab', 'YWI'],
  ['abc', 'YWJj'],
  ['~~~???', 'fn5-Pz8_'],
  ['遮罩.png', '6YGu572pLnBuZw'],
  ['\ufeff[[1,2]]', '77u_W1sxLDJdXQ'],
  [
    'http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/shuiyin_2.png',
    'aHR0cDovL2V4YW1wbGVidWNrZXQtMTI1MDAwMDAwMC5jb3MuYXAtZ3Vhbmd6aG91Lm15cWNsb3VkLmNvbS9zaHVpeWluXzIucG5n',
  ],
] as const;

test.for(EXAMPLES)('%j is %s', ([text, encoded]) => {
  expect(writeBase64Url(text)).toBe(encoded);
  expect(readBase64Url(encoded)).toBe(text);
});

test.for([
  ['fn5+Pz8/', '~~~???'],
  ['YQ==', 'a'],
  ['YWI=', 'ab'],
  ['fn5+Pz8_', '~~~???'],
] as const)('the standard alphabet and padding are read too: %s', ([encoded, text]) => {
  expect(readBase64Url(encoded)).toBe(text);
});

test.for([
  ['Y', 'cut off'],
  ['YWJjY', 'cut off'],
  ['YR', 'cut off'],
  ['YQ=', 'character 3'],
  ['YWJj==', 'character 5'],
  ['====', 'character 1'],
  ['YQ==YQ==', 'character 3'],
  ['YW Jj', 'cut off'],
  ['YW\nJjYWJ', 'character 3'],
  ['YQ\u0000A', 'character 3'],
  ['YQé', 'character 3'],
  ['_w', 'no UTF-8'],
  ['7aCA', 'no UTF-8'],
] as const)('%j is refused because of this: %s', ([encoded, why]) => {
  expect(() => readBase64Url(encoded)).toThrow(why);
  expect(() => readBase64Url(encoded)).toThrow(Fault);
});

test('a value of ten million letters is refused unread', () => {
  expect(() => readBase64Url('A'.repeat(10_000_000))).toThrow(
    expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
  );
});

test('half a surrogate pair is refused, for it would come back as another character', () => {
  expect(() => writeBase64Url('a\ud800')).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});

test('every text comes back as it was, and is written as Node would', () => {
  fc.assert(
    fc.property(anyCharacters, (text) => {
      const encoded = writeBase64Url(text);
      expect(encoded).toBe(Buffer.from(text).toString('base64url'));
      expect(readBase64Url(encoded)).toBe(text);
      expect(readBase64Url(Buffer.from(text).toString('base64'))).toBe(text);
    }),
  );
});

test('whatever is read, only faults are thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), anyCharacters), (text) => {
      refusedOrRead(() => readBase64Url(text));
    }),
  );
});
