import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globProblems, globTest } from '../../shared/plan/glob.ts';

/** What the guide says of globs, word for word, tried out in every possible way. */
function fits(glob: string, key: string, opens = true): boolean {
  if (glob === '') return key === '';
  const [brace, inside, rest] = /^\{([^}]*)\}(.*)$/s.exec(glob) ?? [];
  if (brace !== undefined && inside !== undefined && rest !== undefined) {
    return inside.split(',').some((one) => fitsThen(one, rest, key, opens));
  }
  if (/^\*\*+/.test(glob)) {
    const after = glob.replace(/^\*+/, '');
    if (opens && after.startsWith('/')) {
      const folders = [...key].flatMap((char, at) => (char === '/' ? [at + 1] : []));
      return [0, ...folders].some((at) => fits(after.slice(1), key.slice(at), true));
    }
    return starts(key).some((at) => fits(after, key.slice(at), false));
  }
  if (glob.startsWith('*')) {
    const within = starts(key).filter((at) => !key.slice(0, at).includes('/'));
    return within.some((at) => fits(glob.slice(1), key.slice(at), false));
  }
  if (key === '' || (glob.startsWith('?') && key.startsWith('/'))) return false;
  if (!glob.startsWith('?') && glob[0] !== key[0]) return false;
  return fits(glob.slice(1), key.slice(1), glob.startsWith('/'));
}

function fitsThen(first: string, rest: string, key: string, opens: boolean): boolean {
  return starts(key).some(
    (at) => fits(first, key.slice(0, at), opens) && fits(rest, key.slice(at), false),
  );
}

const starts = (key: string) => Array.from({ length: key.length + 1 }, (_, at) => at);

const matches = (glob: string, key: string) => globTest(glob)(key);

describe('a glob', () => {
  test.for([
    ['*.jpg', 'a.jpg', true],
    ['*.jpg', 'in/a.jpg', false],
    ['in/*', 'in/a.jpg', true],
    ['in/*', 'in/b/a.jpg', false],
    ['in/**', 'in/b/a.jpg', true],
    ['in/**', 'inn/a.jpg', false],
    ['**/*.jpg', 'a.jpg', true],
    ['**/*.jpg', 'in/b/a.jpg', true],
    ['**/a.jpg', 'ba.jpg', false],
    ['in/**/raw/*.jpg', 'in/raw/a.jpg', true],
    ['in/**/raw/*.jpg', 'in/b/c/raw/a.jpg', true],
    ['in/**/raw/*.jpg', 'in/braw/a.jpg', false],
    ['in**.jpg', 'inn/a.jpg', true],
    ['in/????.jpg', 'in/boot.jpg', true],
    ['in/????.jpg', 'in/b/ot.jpg', false],
    ['?.png', '👢.png', true],
    ['**/*.{jpg,jpeg}', 'in/a.jpeg', true],
    ['**/*.{jpg,jpeg}', 'in/a.png', false],
    ['{in/**,out/*}.jpg', 'in/a/b.jpg', true],
    ['a{,b}c', 'ac', true],
    ['photo [1].jpg', 'photo [1].jpg', true],
    ['a.jpg', 'axjpg', false],
    ['(a|b)+$', '(a|b)+$', true],
    ['', '', true],
    ['', 'a', false],
  ] as const)('%s on %s: %s', ([glob, key, expected]) => {
    expect(matches(glob, key)).toBe(expected);
  });

  test('agrees with the plain meaning of its characters, tried out in every way', () => {
    const unit = constantFrom('a', 'b', '.', '/', '?', '*', '**', '**/', '{a,b}', '{,a/}');
    const key = array(constantFrom('a', 'b', '.', '/'), { maxLength: 8 });
    assert(
      property(array(unit, { maxLength: 6 }), key, (units, characters) => {
        const glob = units.join('').replace(/\*{3,}/g, '**');
        expect(matches(glob, characters.join(''))).toBe(fits(glob, characters.join('')));
      }),
      { numRuns: 3000 },
    );
  });

  test('made to be slow is as quick as any other', { timeout: 5000 }, () => {
    const key = `${'a'.repeat(840)}!`;
    for (const unit of ['*a', '**a', '**/', '*?', '?*', '{a,aa}', '{,a}*']) {
      const glob = `${unit.repeat(Math.floor(1000 / unit.length))}b`;
      const test = globTest(`**${glob}**`);
      for (let again = 0; again < 3; again++) expect(test(key)).toBe(false);
    }
  });

  test('of a hundred thousand characters is read without harm', { timeout: 10_000 }, () => {
    for (const unit of ['*', '?', '{', '{,', 'a,', '{}']) {
      expect(matches(unit.repeat(100_000 / unit.length), 'b')).toBe(unit === '*');
    }
  });
});

describe('what is wrong with a glob', () => {
  test.for([
    ['in/**/*.{jpg,png}', []],
    ['', [{ at: 0, text: '', because: 'empty' }]],
    ['in/{a,b', [{ at: 3, text: '{a,b', because: 'unclosed-brace' }]],
    ['{a,{b,c}}', [{ at: 3, text: '{a,{b,c}', because: 'nested-brace' }]],
    ['{a}/{b', [{ at: 4, text: '{b', because: 'unclosed-brace' }]],
  ] as const)('%s: %j', ([glob, problems]) => {
    expect(globProblems(glob)).toEqual(problems);
  });

  test('is also its length', () => {
    expect(globProblems('a'.repeat(1025))).toEqual([{ at: 1024, text: 'a', because: 'too-long' }]);
  });
});
