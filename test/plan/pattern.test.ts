import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyFor } from '../../shared/plan/pattern.ts';
import { patternProblems } from '../../shared/plan/pattern-problems.ts';

const cutout = { name: 'cutout', version: 2 };

/** Uploaded in the last second of a year. */
const source = (key: string) => ({
  key,
  etag: '9f86d081884c7d659a2feaa0c55ad015',
  modified: Date.UTC(2024, 11, 31, 23, 59, 59),
});

describe('a target', () => {
  test.for([
    ['{dir}', 'in/shoes'],
    ['{name}', 'red.boot.jpg'],
    ['{stem}', 'red.boot'],
    ['{ext}', 'jpg'],
    ['{template}', 'cutout'],
    ['{version}', '2'],
    ['{etag8}', '9f86d081'],
    ['{yyyy}-{mm}-{dd}', '2024-12-31'],
    ['cutouts/{dir}/{stem}.png', 'cutouts/in/shoes/red.boot.png'],
    ['{dir}/{template}-{stem}.{ext}', 'in/shoes/cutout-red.boot.jpg'],
  ] as const)('%s of in/shoes/red.boot.jpg is %s', ([pattern, key]) => {
    expect(keyFor(pattern, source('in/shoes/red.boot.jpg'), cutout)).toBe(key);
  });

  test.for([
    ['cutouts/{dir}/{stem}.png', 'mug.jpg', 'cutouts/mug.png'],
    ['{dir}/{stem}.png', 'mug.jpg', 'mug.png'],
    ['{dir}/{dir}/{stem}.png', 'mug.jpg', 'mug.png'],
    ['{yyyy}/{dir}/{name}', 'mug.jpg', '2024/mug.jpg'],
    ['of-{dir}/{name}', 'mug.jpg', 'of-/mug.jpg'],
    ['{dir}-{name}', 'mug.jpg', '-mug.jpg'],
    ['{dir}/{stem}.{ext}', 'in/README', 'in/README'],
    ['{dir}/{stem}.{ext}', 'in/.profile', 'in/.profile'],
    ['{dir}/{stem}.{ext}', 'in/notes.', 'in/notes.'],
    ['{dir}/{stem}.{ext}', 'in/a.tar.gz', 'in/a.tar.gz'],
    ['{stem}-{ext}', 'README', 'README-'],
    ['{dir}/{name}', 'in/🥾 {ext} +%2F.jpg', 'in/🥾 {ext} +%2F.jpg'],
    ['{dir}/{name}', 'in/$&$1.jpg', 'in/$&$1.jpg'],
  ] as const)('%s of %s is %s', ([pattern, key, target]) => {
    expect(keyFor(pattern, source(key), cutout)).toBe(target);
  });

  test.for([
    ['out/{name}', 'in/..', 'a dotted folder'],
    ['out/{dir}/{name}', 'in/../mug.jpg', 'a dotted folder inside'],
    ['{stem}/small.png', '..jpg', 'a stem that is a dot'],
    ['out/{dir}/{name}', 'in//mug.jpg', 'an empty folder'],
    ['out/{dir}/{name}', '/mug.jpg', 'a leading slash'],
    ['out/{dir}', 'in/', 'a folder marker'],
    ['out/{name}', `${'a'.repeat(847)}`, 'more than 850 bytes'],
    ['out/{name}', `${'é'.repeat(424)}`, 'more than 850 bytes of UTF-8'],
    ['out/{name}', 'in/a\u0000b.jpg', 'NUL'],
    ['out/{name}', 'in/a\nb.jpg', 'a line break'],
    ['out/{name}', 'in/a\ud800b.jpg', 'half a character'],
    ['out/{name}', 'in/a\uffffb.jpg', 'no character at all'],
  ] as const)('%s of %j cannot be named: %s', ([pattern, key]) => {
    expect(keyFor(pattern, source(key), cutout)).toBeUndefined();
  });

  test('of 850 bytes can be named', () => {
    expect(keyFor('out/{name}', source('a'.repeat(846)), cutout)).toHaveLength(850);
    expect(keyFor('out/{name}', source('é'.repeat(423)), cutout)).toHaveLength(427);
  });

  test('without a date needs none', () => {
    const undated = { ...source('mug.jpg'), modified: Number.NaN };
    expect(keyFor('out/{name}', undated, cutout)).toBe('out/mug.jpg');
    expect(keyFor('out/{yyyy}/{name}', undated, cutout)).toBeUndefined();
  });
});

describe('what is wrong with a pattern', () => {
  test.for([
    ['cutouts/{dir}/{stem}.png', []],
    ['{dir}/{dir}/{name}', []],
    ['{yyyy}/{mm}/{dd}/{etag8}', []],
    ['{dir}{stem}.{ext}', []],
    ['', [[0, '', 'empty']]],
    ['/cutouts/{name}', [[0, '/', 'leading-slash']]],
    ['cutouts//{name}', [[8, '', 'empty-segment']]],
    ['cutouts/', [[8, '', 'empty-segment']]],
    ['cutouts/{dir}', [[8, '{dir}', 'empty-segment']]],
    ['{dir}/{ext}', [[6, '{ext}', 'empty-segment']]],
    ['{ext}/{name}', [[0, '{ext}', 'empty-segment']]],
    ['{dir}/.{ext}', [[6, '.{ext}', 'empty-segment']]],
    ['{dir}/..{ext}', [[6, '..{ext}', 'dotted-segment']]],
    ['cutouts/../{name}', [[8, '..', 'dotted-segment']]],
    ['./{name}', [[0, '.', 'dotted-segment']]],
    ['.{dir}/{name}', [[0, '.{dir}', 'dotted-segment']]],
    ['{folder}/{name}', [[0, '{folder}', 'unknown-placeholder']]],
    [
      '{__proto__}/{toString}',
      [
        [0, '{__proto__}', 'unknown-placeholder'],
        [12, '{toString}', 'unknown-placeholder'],
      ],
    ],
    ['{Stem}.png', [[0, '{Stem}', 'unknown-placeholder']]],
    ['out/{stem', [[4, '{', 'stray-brace']]],
    ['out/}{stem}', [[4, '}', 'stray-brace']]],
    ['out/a\tb', [[5, '\t', 'odd-character']]],
    ['a'.repeat(851), [[0, 'a'.repeat(40), 'too-long']]],
  ] as const)('%s: %j', ([pattern, problems]) => {
    const found = patternProblems(pattern).map(({ at, text, because }) => [at, text, because]);
    expect(found).toEqual(problems);
  });

  test('is said before it can make an empty or dotted folder of an ordinary source', () => {
    const piece = constantFrom('{dir}', '{name}', '{stem}', '{ext}', '{etag8}', '/', '.', 'a');
    const key = constantFrom(
      'mug',
      'mug.jpg',
      'in/mug',
      'in/mug.jpg',
      'in/b/mug.tar.gz',
      'in/.mug',
    );
    assert(
      property(array(piece, { maxLength: 7 }), key, (pieces, sourceKey) => {
        const pattern = pieces.join('');
        const key = keyFor(pattern, source(sourceKey), cutout);
        if (patternProblems(pattern).length === 0) expect(key).toBeTypeOf('string');
      }),
      { numRuns: 3000 },
    );
  });

  test('is said quickly of any text', { timeout: 5000 }, () => {
    for (const unit of ['{', '}', '{dir', '{a}', '/', '.', '\u0000', '{dir}/']) {
      expect(patternProblems(unit.repeat(100_000 / unit.length)).length).toBeGreaterThan(0);
    }
  });
});
