import { describe, expect, test } from 'vitest';
import { estimate, explainEstimate } from '../../shared/plan/estimate.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { FROM_USER, output, photo, rule } from './rules-for-tests.ts';

const clip = output('clips/{stem}.mp4', {
  operation: 'segment-video-body',
  parameters: { mode: 'mask', segment: 'human', threshold: 0 },
  as: 'job',
});
const scaled = output('small/{name}', {
  operation: 'picture',
  parameters: { pipeline: 'imageMogr2/thumbnail/80x' },
});
const rules = [
  rule('pictures', { suffix: ['.jpg'] }, ['a/{name}', 'b/{name}', output(undefined)]),
  rule('clips', { suffix: ['.mp4'] }, [clip]),
  rule('scaled', { suffix: ['.png'] }, [scaled]),
];
const plans = (...keys: readonly string[]) =>
  keys.map((key) => makePlan(rules, photo({ key }), FROM_USER));

describe('what plans would cost', () => {
  test('is the price of each call, and the number of requests', () => {
    expect(estimate(plans('1.jpg', '2.jpg', '3.txt'), { 'goods-matting': 0.1 })).toEqual({
      sources: 3,
      calls: 4,
      requests: 2,
      renderings: 2,
      lines: [{ priceKey: 'goods-matting', calls: 4, money: 0.4 }],
      money: 0.4,
      knownMoney: 0.4,
    });
  });

  test('is not blurred by adding up', () => {
    expect(estimate(plans('1.jpg', '2.jpg', '3.jpg'), { 'goods-matting': 0.1 }).money).toBe(0.6);
  });

  test('is not rounded away, however small the price is', () => {
    expect(estimate(plans('1.jpg'), { 'goods-matting': 0.0000001 }).money).toBe(0.0000002);
  });

  test('is unknown without a price, never nothing', () => {
    const costs = estimate(plans('1.jpg'), {});
    expect(costs.money).toBe('unknown');
    expect(costs.lines).toEqual([{ priceKey: 'goods-matting', calls: 2, money: 'no-price' }]);
    expect(estimate(plans('1.jpg'), Object.create({ 'goods-matting': 1 })).money).toBe('unknown');
  });

  test('is nothing where the price is, or where there is nothing to do', () => {
    expect(estimate(plans('1.jpg'), { 'goods-matting': 0 }).money).toBe(0);
    expect(estimate(plans('1.txt'), {}).money).toBe(0);
    expect(estimate([], {}).money).toBe(0);
  });

  test('is unknown where the service bills by what is in the object, whatever the price', () => {
    const prices = { 'goods-matting': 0.01, 'segment-video-body': 0.5, picture: 0.025 };
    const costs = estimate(plans('1.jpg', '2.mp4', '3.png'), prices);
    expect(costs.lines.map(({ money }) => money)).toEqual([0.02, 'per-gigabyte', 'per-minute']);
    expect(costs).toMatchObject({ money: 'unknown', knownMoney: 0.02 });
  });

  test('reads as a bill', () => {
    expect(explainEstimate(estimate(plans('1.jpg'), { 'goods-matting': 0.1 }))).toBe(
      [
        '1 object: 2 calls in 1 request',
        '  goods-matting: 2 calls, 0.2',
        '  1 rendering, paid at each download',
        'cost: 0.2',
      ].join('\n'),
    );
    expect(explainEstimate(estimate(plans('1.jpg', '2.mp4'), { 'goods-matting': 0.1 }))).toBe(
      [
        '2 objects: 3 calls in 2 requests',
        '  goods-matting: 2 calls, 0.2',
        '  segment-video-body: 1 call, unknown: no price is given',
        '  1 rendering, paid at each download',
        'cost: unknown, at least 0.2',
      ].join('\n'),
    );
    expect(
      explainEstimate(estimate(plans('2.mp4'), {}))
        .split('\n')
        .at(-1),
    ).toBe('cost: unknown');
  });
});
