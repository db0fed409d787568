import { expect, test } from 'vitest';
import type { Source } from '../../shared/core/object-ref.ts';
import { reasonToSkip } from '../../shared/plan/reason-to-skip.ts';
import { photo, when } from './rules-for-tests.ts';

test('the first thing a source lacks is the one that is said, by key before by content', () => {
  const strict = when({
    buckets: ['studio'],
    prefix: ['products/'],
    suffix: ['.jpg'],
    include: ['**/mug*'],
    exclude: ['**/*-raw.*'],
    minBytes: 100,
    maxBytes: 5000,
    contentType: ['image/*'],
    metadata: { kind: 'mug' },
    unlessMetadata: ['raw'],
  });
  const source = {
    bucket: 'shop-1300001234',
    key: 'in/cup-raw.png',
    size: 1,
    contentType: 'text/plain',
    metadata: { kind: 'cup', raw: '1' },
  };
  const steps = [
    ['other-bucket', {}],
    ['outside-prefix', { bucket: 'studio-1300001234' }],
    ['other-suffix', { key: 'products/cup-raw.png' }],
    ['not-included', { key: 'products/cup-raw.jpg' }],
    ['excluded', { key: 'products/mug-raw.jpg' }],
    ['too-small', { key: 'products/mug.jpg' }],
    ['too-large', { size: 5001 }],
    ['other-content-type', { size: 5000 }],
    ['other-metadata', { contentType: 'image/jpeg' }],
    ['opted-out', { metadata: { kind: 'mug', raw: '1' } }],
    [undefined, { metadata: { kind: 'mug' } }],
  ] as const;
  let given: Partial<Source> = source;
  for (const [because, better] of steps) {
    given = { ...given, ...better };
    expect(reasonToSkip(strict, photo(given))).toBe(because);
  }
});

test('a rule that asks for nothing takes every object that holds something', () => {
  expect(reasonToSkip(when(), photo())).toBeUndefined();
  expect(reasonToSkip(when(), photo({ size: 0 }))).toBe('too-small');
});
