import { describe, expect, test } from 'vitest';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { requestsFor } from '../../shared/plan/requests-for.ts';
import type { Output } from '../../shared/plan/rule.ts';
import { FROM_USER, output, photo, rule } from './rules-for-tests.ts';

const job = (into: string) => output(into, { as: 'job' });

/** Each request as the targets of its steps. */
function requests(outputs: readonly (string | Output)[], triedKeys: readonly string[] = []) {
  const { source, steps } = makePlan([rule('one', {}, outputs)], photo(), FROM_USER);
  const tried = steps.filter(({ target }) => triedKeys.includes(target.key)).map(({ id }) => id);
  return requestsFor(source, steps, new Set(tried)).map((request) =>
    request.kind === 'job'
      ? `job ${request.step.target.key}`
      : request.steps.map(({ target }) => target.key).join(' '),
  );
}

describe('requests', () => {
  test('are none for no steps', () => {
    expect(requests([])).toEqual([]);
  });

  test('carry up to five pictures each, in the order of the plan', () => {
    const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(requests(seven)).toEqual(['a b c d e', 'f g']);
    expect(requests(seven.slice(0, 5))).toEqual(['a b c d e']);
  });

  test('carry one job each, and pictures on both sides of it share one', () => {
    expect(requests(['a', job('b'), 'c', job('d'), 'e'])).toEqual(['a c e', 'job b', 'job d']);
  });

  test('carry a picture that replaces its source alone and last', () => {
    const onto = output('{dir}/{name}', { replaceSource: true });
    expect(requests(['a', onto, 'b', job('c')])).toEqual(['a b', 'job c', 'products/mug.jpg']);
  });

  test('carry a picture that was tried before alone, for one of several can spoil them all', () => {
    expect(requests(['a', 'b', 'c', 'd'], ['b', 'd'])).toEqual(['a c', 'b', 'd']);
  });

  test('know the source they are about', () => {
    const { source, steps } = makePlan([rule('one', {}, ['a', job('b')])], photo(), FROM_USER);
    expect(requestsFor(source, steps).map((request) => request.source)).toEqual([source, source]);
  });
});
