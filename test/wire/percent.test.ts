import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import {
  decodePath,
  encodePath,
  percentEncode,
  readQuery,
  utf8Text,
} from '../../shared/wire/percent.ts';
import { awkwardText } from './percent-text.ts';

const asNodeShows = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

function faultOf(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  }
  return 'no fault';
}

describe('an encoded text', () => {
  test.for([
    ['AZaz09-_.~', 'AZaz09-_.~'],
    [' ', '%20'],
    ["!'()*", '%21%27%28%29%2A'],
    ['a/b+c%d', 'a%2Fb%2Bc%25d'],
    ['图', '%E5%9B%BE'],
    ['🐱', '%F0%9F%90%B1'],
    ['\n', '%0A'],
  ] as const)('of "%s" is %s', ([text, encoded]) => {
    expect(percentEncode(text)).toBe(encoded);
  });

  test('keeps the slashes of a path', () => {
    expect(encodePath('/a b//图(1).png')).toBe('/a%20b//%E5%9B%BE%281%29.png');
  });

  test('is refused for half of a surrogate pair, which has no bytes', () => {
    expect(faultOf(() => percentEncode('a\ud83d'))).toBe('URL_UNREADABLE');
  });

  test('is read back as what it was', () => {
    assert(
      property(awkwardText(40), (text) => {
        expect(decodePath(percentEncode(text))).toBe(text);
        expect(decodePath(encodePath(text))).toBe(text);
      }),
    );
  });
});

describe('a path', () => {
  test.for([
    ['/in/cat.png', '/in/cat.png'],
    ['/in%2Fcat.png', '/in/cat.png'],
    ['/.%2Fin/cat.png', '/./in/cat.png'],
    ['/a+b%2Bc%20d', '/a b+c d'],
    ['/%E5%9B%BE', '/图'],
    ['/%e5%9b%be', '/图'],
    ['/图', '/图'],
    [asNodeShows('/图'), '/图'],
    ['/caf\xe9', '/café'],
    ['/100%25', '/100%'],
    ['/a%252Fb', '/a%2Fb'],
    ['//a', '//a'],
    ['/a%00b', '/a\0b'],
    ['', ''],
  ] as const)('%j is read as %j', ([raw, path]) => {
    expect(decodePath(raw)).toBe(path);
  });

  test.for(['/100%', '/%zz', '/%E5%9B', '/%C0%AF', '/%ED%A0%80', '/\ud800', '/%'])(
    '%j is refused, because no key has these bytes',
    (raw) => {
      expect(faultOf(() => decodePath(raw))).toBe('URL_UNREADABLE');
    },
  );
});

describe('a query', () => {
  test.for([
    ['', []],
    ['acl', [['acl', '']]],
    ['acl=', [['acl', '']]],
    ['=x', [['', 'x']]],
    [
      'a=1&&b=2&',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'b=2&a=1&b=3',
      [
        ['b', '2'],
        ['a', '1'],
        ['b', '3'],
      ],
    ],
    ['a=b=c', [['a', 'b=c']]],
    ['prefix=a+b%2Bc', [['prefix', 'a b+c']]],
    ['imageMogr2/thumbnail/!50p', [['imageMogr2/thumbnail/!50p', '']]],
    ['x-cos-security-token=tok+/=%3D', [['x-cos-security-token', 'tok+/==']]],
    ['x-ci-security-token=a+b', [['x-ci-security-token', 'a+b']]],
    ['__proto__=1', [['__proto__', '1']]],
  ] as const)('%s is read as %j', ([raw, pairs]) => {
    expect(readQuery(raw).map(({ name, value }) => [name, value])).toEqual(pairs);
  });

  test('with an invalid escape is refused', () => {
    expect(faultOf(() => readQuery('a=%E5'))).toBe('URL_UNREADABLE');
  });

  test.for([
    ['very long', `a=${'x'.repeat(100_000)}`],
    ['of very many parameters', 'a&'.repeat(10_000)],
    ['of very many separators', '&'.repeat(10_000_000)],
  ] as const)('that is %s is refused', ([, raw]) => {
    expect(faultOf(() => readQuery(raw))).toBe('INPUT_TOO_LARGE');
  });
});

test('a path of 10 MB is refused', () => {
  expect(faultOf(() => decodePath('%41'.repeat(3_500_000)))).toBe('INPUT_TOO_LARGE');
  expect(faultOf(() => decodePath('a'.repeat(10_000_000)))).toBe('INPUT_TOO_LARGE');
});

test('whatever is read as a path or a query, nothing but a Fault is thrown', () => {
  assert(
    property(awkwardText(60), (raw) => {
      expect(['no fault', 'URL_UNREADABLE']).toContain(faultOf(() => decodePath(raw)));
      expect(['no fault', 'URL_UNREADABLE']).toContain(faultOf(() => readQuery(raw)));
    }),
  );
});

test.for([
  ['plain', 'plain'],
  [asNodeShows('图 é 🐱'), '图 é 🐱'],
  [asNodeShows('\ufeffa'), '\ufeffa'],
  ['caf\xe9', 'café'],
  ['already 图', 'already 图'],
] as const)('the bytes of a header shown as %j are the text "%s"', ([shown, text]) => {
  expect(utf8Text(shown)).toBe(text);
});
