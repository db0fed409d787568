import { expect, test } from 'vitest';
import { filled, maskText } from '../../../../local/ci/pictures/mask-polygons.ts';

test('the text of a mask is read in both alphabets, also where a plus came as a space', () => {
  const text = 'http://a.example/~~~?x>>>???';
  const standard = Buffer.from(text).toString('base64');
  expect(standard).toMatch(/\+.*\//);
  const bare = standard.replace(/=+$/, '');
  for (const form of [
    standard,
    bare,
    Buffer.from(text).toString('base64url'),
    standard.replaceAll('+', ' '),
  ]) {
    expect(maskText(form)).toBe(text);
  }
});

test('a polygon of the most points, all of them crossing every row, takes seconds and not minutes', () => {
  // Every row crosses every edge.
  const zigzag = Array.from(
    { length: 5000 },
    (_, at) => [(at * 7919) % 1000, at % 2 === 0 ? -10 : 5000] as const,
  );
  const began = performance.now();
  const mask = filled([zigzag], 1000, 2000);
  expect(mask.includes(255)).toBe(true);
  expect(performance.now() - began).toBeLessThan(20_000);
});
