import { assert, constantFrom, property, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Source } from '../../shared/core/object-ref.ts';
import { borrowedBy } from '../../shared/plan/borrowed.ts';
import { explain } from '../../shared/plan/explain.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { couldMatch } from '../../shared/plan/matcher.ts';
import type { Facts } from '../../shared/plan/plan.ts';
import type { Output, Rule, When } from '../../shared/plan/rule.ts';
import { FROM_USER, output, photo, rule, template } from './rules-for-tests.ts';

const products = rule('products', { prefix: ['products/'] }, 'cutouts/{dir}/{stem}.png');
const reads = (rules: readonly Rule[], source: Source = photo(), facts: Facts = FROM_USER) =>
  explain(makePlan(rules, source, facts)).split('\n');

describe('a plan', () => {
  test('has one step for each output of a matching rule', () => {
    expect(explain(makePlan([products], photo(), FROM_USER))).toBe(
      [
        'products/mug.jpg (2048 bytes)',
        '  products: goods-matting -> cutouts/products/mug.png',
      ].join('\n'),
    );
  });

  test('has the outputs of all templates of a rule', () => {
    const templates = [
      template(['cut/{name}', 'small/{name}'], 'cutout'),
      template('big/{name}', 'enlarge', 3),
    ];
    const plan = makePlan([rule('all', {}, { templates })], photo(), FROM_USER);
    expect(plan.steps.map(({ template: title, target }) => [title, target.key])).toEqual([
      ['cutout@1', 'cut/mug.jpg'],
      ['cutout@1', 'small/mug.jpg'],
      ['enlarge@3', 'big/mug.jpg'],
    ]);
  });

  test('counts rules by priority, then by their order in the file', () => {
    const rules = [
      rule('low', {}, 'low/{name}', { priority: -1 }),
      rule('first', {}, 'first/{name}'),
      rule('high', {}, 'high/{name}', { priority: 5 }),
      rule('second', {}, 'second/{name}'),
    ];
    const plan = makePlan(rules, photo(), FROM_USER);
    expect(plan.steps.map((step) => step.rule)).toEqual(['high', 'first', 'second', 'low']);
  });

  test('writes one target once: the first by priority wins, the other is left out', () => {
    const rules = [
      rule('usual', {}, ['out/{name}', 'own/{name}']),
      rule('special', { suffix: ['.jpg'] }, [output('out/{name}', { operation: 'enhance' })], {
        priority: 1,
      }),
    ];
    expect(reads(rules).slice(1)).toEqual([
      '  special: enhance -> out/mug.jpg',
      '  usual: goods-matting -> own/mug.jpg',
      '  usual: goods-matting -> out/{name}: same-target',
    ]);
  });

  test('names another bucket of the account', () => {
    const away = rule('away', {}, [output('{name}', { bucket: 'shop' })]);
    expect(makePlan([away], photo(), FROM_USER).steps[0]?.target).toEqual({
      bucket: 'shop-1300001234',
      region: 'ap-guangzhou',
      key: 'mug.jpg',
    });
    expect(reads([away])[1]).toBe('  away: goods-matting -> mug.jpg in shop-1300001234');
  });

  test('has renderings for what is not stored, with the call of a download', () => {
    const plan = makePlan([rule('view', {}, [output(undefined)])], photo(), FROM_USER);
    expect(plan.steps).toEqual([]);
    expect(plan.renderings).toMatchObject([
      { rule: 'view', template: 'of-view@1', call: { via: 'download' } },
    ]);
    expect(plan.renderings[0]?.call.query).toContainEqual(['ci-process', 'GoodsMatting']);
  });

  test('asks for the original in place of an error where the output says so', () => {
    const call = (whenItFails: Output['whenItFails']) => {
      const one = output('out/{name}', { operation: 'enhance', whenItFails });
      return makePlan([rule('one', {}, [one])], photo(), FROM_USER).steps[0]?.call;
    };
    expect(call('original')).toMatchObject({ rule: expect.stringContaining('ignore-error=1') });
    expect(call('retry')).not.toMatchObject({ rule: expect.stringContaining('ignore-error') });
  });

  test('is the same each time, and leaves what it was made from as it was', () => {
    const rules = [products, rule('all', {}, 'all/{name}', { priority: 3 })];
    const before = structuredClone(rules);
    const plans = [1, 2].map(() => makePlan(rules, photo(), FROM_USER));
    expect(plans[0]).toEqual(plans[1]);
    expect(rules).toEqual(before);
  });
});

describe('a source is left alone', () => {
  const one = (asks: Partial<When>, given: Partial<Source> = {}) =>
    reads([rule('one', asks, 'out/{name}')], photo(given))[1];

  test.for([
    ['other-bucket', { buckets: ['shop'] }, {}],
    ['outside-prefix', { prefix: ['incoming/', 'product/'] }, {}],
    ['other-suffix', { suffix: ['.png', '.JPG'] }, {}],
    ['not-included', { include: ['products/*.png'] }, {}],
    ['excluded', { exclude: ['**/mug.*'] }, {}],
    ['too-small', { minBytes: 2049 }, {}],
    ['too-small', {}, { size: 0 }],
    ['too-large', { maxBytes: 2047 }, {}],
    ['other-content-type', { contentType: ['image/png', 'video/*'] }, {}],
    ['other-content-type', { contentType: ['image/jp'] }, {}],
    ['other-metadata', { metadata: { order: 'A-1' } }, { metadata: { order: 'A-2' } }],
    ['other-metadata', { metadata: { order: 'A-1' } }, {}],
    ['other-metadata', { metadata: { constructor: 'Object' } }, {}],
    ['opted-out', { unlessMetadata: ['raw'] }, { metadata: { raw: 'yes' } }],
  ] as const)('with the word %s: %j, %j', ([because, asks, given]) => {
    expect(one(asks, given)).toBe(`  one: ${because}`);
  });

  test.for([
    [{ buckets: ['shop', 'studio'] }, {}],
    [{ prefix: ['incoming/', 'products/'] }, {}],
    [{ suffix: ['.png', '.jpg'] }, {}],
    [{ include: ['products/*.{jpg,png}'] }, {}],
    [{ exclude: ['mug.*'] }, {}],
    [{ minBytes: 2048, maxBytes: 2048 }, {}],
    [{ contentType: ['image/*'] }, { contentType: 'Image/JPEG; charset=binary' }],
    [{ contentType: ['image/jpeg'] }, { contentType: 'Image/JPEG; charset=binary' }],
    [{ metadata: { Order: 'A-1' } }, { metadata: { order: 'A-1' } }],
    [{ unlessMetadata: ['raw'] }, { metadata: { raw: 'False' } }],
    [{ unlessMetadata: ['raw', 'toString'] }, { metadata: { raw: ' ' } }],
  ] as const)('no longer where it fits: %j, %j', ([asks, given]) => {
    expect(one(asks, given)).toBe('  one: goods-matting -> out/mug.jpg');
  });

  test('by every rule when it is one of our own outputs', () => {
    const rules = [products, rule('off', {}, 'off/{name}', { enabled: false })];
    expect(reads(rules, photo(), { ...FROM_USER, writtenByUs: true })).toEqual([
      'products/mug.jpg (2048 bytes)',
      '  products: own-output',
      '  off: own-output',
    ]);
  });

  test('by every rule when it is the marker of a folder', () => {
    expect(reads([products], photo({ key: 'products/', size: 0 }))[1]).toBe(
      '  products: folder-marker',
    );
  });

  test('by a disabled rule', () => {
    expect(reads([{ ...products, enabled: false }])[1]).toBe('  products: rule-disabled');
  });

  test('by an output that would overwrite it, unless that is what it is for', () => {
    const onto = (replaceSource: boolean) => [
      rule('mend', {}, [output('{dir}/{name}', { replaceSource }), 'out/{name}']),
    ];
    expect(reads(onto(false)).slice(1)).toEqual([
      '  mend: goods-matting -> out/mug.jpg',
      '  mend: goods-matting -> {dir}/{name}: overwrites-source',
    ]);
    expect(reads(onto(true))[1]).toBe(
      '  mend: goods-matting -> products/mug.jpg, in place of the source',
    );
  });

  test('by an output of the same name in another bucket it is not', () => {
    const away = rule('away', {}, [output('{dir}/{name}', { bucket: 'shop' })]);
    expect(makePlan([away], photo(), FROM_USER).steps).toMatchObject([{ replacesSource: false }]);
  });

  test('by an output whose target cannot be named', () => {
    expect(reads([rule('one', {}, 'out/{dir}/{name}')], photo({ key: 'a/../mug.jpg' }))[1]).toBe(
      '  one: goods-matting -> out/{dir}/{name}: target-unnameable',
    );
  });

  test('by a job whose target the service would fill in', () => {
    const source = photo({ key: `in/\${InventoryTriggerJobId}.jpg` });
    const as = (as: 'rule' | 'job') => rule('one', {}, [output('out/{name}', { as })]);
    expect(reads([as('job')], source)[1]).toContain('target-unnameable');
    expect(makePlan([as('rule')], source, FROM_USER).steps).toHaveLength(1);
  });

  test('by an operation that takes no object as large', () => {
    const grow = rule('grow', {}, [output('out/{name}', { operation: 'super-resolution' })]);
    const of = (size: number) => reads([grow], photo({ size }))[1];
    expect(of(5 * 1024 * 1024)).toBe('  grow: super-resolution -> out/mug.jpg');
    expect(of(5 * 1024 * 1024 + 1)).toBe('  grow: super-resolution -> out/{name}: input-too-large');
  });
});

describe('masks and backgrounds', () => {
  const mend = rule('mend', { prefix: ['products/'] }, [
    output('out/{name}', {
      operation: 'image-repair',
      parameters: { mask: { key: 'masks/{stem}.png' } },
    }),
  ]);
  const clip = rule('clip', { suffix: ['.mp4'] }, [
    output('out/{name}', {
      operation: 'segment-video-body',
      parameters: {
        mode: 'combination',
        segment: 'human',
        threshold: 0,
        background: 'backgrounds/{dir}.jpg',
      },
      as: 'job',
    }),
  ]);
  const mask = 'studio-1300001234/masks/mug.png';

  test('are looked up beforehand, for the rules that apply', () => {
    expect(borrowedBy([mend, clip], photo())).toEqual([
      { bucket: 'studio-1300001234', region: 'ap-guangzhou', key: 'masks/mug.png' },
    ]);
    expect(borrowedBy([mend, clip], photo({ key: 'in/walk.mp4' })).map(({ key }) => key)).toEqual([
      'backgrounds/in.jpg',
    ]);
    expect(borrowedBy([mend, clip], photo({ key: 'in/mug.jpg' }))).toEqual([]);
    expect(borrowedBy([mend], photo({ key: 'products/' }))).toEqual([]);
  });

  test('are asked for once, however many outputs share them', () => {
    expect(borrowedBy([mend, { ...mend, name: 'again' }], photo())).toHaveLength(1);
  });

  test('stand in the step by bucket, key and etag', () => {
    const plan = makePlan([mend], photo(), { writtenByUs: false, borrowed: { [mask]: 'abc' } });
    expect(plan.steps[0]?.call.borrows).toMatchObject([
      { name: 'mask', object: { key: 'masks/mug.png' }, etag: 'abc' },
    ]);
    expect(plan.steps[0]?.id).toContain(`${mask}@abc`);
  });

  test('that are not there leave the output out', () => {
    const gone = { writtenByUs: false, borrowed: { [mask]: undefined } };
    expect(reads([mend], photo(), gone)[1]).toBe(
      '  mend: image-repair -> out/{name}: mask-missing',
    );
    expect(reads([clip], photo({ key: 'in/walk.mp4' }))[1]).toBe(
      '  clip: segment-video-body -> out/{name}: background-missing',
    );
  });

  test('that cannot be named are as good as missing', () => {
    const source = photo({ key: 'products/..png' });
    const odd = rule('odd', {}, [
      output('out/x.png', { operation: 'image-repair', parameters: { mask: { key: '{stem}/m' } } }),
    ]);
    expect(borrowedBy([odd], source)).toEqual([]);
    expect(reads([odd], source)[1]).toContain('mask-missing');
  });

  test('given as an address or polygons need no looking up', () => {
    const drawn = rule('drawn', {}, [
      output('out/{name}', {
        operation: 'image-repair',
        parameters: {
          mask: {
            polygons: [
              [
                [0, 0],
                [9, 0],
                [9, 9],
              ],
            ],
          },
        },
      }),
    ]);
    expect(borrowedBy([drawn], photo())).toEqual([]);
    expect(makePlan([drawn], photo(), FROM_USER).steps).toHaveLength(1);
  });
});

describe('what an object says for itself', () => {
  const templates = [template('cut/{name}', 'cutout', 2), template('big/{name}', 'enlarge')];
  const rules = (overrides: Rule['overrides']) => [rule('one', {}, { templates }, { overrides })];
  const says = (metadata: Record<string, string>, overrides: Rule['overrides']) =>
    reads(rules(overrides), photo({ metadata })).slice(1);
  const both = ['  one: goods-matting -> cut/mug.jpg', '  one: goods-matting -> big/mug.jpg'];

  test('counts only where a rule allows it', () => {
    expect(says({ 'darkroom-skip': '1', 'darkroom-template': 'enlarge' }, [])).toEqual(both);
    expect(says({ 'darkroom-skip': '1' }, ['template', 'mask'])).toEqual(both);
  });

  test('can be to be left alone', () => {
    expect(says({ 'darkroom-skip': '1' }, ['skip'])).toEqual(['  one: opted-out']);
    expect(says({ 'darkroom-skip': 'false' }, ['skip'])).toEqual(both);
  });

  test.for(['enlarge', ' enlarge@1 '])('can be one template of the rule: %s', (wanted) => {
    expect(says({ 'darkroom-template': wanted }, ['template'])).toEqual([both[1]]);
  });

  test.for(['repair', 'cutout@1', 'constructor'])('cannot be another template: %s', (wanted) => {
    expect(says({ 'darkroom-template': wanted }, ['template'])).toEqual([
      '  one: no-such-template',
    ]);
  });

  test('can be a mask of its own', () => {
    const mend = (overrides: Rule['overrides']) =>
      rule('mend', {}, [output('out/{name}', { operation: 'image-repair' })], { overrides });
    const metadata = { 'darkroom-mask': 'masks/%E9%9E%8B.png' };
    expect(borrowedBy([mend(['mask'])], photo({ metadata }))).toMatchObject([
      { key: 'masks/鞋.png' },
    ]);
    expect(borrowedBy([mend([])], photo({ metadata }))).toEqual([]);
    expect(reads([mend(['mask'])], photo({ metadata }))[1]).toContain('mask-missing');
    expect(
      borrowedBy([mend(['mask'])], photo({ metadata: { 'darkroom-mask': '100%.png' } })),
    ).toMatchObject([{ key: '100%.png' }]);
  });

  test('is no mask for an operation without one', () => {
    const metadata = { 'darkroom-mask': 'masks/mug.png' };
    expect(borrowedBy([{ ...products, overrides: ['mask'] }], photo({ metadata }))).toEqual([]);
  });
});

describe('what could match', () => {
  test('is told by bucket and key alone', () => {
    const rules = [products, rule('clips', { buckets: ['shop'], suffix: ['.mp4'] }, 'out/{name}')];
    const could = (key: string, bucket = 'studio-1300001234') => couldMatch(rules, { bucket, key });
    expect(could('products/mug.jpg')).toBe(true);
    expect(could('products/')).toBe(false);
    expect(could('cutouts/mug.png')).toBe(false);
    expect(could('walk.mp4')).toBe(false);
    expect(could('walk.mp4', 'shop-1300001234')).toBe(true);
    expect(couldMatch([{ ...products, enabled: false }], photo())).toBe(false);
  });

  test('is whatever some plan has a step for', () => {
    const rules = [
      products,
      rule('jpg', { suffix: ['.jpg'], exclude: ['tmp/**'] }, 'out/{name}'),
      rule('deep', { include: ['a/**/b/*'], buckets: ['studio'] }, 'deep/{name}'),
    ];
    const parts = ['products/', 'tmp/', 'a/', 'b/', 'mug', '.jpg', '.png'];
    const bucket = constantFrom('studio-1300001234', 'shop-1300001234');
    assert(
      property(shuffledSubarray(parts, { minLength: 1 }), bucket, (names, bucket) => {
        const source = photo({ key: names.join(''), bucket });
        const { steps, skips } = makePlan(rules, source, FROM_USER);
        const planned = steps.length > 0 || skips.some((skip) => skip.output !== undefined);
        expect(couldMatch(rules, source)).toBe(planned);
      }),
    );
  });
});
