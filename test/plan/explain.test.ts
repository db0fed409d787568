import { expect, test } from 'vitest';
import { explain } from '../../shared/plan/explain.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { FROM_USER, output, photo, rule } from './rules-for-tests.ts';

test('a plan reads as one line for each thing that will happen, or will not', () => {
  const rules = [
    rule('products', { prefix: ['products/'] }, [
      'cutouts/{stem}.png',
      output('cutouts/{name}', { bucket: 'shop', as: 'job' }),
      output('{dir}/{name}', { replaceSource: true, operation: 'enhance' }),
      output(undefined, { operation: 'colouring' }),
      'cutouts/{stem}.png',
    ]),
    rule('clips', { suffix: ['.mp4'] }, 'clips/{name}'),
  ];
  expect(explain(makePlan(rules, photo(), FROM_USER))).toBe(
    [
      'products/mug.jpg (2048 bytes)',
      '  products: goods-matting -> cutouts/mug.png',
      '  products: goods-matting as a job -> cutouts/mug.jpg in shop-1300001234',
      '  products: enhance -> products/mug.jpg, in place of the source',
      '  products: colouring, rendered at download',
      '  products: goods-matting -> cutouts/{stem}.png: same-target',
      '  clips: other-suffix',
    ].join('\n'),
  );
});

test('a key cannot break out of its line', () => {
  const key = 'in/a\n  rule: done\u001b[2J\u202e.jpg';
  const text = explain(makePlan([rule('one', {}, 'out/x')], photo({ key }), FROM_USER));
  expect(text.split('\n')[0]).toBe('in/a\\u{a}  rule: done\\u{1b}[2J\\u{202e}.jpg (2048 bytes)');
});
