import { expect, test } from 'vitest';
import { findOverwrites } from '../../shared/plan/find-overwrites.ts';
import type { Output, When } from '../../shared/plan/rule.ts';
import { output, rule } from './rules-for-tests.ts';

const found = (
  when: Partial<When>,
  into: string,
  given: Partial<Output> & { bucket?: string } = {},
) =>
  findOverwrites([rule('one', when, [output(into, given)])]).map(
    ({ always, example }) => `${always ? 'always' : 'sometimes'}, as ${example}`,
  );

test.for([
  [{}, '{dir}/{name}', ['always, as a']],
  [{ suffix: ['.png'] }, '{dir}/{stem}.{ext}', ['always, as a.png']],
  [{ suffix: ['.png'] }, '{dir}/{stem}.png', ['always, as a.png']],
  [{ suffix: ['.jpg', '.png'] }, '{dir}/{stem}.png', ['sometimes, as a.png']],
  [{ prefix: ['in/'] }, 'in/{name}', ['sometimes, as in/a']],
  [{ prefix: ['in/'] }, '{dir}/{stem}.png', ['sometimes, as in/a.png']],
  [{}, 'newest.png', ['sometimes, as newest.png']],
  [{ suffix: ['.jpg'] }, '{dir}/{stem}.png', []],
  [{ prefix: ['in/'] }, 'out/{name}', []],
  [{ exclude: ['newest.png'] }, 'newest.png', []],
  [{}, '{dir}/small-{name}', []],
] as const)('of sources %j, %s is written over them: %j', ([when, into, said]) => {
  expect(found(when, into)).toEqual(said);
});

test('an output that is to replace its source is none', () => {
  expect(found({}, '{dir}/{name}', { replaceSource: true })).toEqual([]);
});

test('an output in another bucket is none, one in the same by its name is', () => {
  expect(found({ buckets: ['studio'] }, '{dir}/{name}', { bucket: 'shop' })).toEqual([]);
  expect(found({ buckets: ['studio'] }, '{dir}/{name}', { bucket: 'studio' })).toEqual([
    'sometimes, as a',
  ]);
});
