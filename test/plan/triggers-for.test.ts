import { array, assert, constantFrom, property, record, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reasonByKey } from '../../shared/plan/reason-to-skip.ts';
import type { Rule } from '../../shared/plan/rule.ts';
import { refusalsOf, type Trigger } from '../../shared/plan/trigger.ts';
import { triggersFor } from '../../shared/plan/triggers-for.ts';
import { output, rule } from './rules-for-tests.ts';

const region = 'ap-guangzhou';
const place = (name: string, where = region) => ({ bucket: `${name}-1300001234`, region: where });
const records = { ...place('records'), prefix: '' };
const studio = { sources: [place('studio')], state: records };

const said = ({ prefix, suffix, rules }: Trigger) =>
  `${prefix}*${suffix} for ${rules.join(' and ')}`;
const triggers = (rules: readonly Rule[], places = studio) =>
  triggersFor(rules, places).triggers.map(said);
const problems = (rules: readonly Rule[], places = studio) =>
  triggersFor(rules, places).problems.map((problem) => problem.because);
const into = 'done/{etag8}.x';

describe('the triggers of rules', () => {
  test('are as narrow as the rules', () => {
    expect(
      triggers([
        rule('a', { prefix: ['in/'], suffix: ['.jpg', '.png'] }, into),
        rule('b', { include: ['video/**/*.mp4'] }, into),
      ]),
    ).toEqual(['in/*.jpg for a', 'in/*.png for a', 'video/*.mp4 for b']);
  });

  test.for([
    ['-front.jpg', '.jpg'],
    ['front.tar.gz', '.tar.gz'],
    ['jpg', ''],
  ] as const)(
    'for keys ending in %s have the suffix "%s": it begins with a dot',
    ([ends, suffix]) => {
      expect(triggers([rule('a', { prefix: ['in/'], suffix: [ends] }, into)])).toEqual([
        `in/*${suffix} for a`,
      ]);
    },
  );

  test.for([
    [{ prefix: ['in/'] }, { prefix: ['in/raw/'] }, ['in/* for a and b']],
    [{ prefix: ['in/'], suffix: ['.jpg'] }, { prefix: ['in/raw/'] }, ['in/* for a and b']],
    [{ suffix: ['.gz'] }, { prefix: ['in/'], suffix: ['.tar.gz'] }, ['*.gz for a and b']],
    [{ prefix: ['pre'] }, { prefix: ['prefix/'] }, ['pre* for a and b']],
    [{ prefix: ['in/a/'], suffix: ['.jpg'] }, { suffix: ['.b.jpg'] }, ['*.jpg for a and b']],
  ] as const)('that would overlap are one: %j, %j', ([one, other, lines]) => {
    expect(triggers([rule('a', one, into), rule('b', other, into)])).toEqual(lines);
  });

  test.for([
    [
      { prefix: ['in/'], suffix: ['.jpg'] },
      { prefix: ['in/raw/'], suffix: ['.png'] },
    ],
    [{ prefix: ['a/'] }, { prefix: ['b/'] }],
  ] as const)('that do not overlap stay two: %j, %j', ([one, other]) => {
    expect(triggers([rule('a', one, into), rule('b', other, into)])).toHaveLength(2);
  });

  test('are none for what is disabled, impossible or for another bucket', () => {
    expect(
      triggers([
        rule('off', {}, into, { enabled: false }),
        rule('never', { prefix: ['in/'], include: ['out/*'] }, into),
        rule('shop', { buckets: ['shop'] }, into),
      ]),
    ).toEqual([]);
  });

  test('are those of each bucket, in the order of the settings', () => {
    const places = { sources: [place('studio'), place('shop')], state: records };
    const found = triggersFor(
      [
        rule('shop', { buckets: ['shop'], prefix: ['in/'] }, into),
        rule('all', { prefix: ['a/'] }, into),
      ],
      places,
    );
    expect(found.triggers.map((one) => `${one.bucket} ${said(one)}`)).toEqual([
      'studio-1300001234 a/* for all',
      'shop-1300001234 a/* for all',
      'shop-1300001234 in/* for shop',
    ]);
  });
});

describe('where rules ask for more triggers than a function may have', () => {
  const folders = (names: readonly string[], suffix: readonly string[] = []) =>
    rule('many', { prefix: names, suffix }, into);
  const letters = 'abcdefghijkl'.split('');

  test('neighbours share one', () => {
    const alone = letters.slice(0, 8).map((name) => `${name}/`);
    expect(triggers([folders([...alone, 'z/x/1/', 'z/x/2/', 'z/x/3/'])])).toEqual(
      [...alone, 'z/x/'].map((prefix) => `${prefix}* for many`),
    );
  });

  test('suffixes of one folder are given up before folders are', () => {
    const suffixes = ['.jpg', '.png', '.gif'];
    expect(triggers([folders(['a/', 'b/', 'c/'], suffixes)])).toHaveLength(9);
    expect(triggers([folders(['a/', 'b/', 'c/', 'd/'], suffixes)])).toHaveLength(10);
    const ten = letters.slice(0, 10).map((name) => `${name}/`);
    expect(triggers([folders(ten, suffixes)])).toEqual(ten.map((name) => `${name}* for many`));
  });

  test('a beginning that all have in common is enough for many folders', () => {
    const shops = Array.from({ length: 50 }, (_, at) => `shop-${at}/in/`);
    expect(triggers([folders(shops, ['.jpg', '.png'])])).toEqual([
      'shop-*.jpg for many',
      'shop-*.png for many',
    ]);
  });

  test('a window that would take in outputs or records is avoided', () => {
    const wide = [...letters.slice(0, 9).map((name) => `in/${name}/1/`), 'out-1/', 'out-2/'];
    const prefixes = (into: string) =>
      triggersFor([rule('many', { prefix: wide }, into)], studio).triggers.map(
        ({ prefix }) => prefix,
      );
    expect(prefixes('out-9/{etag8}')).toEqual(['in/', 'out-1/', 'out-2/']);
    expect(prefixes('in/z/{etag8}')).toEqual([...wide.slice(0, 9), 'out-']);
  });

  test('the ten are shared by all buckets of a region, but not between regions', () => {
    const sources = [place('studio'), place('shop'), place('north', 'ap-beijing')];
    const rules = ['studio', 'shop', 'north'].map((name) =>
      rule(name, { buckets: [name], prefix: ['a/', 'b/', 'c/', 'd/1/', 'd/2/', 'd/3/'] }, into),
    );
    const found = triggersFor(rules, { sources, state: records }).triggers;
    const inRegion = (where: string) => found.filter((one) => one.region === where).length;
    expect([inRegion(region), inRegion('ap-beijing')]).toEqual([10, 6]);
  });

  test('eleven buckets are too many for one function', () => {
    const sources = letters.slice(0, 11).map((name) => place(name));
    const found = triggersFor([rule('a', { prefix: ['in/'] }, into)], { sources, state: records });
    expect(found.problems).toEqual([{ because: 'too-many', region, triggers: 11 }]);
  });
});

describe('a trigger that would fire for our own writing', () => {
  const together = {
    sources: [place('studio')],
    state: { ...place('studio'), prefix: '.darkroom/' },
  };

  test('is a problem if it covers the records', () => {
    expect(problems([rule('a', {}, into)], together)).toContain('covers-state');
    expect(problems([rule('a', { suffix: ['.json'] }, into)], together)).toContain('covers-state');
    expect(problems([rule('a', { suffix: ['.jpg'] }, into)], together)).toEqual([]);
    expect(problems([rule('a', { prefix: ['in/'] }, into)], together)).toEqual([]);
  });

  test('is a problem if it covers a target, though no rule would pick that up', () => {
    const careful = rule('a', { exclude: ['out/**'], suffix: ['.jpg'] }, 'out/{name}');
    expect(triggersFor([careful], studio).problems).toEqual([
      {
        because: 'covers-target',
        trigger: { ...place('studio'), prefix: '', suffix: '.jpg', rules: ['a'] },
        from: { rule: 'a', template: 'of-a', version: 1, output: 0, pattern: 'out/{name}' },
        example: 'out/a.jpg',
      },
    ]);
  });

  test('is none where outputs and records have buckets of their own', () => {
    expect(problems([rule('a', {}, [output('{name}', { bucket: 'done' })])])).toEqual([]);
    expect(problems([rule('a', {}, [output('{name}', { bucket: 'studio' })])])).toEqual([
      'covers-target',
    ]);
  });

  test('is none where the target has another folder or ending', () => {
    expect(problems([rule('a', { prefix: ['in/'] }, 'out/{name}')])).toEqual([]);
    expect(problems([rule('a', { suffix: ['.jpg'] }, '{dir}/{stem}.png')])).toEqual([]);
  });

  test('is none where outputs replace their sources, as they say', () => {
    const replacing = [output('{dir}/{name}', { replaceSource: true })];
    expect(problems([rule('a', { prefix: ['in/'] }, replacing)])).toEqual([]);
  });
});

describe('what the service would refuse', () => {
  const trigger = (prefix: string, suffix: string, bucket = 'studio'): Trigger => ({
    ...place(bucket),
    prefix,
    suffix,
    rules: [],
  });

  test.for([
    ['a/', '.jpg', 'a/b/', '.jpg', true],
    ['a/', '', 'a/', '.jpg', true],
    ['', '.jpg', 'a/', '.b.jpg', true],
    ['a/', '.jpg', 'a/', '.png', false],
    ['a/', '', 'b/', '', false],
  ] as const)('%s*%s and %s*%s on one bucket: %s', ([p1, s1, p2, s2, refused]) => {
    const [one, other] = [trigger(p1, s1), trigger(p2, s2)];
    expect(refusalsOf([one, other])).toEqual(
      refused ? [{ because: 'overlap', triggers: [one, other] }] : [],
    );
    expect(refusalsOf([one, trigger(p2, s2, 'shop')])).toEqual([]);
  });

  test('is a suffix without a dot, and an eleventh trigger', () => {
    expect(refusalsOf([trigger('a/', 'jpg')])).toMatchObject([{ because: 'suffix-without-dot' }]);
    const eleven = Array.from({ length: 11 }, (_, at) => trigger(`${at}/`, ''));
    expect(refusalsOf(eleven)).toEqual([{ because: 'too-many', region, triggers: 11 }]);
    expect(refusalsOf(eleven.slice(1))).toEqual([]);
  });
});

const pieces = constantFrom(
  'a',
  'b',
  '/',
  'a/',
  '.',
  '.jpg',
  '.b.jpg',
  '.png',
  'in/',
  'x',
  '🥾',
  '🥿',
);
const text = (most: number) => array(pieces, { maxLength: most }).map((list) => list.join(''));
const whens = record({
  prefix: array(text(3), { maxLength: 4 }),
  suffix: array(text(2), { maxLength: 3 }),
  include: array(constantFrom('a/**', '**/*.jpg', 'in/*', '**/b/*.{jpg,png}'), { maxLength: 1 }),
  buckets: constantFrom<(readonly string[])[]>([], ['studio'], ['shop']),
});

test('every upload that a rule could be for fires just one trigger, and the service takes them all', () => {
  const places = { sources: [place('studio'), place('shop')], state: records };
  let matched = 0;
  assert(
    property(
      array(whens, { minLength: 1, maxLength: 12 }),
      array(tuple(text(2), text(3), text(2))),
      (list, middles) => {
        const rules = list.map((when, at) => rule(`r${at}`, when, into));
        const found = triggersFor(rules, places).triggers;
        expect(refusalsOf(found)).toEqual([]);
        const keys = list.flatMap(({ prefix, suffix }, at) =>
          middles.map(([before, middle, after]) => {
            const start = prefix[at % 3] ?? before;
            return start + middle + (suffix[at % 2] ?? after);
          }),
        );
        for (const { bucket } of places.sources) {
          for (const key of keys) {
            const names = rules
              .filter(({ when }) => reasonByKey(when, { bucket, key }) === undefined)
              .map(({ name }) => name);
            if (names.length === 0) continue;
            matched++;
            const firing = found.filter(
              (one) =>
                one.bucket === bucket && key.startsWith(one.prefix) && key.endsWith(one.suffix),
            );
            expect(firing).toHaveLength(1);
            expect(firing[0]?.rules).toEqual(expect.arrayContaining(names));
          }
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(matched).toBeGreaterThan(500);
});

test('hundreds of rules get their triggers within seconds', { timeout: 20_000 }, () => {
  const rules = Array.from({ length: 1000 }, (_, at) =>
    rule(`r${at}`, { prefix: [`${(at * 7919) % 1000}/in/`] }, `cut/${at}/{name}`),
  );
  const found = triggersFor(rules, studio).triggers;
  expect(refusalsOf(found)).toEqual([]);
  expect(new Set(found.flatMap((one) => one.rules)).size).toBe(1000);
});
