import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';

interface WireFormat<T> {
  readonly root: string;
  readonly read: (body: string | Uint8Array) => T;
  readonly write: (value: T) => string;
  /** What each is about, a value, and the document it is on the wire (without its first line). */
  readonly examples: readonly (readonly [title: string, value: T, xml: string])[];
  readonly values: fc.Arbitrary<T>;
}

const MB = 1024 * 1024;

/** What every body of XML has to keep: both ways the same, and nothing but a fault for the rest. */
export function describeFormat<T>(format: WireFormat<T>): void {
  const { root, read, write, examples, values } = format;

  describe(`${root} both ways`, () => {
    test.for(examples)('%s', ([, value, xml]) => {
      expect(write(value)).toBe(`<?xml version='1.0' encoding='utf-8' ?>\n${xml}`);
      expect(read(xml)).toEqual(value);
      expect(read(new TextEncoder().encode(indented(xml)))).toEqual(value);
    });

    test('whatever is written is read back', () => {
      fc.assert(
        fc.property(values, (value) => {
          expect(read(write(value))).toEqual(value);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe(`${root} from a stranger`, () => {
    test.for([
      ['nothing', ''],
      ['another document', '<Other/>'],
      ['ten megabytes of <a>', '<a>'.repeat((10 * MB) / 3)],
      ['a root full of roots', `<${root}>`.repeat(1000)],
      ['a root with a million elements', `<${root}>${'<a/>'.repeat(MB)}</${root}>`],
      ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "aaaa">]><${root}>&a;</${root}>`],
      ['a prototype', `<${root}><__proto__><a>1</a></__proto__></${root}>`],
      ['NUL', `<${root}>\0</${root}>`],
      ['half a character', `<${root}>\uD83D</${root}>`],
    ] as const)('%s is refused', { timeout: 5000 }, ([, xml]) => {
      expect(() => read(xml)).toThrow(Fault);
    });

    test('a document that was damaged is read or refused, never anything else', () => {
      const damage = fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(20),
        put: fc.constantFrom(
          '',
          '<',
          '>',
          '/',
          '&',
          '"',
          'x',
          '<Key>',
          '</Key>',
          '-1',
          '\0',
          '%zz',
        ),
      });
      fc.assert(
        fc.property(values, fc.array(damage, { minLength: 1, maxLength: 3 }), (value, damages) => {
          let xml = write(value);
          for (const { at, length, put } of damages) {
            const start = Math.floor(at * xml.length);
            xml = xml.slice(0, start) + put + xml.slice(start + length);
          }
          refusedOrRead(() => read(xml));
        }),
        { numRuns: 150 },
      );
    });
  });
}

/** The act ends well or with a fault. */
export function refusedOrRead(act: () => unknown): void {
  try {
    act();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
  }
}

/** As real answers stand: every element on a line of its own. */
function indented(xml: string): string {
  return xml.replaceAll('><', '>\n\t<');
}

const character = fc
  .oneof(
    fc.constantFrom(...[9, 10, 13]),
    fc.integer({ min: 0x20, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xfffd }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

/** Any text XML can hold, with the characters that matter to XML more often than others. */
export const anyText = fc.oneof(
  fc.string({ unit: character, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...' \t\r\n&<>"\'%+/;=#x1a]图', '😀'), maxLength: 12 }),
);

/** A name as keys and ids are: not empty. */
export const anyName = anyText.filter((text) => text !== '');

/** Names that have no space at their ends. */
export const plainName = anyName.filter((text) => text.trim() === text);

export const anyTime = fc.integer({ min: 0, max: 253_402_300_799_999 });

export const anySize = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

export const anyEtag = fc.stringMatching(/^[0-9a-f]{32}(-[1-9][0-9]{0,3})?$/);

export const anyOwner = fc.record({ id: anyText, displayName: anyText }, { requiredKeys: ['id'] });
