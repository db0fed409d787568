import { describe, expect, test } from 'vitest';
import { findOutputsInState, findRulesOverState } from '../../shared/plan/find-in-state.ts';
import { output, rule } from './rules-for-tests.ts';

const region = 'ap-guangzhou';
const studio = { bucket: 'studio-1300001234', region };
const places = {
  sources: [studio],
  state: { ...studio, prefix: '.darkroom/' },
};
const apart = { sources: [studio], state: { bucket: 'records-1300001234', region, prefix: '' } };

describe('an output among the records', () => {
  const found = (pattern: string, where = places, bucket?: string) =>
    findOutputsInState(
      [rule('one', { suffix: ['.jpg'] }, [output(pattern, bucket ? { bucket } : {})])],
      where,
    ).map(({ example }) => example);

  test('is found, with a key', () => {
    expect(found('.darkroom/{name}')).toEqual(['.darkroom/b.jpg']);
    expect(found('{dir}/{name}')).toEqual(['.darkroom/b.jpg']);
    expect(found('cut/{dir}/{name}')).toEqual([]);
    expect(found('.darkrooms/{name}')).toEqual([]);
  });

  test('cannot be where the records have a bucket of their own', () => {
    expect(found('{dir}/{name}', apart)).toEqual([]);
    expect(found('cut/{name}', apart, 'records')).toEqual(['cut/a.jpg']);
    expect(found('cut/{name}', apart, 'shop')).toEqual([]);
  });
});

describe('a rule that would take a record for a source', () => {
  const found = (when: Parameters<typeof rule>[1], where = places) =>
    findRulesOverState([rule('one', when, 'cut/{name}')], where).map(({ example }) => example);

  test('is found, with a key', () => {
    expect(found({})).toEqual(['.darkroom/b.json']);
    expect(found({ prefix: ['.dark'] })).toHaveLength(1);
    expect(found({ include: ['*/**/*.json'] })).toHaveLength(1);
  });

  test('is none that is for other keys', () => {
    expect(found({ suffix: ['.jpg'] })).toEqual([]);
    expect(found({ prefix: ['in/'] })).toEqual([]);
    expect(found({ exclude: ['.darkroom/**'] })).toEqual([]);
    expect(found({ buckets: ['shop'] })).toEqual([]);
    expect(found({}, apart)).toEqual([]);
  });

  test('is no matter while it is disabled', () => {
    expect(findRulesOverState([rule('off', {}, 'x', { enabled: false })], places)).toEqual([]);
  });
});
