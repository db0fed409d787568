import { expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { compileRules } from '../../shared/plan/compiled-rules.ts';
import {
  missingFor,
  PUBLISHED_RULES,
  readDeployed,
  writeDeployed,
} from '../../shared/plan/deployed.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import { RulesInForce } from '../../shared/suite/rules-in-force.ts';
import { MINUTE, rulesIn, Studio } from '../run/studio.ts';

const DEPLOYED = `
templates:
  cutout@1:
    outputs: [{ operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }]
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
notices:
  - { name: shop, url: 'https://shop.example/darkroom', about: rules.refused }
`;
const NARROWER = DEPLOYED.replace('prefix: in/,', 'prefix: in/shoes/,');
const WIDER = DEPLOYED.replace('prefix: in/,', 'prefix: out/,');

/** A place where rules are published: its objects are the records of the state bucket. */
function publishing() {
  const studio = new Studio(DEPLOYED);
  const suite = studio.suite();
  const { places, records } = suite;
  const deployed = readDeployed(writeDeployed(studio.rules, places));
  let version = 0;
  let size = 0;
  const on = {
    ...suite,
    objects: {
      ...suite.objects,
      head: async ({ key }: { readonly key: string }) => {
        const name = key.slice(places.state.prefix.length);
        const text = await records.read(name);
        const object = { ...places.state, key, size, contentType: '', metadata: {} };
        return text === undefined ? undefined : { ...object, etag: `v${version}`, modified: 0 };
      },
    },
  };
  return {
    studio,
    instance: () => new RulesInForce(deployed, places),
    prefixIn: async (rules: RulesInForce) => {
      studio.now += MINUTE;
      return (await rules.current(on)).rules[0]?.when.prefix[0];
    },
    publish: async (rules: Rules | string, bytes?: number) => {
      version += 1;
      const text = typeof rules === 'string' ? rules : compileRules(rules);
      size = bytes ?? Buffer.byteLength(text);
      await records.write(PUBLISHED_RULES, text);
    },
    missing: (rules: Rules) => missingFor(rules, places, deployed),
  };
}

test('the rules that came with the code count until others are published', async () => {
  const { instance, publish, prefixIn } = publishing();
  const rules = instance();
  expect(await prefixIn(rules)).toBe('in/');
  await publish(rulesIn(NARROWER));
  expect(await prefixIn(rules)).toBe('in/shoes/');
});

test('rules that need more than is deployed are refused, and a notice says what is missing', async () => {
  const { studio, instance, publish, prefixIn } = publishing();
  const rules = instance();
  await publish(rulesIn(NARROWER));
  await prefixIn(rules);
  await publish(rulesIn(WIDER));

  expect(await prefixIn(rules)).toBe('in/shoes/');
  expect(await prefixIn(rules)).toBe('in/shoes/');
  // An instance that begins now never saw the good ones.
  expect(await prefixIn(instance())).toBe('in/shoes/');
  expect(studio.logged.filter(({ event }) => event === 'rules refused')).toHaveLength(2);
  const [notice = ''] = await studio.records.list('notices/', { limit: 5 });
  const { body } = JSON.parse((await studio.records.read(notice)) ?? '');
  expect(JSON.parse(body).because).toContain('a trigger on studio-1300001234 for out/*.jpg');
});

test('rules that could not be read when they were published are read later', async () => {
  const { studio, instance, publish, prefixIn } = publishing();
  const rules = instance();
  await publish(rulesIn(DEPLOYED));
  await prefixIn(rules);
  await publish(rulesIn(NARROWER));

  const { read } = studio.records;
  let reads = 0;
  studio.records.read = async (name) => {
    // That there are others is seen, and then nobody answers.
    reads += 1;
    if (reads > 1) throw new Fault('COS_UNREACHABLE', 'no answer');
    return read(name);
  };
  await expect(prefixIn(rules)).rejects.toThrow('no answer');
  studio.records.read = read;
  expect(await prefixIn(rules)).toBe('in/shoes/');
});

test('rules that are broken are refused', async () => {
  const { instance, publish, prefixIn } = publishing();
  const rules = instance();
  for (const text of ['', '{}', compileRules(rulesIn(NARROWER)).replace('shoes', 'boots')]) {
    await publish(text);
    expect(await prefixIn(rules)).toBe('in/');
  }
});

test('rules that are longer than a record are refused unread', async () => {
  const { studio, instance, publish, prefixIn } = publishing();
  await publish(rulesIn(NARROWER), 256 * 1024 + 1);
  expect(await prefixIn(instance())).toBe('in/');
  expect(studio.logged.map(({ event }) => event)).toEqual(['rules refused']);
});

test.for([
  [
    'a longer list of operations',
    DEPLOYED.replace('outputs: [', "outputs: [{ operation: colouring, into: 'c/{stem}.jpg' }, "),
    'for on-upload, name/cos:PutObject on',
  ],
  [
    'another schedule',
    `${DEPLOYED}schedule: [{ name: nightly, cron: '0 0 3 * * * *', prefix: in/ }]`,
    'a timer for the schedule nightly, 0 0 3 * * * *',
  ],
] as const)('%s names what it lacks', ([, text, lack]) => {
  const { missing } = publishing();
  expect(missing(rulesIn(text)).join('\n')).toContain(lack);
  expect(missing(rulesIn(NARROWER))).toEqual([]);
});
