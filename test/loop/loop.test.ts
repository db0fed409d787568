import { expect, test } from 'vitest';
import { onUpload } from '../../functions/on-upload/on-upload.ts';
import { findLoops } from '../../shared/plan/find-loops.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { cosEvent, rulesIn, Studio } from '../run/studio.ts';

/** Each output is a picture that the rule would take again. A check refuses it, so it is made by hand. */
const LOOPING = looping(
  rulesIn(`
templates:
  again@1:
    outputs: [{ operation: super-resolution, into: 'out/{name}' }]
rules:
  - { name: again, when: { prefix: in/ }, use: again }
`),
);

function looping(rules: Rules): Rules {
  const [rule] = rules.rules;
  const [template] = rules.templates;
  const [output] = template?.outputs ?? [];
  if (!rule || !template || !output) throw new Error('no rule');
  const into = { pattern: 'in/{dir}/{name}' };
  const again = { ...template, outputs: [{ ...output, into }] };
  return { ...rules, templates: [again], rules: [{ ...rule, use: [again] }] };
}

/** Feeds every object that appears to the function, as a trigger on the whole bucket would. */
async function untilCalm(studio: Studio, given: Partial<Suite> = {}, most = 50): Promise<number> {
  let events = 0;
  for (; events < most && studio.appeared.length > events; events += 1) {
    await onUpload(cosEvent(studio.appeared[events] ?? ''), studio.suite(given));
  }
  return events;
}

function loopingStudio(limits: Partial<Rules['limits']> = {}): Studio {
  const studio = new Studio('templates: {}\nrules: []');
  studio.rules = { ...LOOPING, limits: { ...LOOPING.limits, ...limits } };
  studio.put('in/a.jpg');
  return studio;
}

test('the check of the rules finds a loop before anything is paid', () => {
  expect(findLoops(LOOPING.rules)).not.toEqual([]);
});

test('an output that comes back as an event is known as ours, and nothing is made of it', async () => {
  const studio = loopingStudio();
  expect(await untilCalm(studio)).toBe(2);
  expect(studio.asked).toHaveLength(1);
});

test('with nothing else in its way, a loop ends at the budget', async () => {
  const studio = loopingStudio({ perDay: { requests: 7 } });
  // The ledger's other half is cut off: nobody remembers which steps write where.
  const { records } = studio;
  const forgetful: Suite['records'] = {
    ...records,
    read: async (name) => (name.startsWith('outputs/') ? undefined : records.read(name)),
    create: async (name, text) => name.startsWith('outputs/') || records.create(name, text),
  };
  expect(await untilCalm(studio, { records: forgetful })).toBe(8);
  expect(studio.asked).toHaveLength(7);
});
