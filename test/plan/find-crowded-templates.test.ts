import { expect, test } from 'vitest';
import { findCrowdedTemplates } from '../../shared/plan/find-crowded-templates.ts';
import { output, template } from './rules-for-tests.ts';

const generic = output('g', { operation: 'generic-matting' });

test.for([
  [5, undefined],
  [6, 'goods-matting'],
] as const)('%i outputs fit into one upload, unless %s says no', ([outputs, operation]) => {
  const found = findCrowdedTemplates([
    template(Array.from({ length: outputs }, (_, at) => `${at}`)),
  ]);
  expect(found).toEqual(
    operation ? [{ template: 'cutout', version: 1, outputs, takes: 5, operation }] : [],
  );
});

test('the strictest operation decides for all of them', () => {
  expect(findCrowdedTemplates([template([generic])])).toEqual([]);
  expect(findCrowdedTemplates([template(['a', generic])])).toEqual([
    { template: 'cutout', version: 1, outputs: 2, takes: 1, operation: 'generic-matting' },
  ]);
});

test('jobs and renderings do not count', () => {
  const others = [output('j', { as: 'job' }), output(undefined)];
  expect(findCrowdedTemplates([template([generic, ...others])])).toEqual([]);
});
