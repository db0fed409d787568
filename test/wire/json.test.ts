import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import { type JsonValue, jsonNode, jsonValue, readJson } from '../../shared/wire/json.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  }
  return 'no fault';
};

describe('what is read', () => {
  test('text and bytes of JSON are its value', () => {
    const text = '{"a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{}}';
    const value = { a: [1, -2500, true, null, 'é\n'], b: {} };

    expect(readJson(text)).toEqual(value);
    expect(readJson(new TextEncoder().encode(`\uFEFF${text}`))).toEqual(value);
  });

  test('a field is there only if it was sent, whatever it is called', () => {
    const empty = readJson('{}');
    const sent = readJson('{"__proto__":{"admin":true},"constructor":1,"toString":"x"}');

    const names = ['__proto__', 'constructor', 'toString', 'admin'] as const;
    expect(names.map((name) => fieldOf(empty, name))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(names.map((name) => fieldOf(sent, name))).toEqual([{ admin: true }, 1, 'x', undefined]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('admin');
  });

  test('an event that was parsed already is looked into as safely', () => {
    const event = jsonValue(JSON.parse('{"Records":[{"__proto__":{"size":1}}]}'));

    expect(Object.getPrototypeOf(event)).toBeNull();
    expect(jsonNode('Event', event).child('Records')?.text('size')).toBeUndefined();
  });

  test('one value and a list of one are the same element', () => {
    const idsOf = (text: string) =>
      jsonNode('Body', readJson(text))
        .children('JobsDetail')
        .map((job) => job.text('JobId'));

    expect(idsOf('{"JobsDetail":{"JobId":"a1"}}')).toEqual(['a1']);
    expect(idsOf('{"JobsDetail":[{"JobId":"a1"},{"JobId":"a2"}]}')).toEqual(['a1', 'a2']);
    expect(idsOf('{"JobsDetail":[]}')).toEqual([]);
    expect(idsOf('{"JobsDetail":null}')).toEqual([undefined]);
    expect(idsOf('{}')).toEqual([]);
  });

  test('a number and its text are the same element', () => {
    const node = jsonNode('Body', readJson('{"a":7,"b":"7","c":"","d":null,"e":true}'));

    expect(['a', 'b', 'c', 'd', 'x'].map((name) => node.number(name))).toEqual([
      7,
      7,
      undefined,
      undefined,
      undefined,
    ]);
    expect(node.flag('e')).toBe(true);
  });
});

describe('what is refused', () => {
  const MB = 1024 * 1024;
  test.for([
    ['nothing', '', 'JSON_UNREADABLE'],
    ['XML', '<a/>', 'JSON_UNREADABLE'],
    ['half a text', '{"a":"b', 'JSON_UNREADABLE'],
    ['a text that ends in a backslash', '"\\', 'JSON_UNREADABLE'],
    ['two values', '1 2', 'JSON_UNREADABLE'],
    ['a trailing comma', '[1,]', 'JSON_UNREADABLE'],
    ['raw NUL', '"\0"', 'JSON_UNREADABLE'],
    ['escaped NUL', '"\\u0000"', 'JSON_UNREADABLE'],
    ['half a character', '{"key":"\\ud83d"}', 'JSON_UNREADABLE'],
    ['half a character in a name', '{"\\ud83d":1}', 'JSON_UNREADABLE'],
    ['a raw lone surrogate', '"\uD83D"', 'JSON_UNREADABLE'],
    ['forty levels', `${'['.repeat(40)}${']'.repeat(40)}`, 'INPUT_TOO_LARGE'],
    ['ten megabytes', `"${'x'.repeat(10 * MB)}"`, 'INPUT_TOO_LARGE'],
    ['seven megabytes of [', '['.repeat(7 * MB), 'INPUT_TOO_LARGE'],
    ['seven megabytes of {"a":', '{"a":'.repeat((7 * MB) / 5), 'INPUT_TOO_LARGE'],
    ['two million values', `[${'1,'.repeat(2 * MB)}1]`, 'INPUT_TOO_LARGE'],
    ['a million empty lists', `[${'[],'.repeat(MB)}1]`, 'INPUT_TOO_LARGE'],
    ['seven megabytes of "', '"'.repeat(7 * MB), 'JSON_UNREADABLE'],
    ['seven megabytes of \\', `"${'\\'.repeat(7 * MB)}`, 'JSON_UNREADABLE'],
  ] as const)('%s', { timeout: 5000 }, ([, text, code]) => {
    expect(codeOf(() => readJson(text))).toBe(code);
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(codeOf(() => readJson(Uint8Array.of(0x22, 0xff, 0x22)))).toBe('JSON_UNREADABLE');
  });

  test('an event without end, and one that is no JSON, are refused', () => {
    const loop: unknown[] = [];
    loop.push(loop);

    expect(codeOf(() => jsonValue(loop))).toBe('INPUT_TOO_LARGE');
    expect(codeOf(() => jsonValue(undefined))).toBe('JSON_UNREADABLE');
    expect(codeOf(() => jsonValue({ a: () => 1 }))).toBe('JSON_UNREADABLE');
    expect(codeOf(() => jsonValue([1n]))).toBe('JSON_UNREADABLE');
  });

  test('whatever is thrown at it, it answers as JSON.parse or with a fault', () => {
    const pieces = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\"', '1', '-', 'e', '.', 'null', ' ', '\n'],
      ...['"a"', '"__proto__"', '\\u0000', '\\ud800', '\0', '{"a":1}', '[1,2]'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (soup) => {
        const text = soup.join('');
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(codeOf(() => readJson(text))).toBe('JSON_UNREADABLE');
          return;
        }
        if (codeOf(() => readJson(text)) === 'no fault') expect(readJson(text)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('any JSON of an ordinary size is read as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme-ascii' }), (value) => {
        expect(JSON.stringify(readJson(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });
});

function fieldOf(value: JsonValue, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { [name: string]: unknown })[name]
    : undefined;
}
