import { expect, test } from 'vitest';
import { findFarOutputs } from '../../shared/plan/find-far-outputs.ts';
import { output, rule } from './rules-for-tests.ts';

const place = (bucket: string, region: string) => ({ bucket: `${bucket}-1300001234`, region });
const places = {
  sources: [place('studio', 'ap-guangzhou'), place('shop', 'ap-beijing')],
  outputs: [place('done', 'ap-guangzhou')],
};
const found = (buckets: readonly string[], bucket?: string) =>
  findFarOutputs([rule('one', { buckets }, [output('x', bucket ? { bucket } : {})])], places);

test('an output in a bucket of another region than its source is found', () => {
  expect(found([], 'done')).toEqual([
    {
      from: { rule: 'one', template: 'of-one', version: 1, output: 0, pattern: 'x' },
      bucket: 'done',
      because: 'other-region',
      region: 'ap-guangzhou',
      source: 'shop',
      sourceRegion: 'ap-beijing',
    },
  ]);
  expect(found(['studio'], 'shop')).toMatchObject([{ because: 'other-region', source: 'studio' }]);
});

test('an output in a bucket that no setting names is found', () => {
  expect(found(['studio'], 'doen')).toMatchObject([{ bucket: 'doen', because: 'unknown-bucket' }]);
});

test('an output near its source is none', () => {
  expect(found(['studio'], 'done')).toEqual([]);
  expect(found(['studio'], 'studio')).toEqual([]);
  expect(found([])).toEqual([]);
});
