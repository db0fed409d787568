import { expect, test } from 'vitest';

import { Fault } from '../../shared/core/fault.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { stepsIn } from '../../shared/run/budget.ts';
import { submit } from '../../shared/run/submit.ts';
import { MINUTE, Studio } from './studio.ts';

const RULES = `
templates:
  three@1:
    outputs:
      - { operation: goods-matting, into: 'a/{stem}.png' }
      - { operation: goods-matting, into: 'b/{stem}.png' }
      - { operation: generic-matting, into: 'c/{stem}.png' }
rules:
  - { name: all, when: { prefix: in/ }, use: three }
`;

test('steps that were refused together are asked for one by one, and each hears its own answer', async () => {
  const studio = new Studio(RULES);
  const source = studio.put('in/mug.jpg');
  const facts = { writtenByUs: false, borrowed: {} };
  const { steps } = makePlan(studio.rules.rules, source, facts);
  const asked = () =>
    studio.requests.splice(0).map((request) => stepsIn(request).map(({ target }) => target.key));
  const refused = (code: 'REFUSED_TOGETHER' | 'OBJECT_UNFIT') =>
    studio.troubles.push({ when: 'before', fault: new Fault(code, 'Too large') });

  refused('REFUSED_TOGETHER');
  const first = await submit(source, steps, studio.suite());
  expect(first.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
  expect(asked()).toEqual([]);

  studio.now += MINUTE;
  refused('OBJECT_UNFIT');
  const second = await submit(source, steps, studio.suite());
  expect(second.map(({ status }) => status)).toEqual(['failed', 'done', 'done']);
  expect(asked()).toEqual([['b/mug.png'], ['c/mug.png']]);
});
