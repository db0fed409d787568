import { describe, expect, test } from 'vitest';

import { readEncodingType, readListedKey, writeListedKey } from '../../shared/wire/listed-key.ts';
import { readXml } from '../../shared/wire/xml.ts';

test.for([
  ['<R/>', undefined],
  ['<R><EncodingType/></R>', undefined],
  ['<R><EncodingType>url</EncodingType></R>', 'url'],
  ['<R><Encoding-Type>url</Encoding-Type></R>', 'url'],
  ['<R><Encoding-type>url</Encoding-type></R>', 'url'],
] as const)('%s says that keys are encoded: %s', ([xml, type]) => {
  expect(readEncodingType(readXml(xml))).toBe(type);
});

describe.for([
  ['a/b c+d.jpg', 'a/b%20c%2Bd.jpg'],
  ["-_.~!'()*", '-_.~%21%27%28%29%2A'],
  ['图%', '%E5%9B%BE%25'],
] as const)('the key %s', ([key, listed]) => {
  test('is escaped where the caller asked for it, with its slashes', () => {
    expect(writeListedKey(key, 'url')).toBe(listed);
    expect(readListedKey(listed, 'url')).toBe(key);
  });

  test('stands as it is where nobody asked', () => {
    expect(writeListedKey(key, undefined)).toBe(key);
    expect(readListedKey(key, undefined)).toBe(key);
  });
});

test('a plus in an encoded list is a plus', () => {
  expect(readListedKey('a+b', 'url')).toBe('a+b');
});
