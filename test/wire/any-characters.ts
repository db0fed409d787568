import fc from 'fast-check';

const character = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

/** Any text UTF-8 can hold, with control characters, NUL and what lies beyond the first plane. */
export const anyCharacters = fc.string({ unit: character, maxLength: 20 });

/** The same as JSON is read here: without NUL. */
export const anyJsonText = anyCharacters.filter((text) => !text.includes('\0'));
