import { describe, expect, test } from 'vitest';
import { findUnreachableRules } from '../../shared/plan/find-unreachable-rules.ts';
import type { Rule, When } from '../../shared/plan/rule.ts';
import { rule, template } from './rules-for-tests.ts';

const studio = { sources: [{ bucket: 'studio-1300001234', region: 'ap-guangzhou' }] };

describe('a rule that can never apply', () => {
  test.for([
    ['no-such-bucket', { buckets: ['studoi'] }],
    ['no-such-key', { prefix: ['in/'], include: ['out/**'] }],
    ['no-such-key', { suffix: ['.jpg'], include: ['**/*.png'] }],
    ['no-such-key', { prefix: ['in/'], exclude: ['in/**'] }],
    ['no-such-key', { include: ['in/*.jpg'], exclude: ['in/?*.jpg', 'in/.jpg'] }],
    ['no-such-size', { minBytes: 2000, maxBytes: 1000 }],
    ['no-such-size', { maxBytes: 0 }],
    ['no-such-metadata', { metadata: { Raw: 'yes' }, unlessMetadata: ['raw'] }],
  ] as const)('is found, with the word %s: %j', ([because, when]) => {
    expect(findUnreachableRules([rule('never', when, 'out/{name}')], studio)).toEqual([
      { rule: 'never', because },
    ]);
  });

  test.for([
    [{ buckets: ['studio', 'gone'] }],
    [{ prefix: ['in/'], include: ['*/a*'], exclude: ['in/a?*'] }],
    [{ prefix: ['a.j'], suffix: ['.jpg'] }],
    [{ minBytes: 1000, maxBytes: 1000 }],
    [{ metadata: { raw: 'no' }, unlessMetadata: ['row'] }],
    [{ metadata: { raw: '0' }, unlessMetadata: ['raw'] }],
  ] as const)('is not one that merely seldom does: %j', ([when]) => {
    expect(findUnreachableRules([rule('seldom', when, 'out/{name}')], studio)).toEqual([]);
  });

  test('is no matter while it is disabled', () => {
    const never = rule('never', { prefix: ['in/'], exclude: ['in/**'] }, 'out/x');
    expect(findUnreachableRules([{ ...never, enabled: false }])).toEqual([]);
  });

  test('is not made one by a bucket that only the settings could tell', () => {
    expect(findUnreachableRules([rule('one', { buckets: ['studoi'] }, 'out/{name}')])).toEqual([]);
  });
});

describe('a rule for which another leaves nothing', () => {
  const cutout = template('out/{name}', 'cutout');
  const use = { templates: [cutout] };
  const found = (before: Rule, after: Rule) => findUnreachableRules([before, after]);
  const wide = (when: Partial<When> = {}, given: Partial<Rule> = {}) =>
    rule('wide', when, use, given);
  const narrow = (when: Partial<When> = {}, given: Partial<Rule> = {}) =>
    rule('narrow', when, use, given);

  test.for([
    [{}, { prefix: ['in/'], contentType: ['image/png'], minBytes: 5 }],
    [{ prefix: ['in/', 'out/'] }, { prefix: ['in/raw/', 'out/'] }],
    [{ suffix: ['.jpg', 'g'] }, { suffix: ['.png'] }],
    [{ maxBytes: 100 }, { minBytes: 5, maxBytes: 100 }],
    [{ contentType: ['image/*'] }, { contentType: ['image/png', 'image/*'] }],
    [{ metadata: { kind: 'shoe' } }, { metadata: { kind: 'shoe', size: '42' } }],
    [
      { include: ['a/*'], exclude: ['**/b'] },
      { include: ['a/*'], exclude: ['**/b', '**/c'] },
    ],
    [{ unlessMetadata: ['raw'] }, { unlessMetadata: ['raw', 'old'] }],
    [{ buckets: ['studio', 'shop'] }, { buckets: ['shop'] }],
  ] as const)('is found where that one is wider: %j, %j', ([before, after]) => {
    expect(found(wide(before), narrow(after))).toEqual([
      { rule: 'narrow', because: 'nothing-left', by: 'wide' },
    ]);
  });

  test.for([
    [{ prefix: ['in/'] }, {}],
    [{ prefix: ['in/'] }, { prefix: ['in/', 'out/'] }],
    [{ suffix: ['.png'] }, { suffix: ['g'] }],
    [{ minBytes: 5 }, {}],
    [{ maxBytes: 5 }, { minBytes: 5 }],
    [{ contentType: ['image/png'] }, { contentType: ['image/*'] }],
    [{ metadata: { kind: 'shoe' } }, { metadata: { kind: 'mug' } }],
    [{ exclude: ['**/b'] }, {}],
    [{ include: ['a/*'] }, { include: ['b/*'] }],
    [{ unlessMetadata: ['raw'] }, {}],
    [{ buckets: ['studio'] }, { buckets: ['studio', 'shop'] }],
  ] as const)('is not where that one leaves something: %j, %j', ([before, after]) => {
    expect(found(wide(before), narrow(after))).toEqual([]);
  });

  test('depends on which counts first, and on the templates', () => {
    expect(found(narrow({ prefix: ['in/'] }), wide({}, { priority: 1 }))).toEqual([
      { rule: 'narrow', because: 'nothing-left', by: 'wide' },
    ]);
    expect(found(narrow({ prefix: ['in/'] }), wide())).toEqual([]);
    expect(found(wide(), { ...narrow(), use: [cutout, template('more/{name}', 'more')] })).toEqual(
      [],
    );
    expect(found(wide(), { ...narrow(), use: [{ ...cutout, version: 2 }] })).toEqual([]);
  });

  test('is not where objects may choose against that one only', () => {
    expect(found(wide({}, { overrides: ['skip'] }), narrow())).toEqual([]);
    expect(
      found(wide({}, { overrides: ['skip'] }), narrow({}, { overrides: ['skip'] })),
    ).toHaveLength(1);
    expect(found({ ...wide(), enabled: false }, narrow())).toEqual([]);
  });
});
