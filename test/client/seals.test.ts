import { expect, test } from 'vitest';

import { openSeals } from '../../shared/client/seals.ts';

const [OLD, NEW] = ['the old key '.repeat(3), 'the new key '.repeat(3)];

test('a seal is believed for its text alone', () => {
  const seals = openSeals([NEW]);
  const seal = seals.seal('render/mug');

  expect(seal).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(seals.isSealOf('render/mug', seal)).toBe(true);
  expect(seals.isSealOf('render/mug2', seal)).toBe(false);
  expect(seals.isSealOf('render/mug', `${seal}A`)).toBe(false);
  expect(seals.isSealOf('render/mug', seal.slice(0, -1))).toBe(false);
  expect(seals.isSealOf('render/mug', '')).toBe(false);
});

test('while a key changes, seals of both are believed, and the new one signs', () => {
  const both = openSeals([NEW, OLD]);

  expect(both.isSealOf('a', openSeals([OLD]).seal('a'))).toBe(true);
  expect(openSeals([OLD]).isSealOf('a', both.seal('a'))).toBe(false);
  expect(openSeals([NEW]).isSealOf('a', both.seal('a'))).toBe(true);
});

test('without a key nothing is signed and nothing believed', () => {
  expect(() => openSeals([]).seal('a')).toThrow(/no key/);
  expect(openSeals([]).isSealOf('a', '')).toBe(false);
});
