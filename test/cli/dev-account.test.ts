import { expect, test } from 'vitest';
import { bucketsNamedIn } from '../../cli/dev/dev-account.ts';

test('an engine has the buckets that rules name, to read from and to write to', () => {
  const text = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: { key: 'cutouts/{stem}.png', bucket: shop } }
      - { operation: goods-matting, into: { key: 'cutouts/{stem}.png', bucket: studio } }
rules:
  - { name: products, when: { buckets: [studio, photos] }, use: cutout }
schedule:
  - { name: nightly, cron: 0 30 2 * * * *, bucket: archive }
`;
  expect(bucketsNamedIn(text)).toEqual({
    sources: ['studio-1250000000', 'photos-1250000000', 'archive-1250000000'],
    outputs: ['shop-1250000000'],
    state: 'records-1250000000',
  });
});

test.for([
  '',
  'rules: 3',
  'rules: [1, { when: [] }, { when: { buckets: [1, "Not A Name", "../up"] } }]',
  'templates: [x]',
  '{',
])('a file with mistakes names no bucket but the one to begin with: %s', (text) => {
  expect(bucketsNamedIn(text).sources).toEqual(['darkroom-1250000000']);
});
