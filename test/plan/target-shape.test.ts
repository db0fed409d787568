import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyTest } from '../../shared/plan/key-reader.ts';
import { keyFor } from '../../shared/plan/pattern.ts';
import { targetShape } from '../../shared/plan/target-shape.ts';

const cutout = { name: 'cutout', version: 2 };
const couldBe = (pattern: string, prefix: string, suffix: string, key: string) =>
  keyTest(targetShape(pattern, { prefix, suffix }, cutout))(key);

describe('what a pattern can produce', () => {
  test.for([
    ['cutouts/{dir}/{stem}.png', '', '', 'cutouts/in/mug.png', true],
    ['cutouts/{dir}/{stem}.png', 'in/', '', 'cutouts/in/mug.png', true],
    ['cutouts/{dir}/{stem}.png', 'in/', '', 'cutouts/in/a/b/mug.png', true],
    ['cutouts/{dir}/{stem}.png', 'in/', '', 'cutouts/inn/mug.png', false],
    ['cutouts/{dir}/{stem}.png', 'in/', '', 'cutouts/mug.png', false],
    ['cutouts/{dir}/{stem}.png', 'in', '', 'cutouts/mug.png', true],
    ['cutouts/{dir}/{stem}.png', 'in', '', 'cutouts/inn/mug.png', true],
    ['cutouts/{dir}/{stem}.png', 'in', '', 'cutouts/on/mug.png', false],
    ['small/{name}', '', '.jpg', 'small/mug.jpg', true],
    ['small/{name}', '', '.jpg', 'small/mug.png', false],
    ['small/{stem}.{ext}', '', '.jpg', 'small/mug.png', false],
    ['by/{stem}-{ext}', '', '.jpg', 'by/mug-jpg', true],
    ['by/{stem}-{ext}', '', '.jpg', 'by/mug-png', false],
    ['by/{stem}.png', '', '-front.jpg', 'by/mug-front.png', true],
    ['by/{stem}.png', '', '-front.jpg', 'by/mug-back.png', false],
    ['{template}/{version}/{name}', '', '', 'cutout/2/mug', true],
    ['{template}/{version}/{name}', '', '', 'cutout/1/mug', false],
    ['{yyyy}/{mm}/{name}', '', '', '2024/12/mug', true],
    ['{yyyy}/{mm}/{name}', '', '', '2024/1/mug', false],
  ] as const)('by %s, of sources %s…%s: %s, %s', ([pattern, prefix, suffix, key, expected]) => {
    expect(couldBe(pattern, prefix, suffix, key)).toBe(expected);
  });

  test('includes every key it does produce', () => {
    const parts = constantFrom(
      ...['{dir}/', '{dir}', '{name}', '{stem}', '{ext}', '.{ext}', '{stem}.{ext}', '{etag8}'],
      ...['{yyyy}', '{mm}', '{template}', '/', '-', '.', 'out/', '.png'],
    );
    const source = record({
      prefix: constantFrom('', 'in', 'in/', 'in/a', 'in/a/b', '.', 'in/.'),
      middle: array(constantFrom('a', '.', '/', 'b'), { maxLength: 6 }),
      suffix: constantFrom('', '.jpg', 'jpg', '.', 'a.jpg', '.tar.gz', '/a.jpg', '/.jpg'),
    });
    let named = 0;
    assert(
      property(array(parts, { maxLength: 6 }), source, (list, { prefix, middle, suffix }) => {
        const pattern = list.join('');
        const key = prefix + middle.join('') + suffix;
        const target = keyFor(pattern, { key, etag: '9f86d081884c', modified: 1e12 }, cutout);
        if (target === undefined) return;
        named++;
        expect(couldBe(pattern, prefix, suffix, target)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(named).toBeGreaterThan(1000);
  });
});
