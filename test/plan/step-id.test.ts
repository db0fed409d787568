import { assert, constantFrom, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillCall } from '../../shared/operations/fill-call.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import type { Output, Rule } from '../../shared/plan/rule.ts';
import { stepId, workOf } from '../../shared/plan/step-id.ts';
import { FROM_USER, output, photo, rule, template } from './rules-for-tests.ts';

const cutout = (version = 2) => ({ templates: [template('cut/{stem}.png', 'cutout', version)] });
const idOf = (rules: readonly Rule[], source = photo(), facts = FROM_USER) =>
  makePlan(rules, source, facts).steps[0]?.id;

describe('the id of a step', () => {
  test('can be read', () => {
    expect(idOf([rule('products', {}, cutout())])).toMatch(
      /^studio-1300001234\/products\/mug\.jpg@9f86d081884c7d659a2feaa0c55ad015 \| cutout@2 \| ci-process=GoodsMatting\S* \| studio-1300001234\/cut\/mug\.png$/,
    );
  });

  test('is the source and the work, so that the work is the same for whatever bytes', () => {
    const works = ['0a', '0b'].map((etag) => {
      const source = photo({ etag });
      const [step] = makePlan([rule('products', {}, cutout())], source, FROM_USER).steps;
      const { bucket, key } = source;
      const work = step && workOf(step);
      expect(step?.id).toBe(`${bucket}/${key}@${etag} | ${work}`);
      return work;
    });
    expect(new Set(works).size).toBe(1);
  });

  test('is another one for other bytes, another version, another call and another target', () => {
    const other = [
      idOf([rule('a', {}, cutout())]),
      idOf([rule('a', {}, cutout())], photo({ etag: '0a' })),
      idOf([rule('a', {}, cutout(3))]),
      idOf([rule('a', {}, { templates: [template('other/{stem}.png', 'cutout', 2)] })]),
      idOf([
        rule(
          'a',
          {},
          {
            templates: [
              template([output('cut/{stem}.png', { operation: 'portrait-matting' })], 'cutout', 2),
            ],
          },
        ),
      ]),
    ];
    expect(new Set(other).size).toBe(other.length);
  });

  test('is the same whatever rule asks, and however often the object was copied over itself', () => {
    expect(idOf([rule('one', {}, cutout())])).toBe(
      idOf([rule('two', { suffix: ['.jpg'] }, cutout())]),
    );
    expect(idOf([rule('one', {}, cutout())], photo({ modified: 5, metadata: { a: 'b' } }))).toBe(
      idOf([rule('one', {}, cutout())]),
    );
  });

  test('holds nothing of how a job reports its end', () => {
    const clip = (job: Output['job']) =>
      rule('clip', {}, [
        output('out/{name}', {
          operation: 'segment-video-body',
          parameters: { mode: 'mask', segment: 'human', threshold: 0 },
          as: 'job',
          job,
        }),
      ]);
    const plain = idOf([clip({})]);
    expect(plain).toContain('SegmentVideoBody');
    expect(
      idOf([
        clip({
          level: 2,
          callbackFormat: 'JSON',
          callbackType: 'TDMQ',
          callbackQueue: { region: 'ap-guangzhou', mode: 'Topic', name: 'finished' },
        }),
      ]),
    ).toBe(plain);
  });

  test('holds no address: a mask is named by bucket, key and etag until the call is sent', () => {
    const mend = rule('mend', {}, [
      output('out/{name}', {
        operation: 'image-repair',
        parameters: { mask: { key: 'm/{stem}.png' } },
      }),
    ]);
    const facts = { writtenByUs: false, borrowed: { 'studio-1300001234/m/mug.png': 'e7a6' } };
    const [step] = makePlan([mend], photo(), facts).steps;
    expect(step?.id).toContain('studio-1300001234/m/mug.png@e7a6');
    expect(JSON.stringify(step)).not.toMatch(/https?:|q-sign|sign=/);

    const sent = step && fillCall(step.call, { mask: 'https://host/m/mug.png?q-sign-time=1;2' });
    expect(JSON.stringify(sent)).not.toBe(JSON.stringify(step?.call));
    expect(idOf([mend], photo(), facts)).toBe(step?.id);
  });

  test('is made of nothing but what it shows', () => {
    const call = { via: 'pic-operations', rule: 'ci-process=GoodsMatting', borrows: [] } as const;
    const source = { bucket: 'b', key: 'a|b %|.jpg', etag: 'e' };
    expect(stepId(source, 'cutout@2', call, { bucket: 'b', key: 'x | y' })).toBe(
      'b/a%7Cb %25%7C.jpg@e | cutout@2 | ci-process=GoodsMatting | b/x %7C y',
    );
  });

  test('is never shared by two steps, whatever their keys are made of', () => {
    const key = string({ unit: constantFrom('a', '|', ' ', '@', '/', '%', '7C'), maxLength: 8 });
    const step = record({ key, target: key, etag: constantFrom('e', 'f') });
    const call = {
      via: 'pic-operations',
      rule: 'imageMogr2/rotate/90|imageMogr2/strip',
      borrows: [],
    } as const;
    assert(
      property(step, step, (one, other) => {
        const [first, second] = [one, other].map(({ key, target, etag }) =>
          stepId({ bucket: 'b', key, etag }, 'cutout@2', call, { bucket: 'b', key: target }),
        );
        expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2000 },
    );
  });
});
