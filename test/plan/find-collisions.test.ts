import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findCollisions } from '../../shared/plan/find-collisions.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import type { Rule, When } from '../../shared/plan/rule.ts';
import { FROM_USER, output, photo, rule, template } from './rules-for-tests.ts';

const at = (...buckets: readonly string[]) => ({
  sources: buckets.map((bucket) => ({ bucket: `${bucket}-1300001234`, region: 'ap-guangzhou' })),
});

/** `certain: products/mug.jpg -> out/mug.png` */
const said = (rules: readonly Rule[], places = at('studio')) =>
  findCollisions(rules, places).map(
    ({ how, sources, target }) =>
      `${how}: ${sources.map(({ key }) => key).join(' and ')} -> ${target}`,
  );

describe('two outputs of one source', () => {
  const both = (
    one: string,
    other: string,
    when: Partial<When> = { prefix: ['in/'], suffix: ['.jpg'] },
  ) => said([rule('both', when, [one, other])]).filter((line) => line.startsWith('certain'));

  test.for([
    ['{dir}/cut/{name}', '{dir}/cut/{name}', 'certain: in/a.jpg -> in/cut/a.jpg'],
    ['cut/{dir}/{name}', 'cut/{dir}/{stem}.jpg', 'certain: in/a.jpg -> cut/in/a.jpg'],
    ['cut/{dir}/{name}', 'cut/{dir}/{stem}.{ext}', 'certain: in/a.jpg -> cut/in/a.jpg'],
    ['{yyyy}/{dir}/{name}', '2024/{dir}/{name}', 'certain: in/a.jpg -> 2024/in/a.jpg'],
    ['{etag8}/{dir}/{name}', '{etag8}/{dir}/{name}', 'certain: in/a.jpg -> 9f86d081/in/a.jpg'],
    [
      '{template}-{version}/{dir}/{name}',
      'of-both-1/{dir}/{name}',
      'certain: in/a.jpg -> of-both-1/in/a.jpg',
    ],
  ] as const)('%s and %s write one key', ([one, other, line]) => {
    expect(both(one, other)).toEqual([line]);
  });

  test.for([
    ['cut/{dir}/{name}', 'small/{dir}/{name}'],
    ['cut/{dir}/{stem}.png', 'cut/{dir}/{stem}.webp'],
    ['cut/{dir}/{name}', 'cut/{dir}/{stem}.png'],
    ['cut/{dir}/{name}', 'cut/{dir}/x/{name}'],
  ] as const)('%s and %s do not', ([one, other]) => {
    expect(both(one, other)).toEqual([]);
  });

  test('collide for some sources only, and one of those is named', () => {
    expect(both('cut/{dir}/{name}', 'cut/{dir}/{stem}.png', { prefix: ['in/'] })).toEqual([
      'certain: in/a.png -> cut/in/a.png',
    ]);
  });

  test('are named as the file has them, the earlier one last', () => {
    const [collision] = findCollisions([
      rule(
        'one',
        { suffix: ['.jpg'] },
        { templates: [template(['a/{dir}/{name}', 'b/{dir}/{name}'], 'cutout', 2)] },
      ),
      rule('two', { prefix: ['in/'], suffix: ['.jpg'] }, 'b/{dir}/{name}'),
    ]);
    expect(collision?.outputs).toEqual([
      { rule: 'two', template: 'of-two', version: 1, output: 0, pattern: 'b/{dir}/{name}' },
      { rule: 'one', template: 'cutout', version: 2, output: 1, pattern: 'b/{dir}/{name}' },
    ]);
  });
});

describe('two rules with the same target', () => {
  const target = 'cut/{dir}/{name}';
  const two = (one: Partial<When>, other: Partial<When>) =>
    said([rule('one', one, target), rule('two', other, target)]);

  test('collide for a source that both are for', () => {
    expect(two({ prefix: ['in/'] }, { suffix: ['.jpg'], exclude: ['*/a*'] })).toEqual([
      'certain: in/b.jpg -> cut/in/b.jpg',
    ]);
  });

  test.for([
    [{ prefix: ['in/'] }, { prefix: ['out/'] }],
    [{ suffix: ['.jpg'] }, { suffix: ['.png'] }],
    [{ include: ['in/**'] }, { exclude: ['in/**'] }],
    [{ maxBytes: 1000 }, { minBytes: 1001 }],
    [{ contentType: ['image/*'] }, { contentType: ['video/mp4', 'text/*'] }],
    [{ metadata: { kind: 'shoe' } }, { metadata: { Kind: 'mug' } }],
    [{ metadata: { raw: '1' } }, { unlessMetadata: ['Raw'] }],
  ] as const)('do not where no source is for both: %j, %j', ([one, other]) => {
    expect(two(one, other)).toEqual([]);
  });

  test.for([
    [{ maxBytes: 1000 }, { minBytes: 1000 }],
    [{ contentType: ['image/*'] }, { contentType: ['Image/PNG'] }],
    [{ metadata: { kind: 'shoe' } }, { metadata: { kind: 'shoe', size: '42' } }],
    [{ metadata: { raw: '0' } }, { unlessMetadata: ['raw'] }],
  ] as const)('do where one is for both at the edge: %j, %j', ([one, other]) => {
    expect(two(one, other)).toEqual(['certain: a -> cut/a']);
  });

  test('do not by sharing a template: that is one step', () => {
    const templates = [template(target)];
    expect(
      said([rule('one', {}, { templates }), rule('two', { prefix: ['in/'] }, { templates })]),
    ).toEqual([]);
  });

  test('do not across buckets, unless they write into one', () => {
    const rules = (bucket?: string) => [
      rule('one', { buckets: ['studio'] }, [output(target, bucket ? { bucket } : {})]),
      rule('two', { buckets: ['shop'] }, [output(target, bucket ? { bucket } : {})]),
    ];
    expect(said(rules(), at('studio', 'shop'))).toEqual([]);
    expect(findCollisions(rules('done'), at('studio', 'shop'))).toMatchObject([
      {
        how: 'possible',
        sources: [
          { bucket: 'shop', key: 'a' },
          { bucket: 'studio', key: 'a' },
        ],
      },
    ]);
  });
});

describe('two sources of one output', () => {
  test.for([
    [{ prefix: ['in/'], suffix: ['.jpg'] }, 'cut/{name}', 'in/a.jpg and in/b/a.jpg -> cut/a.jpg'],
    [
      { prefix: ['a/', 'b/'], suffix: ['.jpg'] },
      'cut/{stem}.png',
      'b/c.jpg and a/c.jpg -> cut/c.png',
    ],
    [{ suffix: ['.jpg', '.png'] }, 'cut/{dir}/{stem}.webp', 'a.png and a.jpg -> cut/a.webp'],
    [{}, 'cut/{dir}/{stem}.webp', 'a and a.b -> cut/a.webp'],
    [
      { prefix: ['in/raw-'], suffix: ['.jpg'] },
      'cut/{dir}.png',
      'in/raw-.jpg and in/raw-b.jpg -> cut/in.png',
    ],
    [
      { include: ['in/*/final/*.jpg'] },
      'cut/{name}',
      'in/c/final/b.jpg and in/d/final/b.jpg -> cut/b.jpg',
    ],
    [{}, 'newest.png', 'a and b -> newest.png'],
    [{}, 'by-day/{yyyy}-{mm}-{dd}', 'a and b -> by-day/2024-02-03'],
    [{ suffix: ['.jpg'] }, 'cut/{dir}-{stem}.png', 'a/a-a.jpg and a-a/a.jpg -> cut/a-a-a.png'],
    [{}, 'cut/{dir}/{stem}-{ext}', 'a/a.a- and a/a-a -> cut/a/a-a-'],
    [{ suffix: ['.jpg'] }, 'cut/{dir}{name}', 'a.jpg and a/.jpg -> cut/a.jpg'],
  ] as const)('%j by %s: %s', ([when, pattern, line]) => {
    expect(said([rule('one', when, pattern)])).toEqual([`possible: ${line}`]);
  });

  test.for([
    [{ suffix: ['.jpg'] }, 'cut/{dir}/{stem}.png'],
    [{}, 'cut/{dir}/{name}'],
    [{}, 'cut/{dir}/{stem}.{ext}'],
    [{}, '{name}/{dir}.x'],
    [{ include: ['in/*.jpg'] }, 'cut/{stem}.png'],
    [{ include: ['in/mug.jpg'] }, 'newest.png'],
    [{}, 'cut/{etag8}.png'],
  ] as const)('do not meet: %j by %s', ([when, pattern]) => {
    expect(said([rule('one', when, pattern)])).toEqual([]);
  });

  test('meet when they come from two buckets into one', () => {
    const away = [
      rule('away', { suffix: ['.jpg'] }, [output('{dir}/{stem}.png', { bucket: 'done' })]),
    ];
    expect(said(away)).toEqual([]);
    expect(findCollisions(away, at('studio', 'shop'))).toMatchObject([
      {
        how: 'possible',
        sources: [
          { bucket: 'studio', key: 'a.jpg' },
          { bucket: 'shop', key: 'a.jpg' },
        ],
      },
    ]);
  });
});

test('two rules whose sources differ meet where their patterns do', () => {
  const rules = (one: string, other: string) => [
    rule('one', { prefix: ['in/'], suffix: ['.jpg'] }, one),
    rule('two', { prefix: ['vip/'], suffix: ['.jpg'] }, other),
  ];
  const between = (one: string, other: string) =>
    findCollisions(rules(one, other))
      .filter(({ outputs: [first, second] }) => first.rule !== second.rule)
      .map(({ sources, target }) => [...sources.map(({ key }) => key), target]);
  expect(between('cut/{dir}/{name}', 'cut/{dir}/{name}')).toEqual([]);
  expect(between('cut/{dir}/{name}', 'cut/in/{dir}/{name}')).toEqual([
    ['vip/a.jpg', 'in/vip/a.jpg', 'cut/in/vip/a.jpg'],
  ]);
  expect(between('cut/{dir}/{stem}.png', 'cut/in/poster.png')).toEqual([
    ['vip/a.jpg', 'in/poster.jpg', 'cut/in/poster.png'],
  ]);
});

test('every example shows what it says when it is planned', () => {
  const whens = record({
    prefix: array(constantFrom('in/', 'in', 'out/', 'i'), { maxLength: 2 }),
    suffix: array(constantFrom('.jpg', '.png', 'g'), { maxLength: 2 }),
    include: array(constantFrom('in/**', '**/a*', '*'), { maxLength: 1 }),
    exclude: array(constantFrom('**/a.*', 'in/?'), { maxLength: 1 }),
  });
  const patterns = constantFrom(
    ...['cut/{dir}/{name}', 'cut/{stem}.png', 'cut/{dir}-{stem}', 'cut/{name}', '{dir}{stem}.x'],
    ...['cut/{ext}{stem}', 'cut/in/{stem}.png', '{yyyy}/{stem}.{ext}', 'cut/{stem}/{dir}/x'],
  );
  let certain = 0;
  let possible = 0;
  assert(
    property(
      array(record({ when: whens, pattern: patterns }), { minLength: 1, maxLength: 3 }),
      (list) => {
        const rules = list.map(({ when, pattern }, index) => rule(`r${index}`, when, pattern));
        for (const { how, sources, target, outputs } of findCollisions(rules)) {
          const plans = sources.map(({ key }) =>
            makePlan(rules, photo({ key, modified: Date.UTC(2024, 1, 3) }), FROM_USER),
          );
          const writes = plans.flatMap(({ steps, skips }) => [
            ...steps.map((step) => [step.rule, step.target.key]),
            ...skips.map((skip) => [skip.rule, skip.because]),
          ]);
          if (how === 'possible') {
            possible++;
            expect(new Set(sources.map(({ key }) => key)).size).toBe(2);
            const [second, first] = outputs.map(
              (ref, at) =>
                plans[at]?.steps.find(
                  (step) => step.rule === ref.rule && step.target.key === target,
                ) ??
                plans[at]?.skips.find(
                  (skip) => skip.rule === ref.rule && skip.because === 'same-target',
                ),
            );
            expect([second, first]).not.toContain(undefined);
          } else {
            certain++;
            expect(writes).toContainEqual([outputs[0].rule, 'same-target']);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
  expect([certain > 5, possible > 100]).toEqual([true, true]);
});

test('hundreds of rules are checked within seconds', { timeout: 20_000 }, () => {
  const many = Array.from({ length: 400 }, (_, at) =>
    rule(`r${at}`, { prefix: [`shop-${at}/`], suffix: ['.jpg'] }, 'cut/{dir}/{stem}.png'),
  );
  expect(findCollisions(many)).toEqual([]);
  const same = many.map((one) => ({ ...one, use: [template('cut/{stem}.png', one.name)] }));
  expect(findCollisions(same)).toHaveLength(799);
});
