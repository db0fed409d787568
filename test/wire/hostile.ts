import fc from 'fast-check';
import { expect } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';

/** The value, or nothing when a fault was thrown; whatever else is thrown fails the test. */
export function unlessFault<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    return undefined;
  }
}

/** Text XML can carry, the awkward kinds included. */
export const xmlText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('<', '&', '"', ' ', '\r', '\n', ']', '目', '😀'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 20,
  })
  .filter((text) => !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text));

/** Bodies nobody sends by mistake, for a reader that expects this root. */
export function hostileXml(root: string): readonly (readonly [what: string, body: string])[] {
  return [
    ['ten million characters of <a>', '<a>'.repeat(3_500_000)],
    ['elements a hundred thousand deep', '<a>'.repeat(100_000)],
    ['one huge text', `<${root}>${'a'.repeat(9_000_000)}</${root}>`],
    ['another root', '<html><body/></html>'],
    ['nothing', ''],
    ['a control character', `<${root}><Key>\u0000</Key></${root}>`],
    ['half a surrogate pair', `<${root}><Key>\ud800</Key></${root}>`],
    [
      'entities that grow',
      `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><${root}>&b;</${root}>`,
    ],
    ['an entity of a file', `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><${root}/>`],
    ['a tag closed by another', `<${root}><Key></Value></${root}>`],
  ];
}
