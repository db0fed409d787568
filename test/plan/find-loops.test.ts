import { array, assert, constantFrom, property, record, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLoops } from '../../shared/plan/find-loops.ts';
import { globTest } from '../../shared/plan/glob.ts';
import { keyFor } from '../../shared/plan/pattern.ts';
import type { Rule, When } from '../../shared/plan/rule.ts';
import { output, rule } from './rules-for-tests.ts';

const said = (rules: readonly Rule[], sources?: readonly string[]) =>
  findLoops(
    rules,
    sources && { sources: sources.map((bucket) => ({ bucket: `${bucket}-1`, region: 'r' })) },
  ).map(({ chain, closes }) => chain.join(' -> ') + (closes ? '' : ' (ends there)'));

describe('an output that its own rule would pick up again', () => {
  test.for([
    ['beside the source', { prefix: ['in/'] }, '{dir}/small-{name}'],
    ['below the prefix', { prefix: ['in/'] }, 'in/out/{name}'],
    ['by a prefix that merely begins the same', { prefix: ['pre'] }, 'prefix/{name}'],
    ['by no prefix at all', {}, 'out/{name}'],
    ['by a suffix the output has as well', { suffix: ['.jpg', '.png'] }, 'out/{stem}.png'],
    ['by a glob', { include: ['**/*.jpg'] }, 'out/{name}'],
    ['by one of several prefixes', { prefix: ['in/', 'out/i'] }, 'out/{dir}/{name}'],
    ['in a folder that only some sources have', { prefix: ['in/'] }, '{stem}/{name}'],
    ['for a template of that name', { prefix: ['of-'] }, '{template}/{name}'],
    ['where what is excluded is another folder', { exclude: ['out/*'] }, 'out/{dir}/{name}'],
  ] as const)('%s is found', ([, when, pattern]) => {
    expect(said([rule('again', when, pattern)])).toEqual(['again -> again']);
  });

  test.for([
    ['a prefix of its own', { prefix: ['in/'] }, 'out/{dir}/{name}'],
    ['a prefix that is no beginning', { prefix: ['prefix/'] }, 'pre/{name}'],
    ['another suffix', { suffix: ['.jpg'] }, '{dir}/{stem}.png'],
    ['the same ending, another stem', { suffix: ['-raw.jpg'] }, '{dir}/{stem}.cut.jpg'],
    ['an exclusion', { exclude: ['out/**'] }, 'out/{dir}/{name}'],
    ['an exclusion by name', { prefix: ['in/'], exclude: ['**/small-*'] }, '{dir}/small-{name}'],
    ['a glob for one folder only', { include: ['in/*.jpg'] }, 'in/out/{name}'],
    ['a folder above the prefix', { prefix: ['in/raw/'] }, 'in/{stem}.jpg'],
  ] as const)('is not seen where it has %s', ([, when, pattern]) => {
    expect(said([rule('once', when, pattern)])).toEqual([]);
  });

  test('is named by a key that is written and picked up', () => {
    const [loop] = findLoops([
      rule('again', { prefix: ['pre'], suffix: ['.jpg'] }, 'prefix/{name}'),
    ]);
    expect(loop).toEqual({
      from: {
        rule: 'again',
        template: 'of-again',
        version: 1,
        output: 0,
        pattern: 'prefix/{name}',
      },
      chain: ['again', 'again'],
      closes: true,
      example: 'prefix/a.jpg',
    });
  });
});

describe('an output that another rule would pick up', () => {
  const cut = rule('cut', { prefix: ['in/'] }, 'cut/{stem}.png');
  const mend = rule('mend', { prefix: ['cut/'] }, 'mended/{name}');
  const shrink = rule('shrink', { prefix: ['mended/'] }, 'in/small/{name}');

  test('is found through any number of rules', () => {
    expect(said([cut, mend, shrink])).toEqual([
      'cut -> mend -> shrink -> cut',
      'mend -> shrink -> cut -> mend',
      'shrink -> cut -> mend -> shrink',
    ]);
  });

  test('is found where it leads nowhere, and said to', () => {
    expect(said([cut, mend])).toEqual(['cut -> mend (ends there)']);
  });

  test('is said by the shortest way round', () => {
    const straightBack = rule('straight', { prefix: ['cut/'] }, 'in/{name}');
    expect(said([cut, mend, shrink, straightBack])[0]).toBe('cut -> straight -> cut');
  });

  test('is no matter while either is disabled', () => {
    expect(said([cut, { ...mend, enabled: false }, shrink])).toEqual([
      'shrink -> cut (ends there)',
    ]);
  });

  test('is one problem for each output, not for each reader', () => {
    const readers = ['a', 'b', 'c'].map((name) => rule(name, { prefix: ['cut/'] }, 'done/{name}'));
    expect(said([cut, ...readers])).toEqual(['cut -> a (ends there)']);
  });
});

describe('an output in another bucket', () => {
  const away = rule('away', {}, [output('{dir}/{name}', { bucket: 'shop' })]);

  test('is picked up again if that is a source bucket too', () => {
    expect(said([away], ['studio', 'shop'])).toEqual(['away -> away']);
    expect(said([away], ['studio'])).toEqual([]);
  });

  test('is out of reach of rules for the first one', () => {
    const narrow = { ...away, when: { ...away.when, buckets: ['studio'] } };
    expect(said([narrow], ['studio', 'shop'])).toEqual([]);
  });

  test('is, without settings, a source if a rule says so', () => {
    expect(said([away])).toEqual([]);
    expect(said([away, rule('shop', { buckets: ['shop'] }, 'done/{name}')])[0]).toBe(
      'away -> away',
    );
  });
});

describe('an output that replaces its source', () => {
  const replacing = (pattern: string) => [output(pattern, { replaceSource: true })];

  test('is no loop: it is known as our own', () => {
    expect(said([rule('mend', {}, replacing('{dir}/{name}'))])).toEqual([]);
    expect(said([rule('mend', { suffix: ['.png'] }, replacing('{dir}/{stem}.png'))])).toEqual([]);
  });

  test('is one where it also writes beside its source', () => {
    expect(said([rule('mend', {}, replacing('{dir}/{stem}.png'))])).toEqual(['mend -> mend']);
    expect(said([rule('mend', { prefix: ['in/'] }, replacing('in/{name}'))])).toEqual([
      'mend -> mend',
    ]);
  });
});

test('what is only rendered cannot loop', () => {
  expect(said([rule('view', {}, [output(undefined)])])).toEqual([]);
});

test('no loop is missed: whatever rules really pick up again is found', () => {
  const texts = constantFrom('', 'in/', 'in', 'out/', 'out/a', 'i');
  const whens = record({
    prefix: array(texts, { maxLength: 2 }),
    suffix: array(constantFrom('.jpg', '.png', 'g', 'a.jpg'), { maxLength: 2 }),
    include: array(constantFrom('in/**', '**/*.jpg', '*', '**/a*', '{in,out}/*'), { maxLength: 1 }),
    exclude: subarray(['out/*', '**/*a.png', 'in/?.jpg', '**/{a,b}.*'], { maxLength: 2 }),
  });
  const patterns = constantFrom(
    ...['out/{dir}/{name}', '{dir}/{stem}.png', 'in/{name}', 'out/{stem}.{ext}', '{dir}{stem}.jpg'],
    ...['{dir}/{dir}/{name}', 'in/{ext}-{stem}.png', '{stem}.jpg', '{dir}/a{name}'],
  );
  const keys = array(constantFrom('in/', 'out/', 'a', 'b', '.', '.jpg', '.png', '/'), {
    minLength: 1,
    maxLength: 5,
  });
  const matches = (when: Partial<When>, key: string) =>
    (!when.prefix?.length || when.prefix.some((prefix) => key.startsWith(prefix))) &&
    (!when.suffix?.length || when.suffix.some((suffix) => key.endsWith(suffix))) &&
    (!when.include?.length || when.include.some((glob) => globTest(glob)(key))) &&
    !when.exclude?.some((glob) => globTest(glob)(key));

  let seen = 0;
  assert(
    property(
      whens,
      patterns,
      whens,
      array(keys, { minLength: 5 }),
      (writes, pattern, reads, list) => {
        const rules = [rule('writer', writes, pattern), rule('reader', reads, 'away/{etag8}/x')];
        const found = findLoops(rules);
        for (const key of list.map((parts) => parts.join(''))) {
          if (!matches(writes, key)) continue;
          const source = { key, etag: '9f86d081884c', modified: 1e12 };
          const target = keyFor(pattern, source, { name: 'of-writer', version: 1 });
          if (target === undefined || !(matches(reads, target) || matches(writes, target)))
            continue;
          seen++;
          expect(found.map(({ from }) => from.rule)).toContain('writer');
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(seen).toBeGreaterThan(100);
});

test('a thousand rules, or rules made to be tangled, are checked within seconds', {
  timeout: 20_000,
}, () => {
  const many = Array.from({ length: 1000 }, (_, at) =>
    rule(`r${at}`, { prefix: [`shop-${at}/`], suffix: ['.jpg', '.png'] }, 'cut/{dir}/{stem}.png'),
  );
  expect(findLoops(many)).toEqual([]);

  const hard = `**a${'?'.repeat(400)}`;
  const tangled = Array.from({ length: 20 }, (_, at) =>
    rule(`r${at}`, { include: ['**b*'], exclude: [hard, `${hard}b**`] }, '{dir}/{stem}a{name}b'),
  );
  expect(findLoops(tangled)).toHaveLength(20);
});
