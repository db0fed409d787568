import { expect, test } from 'vitest';
import { isNamedBy, templateNamed } from '../../shared/plan/template-reference.ts';

const [two, ten, other] = [
  { name: 'cutout', version: 2, outputs: [] },
  { name: 'cutout', version: 10, outputs: [] },
  { name: 'clean', version: 1, outputs: [] },
];

test.for([
  ['cutout', ten],
  ['cutout@2', two],
  ['cutout@10', ten],
  ['clean', other],
  ['cutout@3', undefined],
  ['constructor', undefined],
] as const)('%s names the highest version, or just that one', ([reference, template]) => {
  expect(templateNamed(reference, [two, ten, other])).toBe(template);
});

test('a name allows every version, a version only itself', () => {
  expect([two, ten].map((one) => isNamedBy(['cutout'], one))).toEqual([true, true]);
  expect([two, ten].map((one) => isNamedBy(['clean', 'cutout@2'], one))).toEqual([true, false]);
});
