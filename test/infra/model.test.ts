import { expect, test } from 'vitest';
import type { Model } from '../../infra/model.ts';
import { modelOf, ONE_PLACE, WHOLE_SUITE } from './deployment-for-tests.ts';

const TWO_REGIONS = {
  DARKROOM_BUCKETS: 'shop-1250000000@ap-guangzhou,photos-1250000000@ap-shanghai',
  DARKROOM_STATE: 'shop-1250000000/darkroom/',
};

function namesIn(model: Model): string[] {
  return model.functions.map(({ name, region }) => `${name}@${region}`);
}

test('a suite with everything has four functions, each with a role of its own', () => {
  const model = modelOf();
  expect(namesIn(model)).toEqual([
    'darkroom-prod-on-callback@ap-guangzhou',
    'darkroom-prod-on-upload@ap-guangzhou',
    'darkroom-prod-reprocess@ap-guangzhou',
    'darkroom-prod-on-demand@ap-guangzhou',
  ]);
  expect(model.roles.map(({ name }) => name)).toEqual(model.functions.map(({ role }) => role));
});

test('a function that has nothing to do is not deployed, and has no role', () => {
  const pictures = WHOLE_SUITE.replace(/ {2}- \{ name: clips.*\n/, '').replace(/http:\n.*\n/, '');
  const model = modelOf(pictures);
  expect(model.functions.map((spec) => spec.function)).toEqual(['on-upload', 'reprocess']);
  expect(model.roles.map((role) => role.function)).toEqual(['on-upload', 'reprocess']);
});

test('what nobody else makes good is delivered again: an upload, and the tick of a schedule', () => {
  const again = modelOf().functions.filter(({ repeats }) => (repeats?.times ?? 0) > 0);
  expect(again.map((spec) => spec.function)).toEqual(['on-upload', 'reprocess']);
});

test('uploads are heard in the region of their bucket, everything else is beside the records', () => {
  const model = modelOf(WHOLE_SUITE, TWO_REGIONS);
  expect(namesIn(model).filter((name) => name.includes('ap-shanghai'))).toEqual([
    'darkroom-prod-on-upload@ap-shanghai',
  ]);
  for (const { function: name, region, triggers } of model.functions) {
    if (name !== 'on-upload') continue;
    const bucket = region === 'ap-shanghai' ? 'photos-1250000000' : 'shop-1250000000';
    expect(triggers).toEqual([
      { type: 'cos', bucket, prefix: 'in/clips/', suffix: '.mp4' },
      { type: 'cos', bucket, prefix: 'in/products/', suffix: '.jpg' },
    ]);
  }
  expect(model.roles.filter((role) => role.function === 'on-upload')).toHaveLength(1);
});

test('PassRole is given where jobs are submitted, and nowhere else', () => {
  const passing = (model: Model) =>
    model.roles
      .filter(({ statements }) => statements.some(({ action }) => action.includes('cam:PassRole')))
      .map((role) => role.function);
  expect(passing(modelOf())).toEqual(['on-upload', 'reprocess']);
  expect(passing(modelOf(WHOLE_SUITE.replace(/ {2}- \{ name: clips.*\n/, '')))).toEqual([]);
});

test('on-demand may invoke reprocess and nothing else, and is told which one it is', () => {
  const invoking = (model: Model) =>
    model.roles.flatMap((role) =>
      role.statements
        .filter(({ action }) => action.includes('scf:InvokeFunction'))
        .map(({ resource }) => [role.function, ...resource]),
    );
  const model = modelOf(WHOLE_SUITE, ONE_PLACE, { stage: 'test', namespace: 'suites' });
  expect(invoking(model)).toEqual([
    ['on-demand', 'qcs::scf:::namespace/suites/function/darkroom-test-reprocess'],
  ]);
  const told = model.functions.flatMap((spec) =>
    spec.environment.filter(({ key }) => key === 'DARKROOM_REPROCESS'),
  );
  expect(told).toEqual([
    { key: 'DARKROOM_REPROCESS', value: 'ap-guangzhou/suites/darkroom-test-reprocess' },
  ]);
  expect(invoking(modelOf(WHOLE_SUITE.replace(/http:\n.*\n/, '')))).toEqual([]);
});

test('a function is told the secrets it uses and no others', () => {
  const secrets = Object.fromEntries(
    modelOf().functions.map((spec) => [
      spec.function,
      spec.environment.flatMap((variable) => ('secret' in variable ? [variable.secret] : [])),
    ]),
  );
  expect(secrets).toEqual({
    'on-callback': ['DARKROOM_CALLBACK_SECRETS', 'DARKROOM_NOTICE_SECRET'],
    'on-upload': ['DARKROOM_CALLBACK_SECRETS', 'DARKROOM_LINK_KEYS', 'DARKROOM_NOTICE_SECRET'],
    reprocess: ['DARKROOM_CALLBACK_SECRETS', 'DARKROOM_LINK_KEYS', 'DARKROOM_NOTICE_SECRET'],
    'on-demand': ['DARKROOM_LINK_KEYS', 'DARKROOM_API_KEYS', 'DARKROOM_NOTICE_SECRET'],
  });
});

test('where callers sign for the account, links are switched off; callbacks stay open to the service', () => {
  const { functions } = modelOf(WHOLE_SUITE, ONE_PLACE, { urlAuth: 'cam' });
  const keys = functions.flatMap(({ environment }) => environment.map(({ key }) => key));
  expect(keys).not.toContain('DARKROOM_LINK_KEYS');
  const auth = functions.flatMap((spec) =>
    spec.triggers.flatMap((trigger) =>
      trigger.type === 'http' ? [[spec.function, trigger.auth]] : [],
    ),
  );
  expect(auth).toEqual([
    ['on-callback', 'NONE'],
    ['on-demand', 'CAM'],
  ]);
});

test('suites and stages stand side by side under names that cannot meet', () => {
  const names = [{}, { stage: 'test' }, { suite: 'studio' }].flatMap((deployment) =>
    namesIn(modelOf(WHOLE_SUITE, ONE_PLACE, deployment)),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(() => modelOf(WHOLE_SUITE, ONE_PLACE, { suite: 'a-b' })).toThrow('no dashes');
});

test.for([
  [{ functions: { 'on-upload': { memory: 200 } } }, 'is 64 or a multiple of 128'],
  [{ runtime: 'nodejs20' }, 'is such as Nodejs20.19'],
  [{ tickMinutes: 0 }, 'Too small'],
] as const)(
  'a deployment the platform would refuse is refused before: %j',
  ([deployment, says]) => {
    expect(() => modelOf(WHOLE_SUITE, ONE_PLACE, deployment)).toThrow(says);
  },
);

test('more settings than the platform takes are refused before', () => {
  const buckets = Array.from(
    { length: 80 },
    (_, at) => `a-rather-long-bucket-name-${at}-1250000000@ap-guangzhou`,
  );
  expect(() =>
    modelOf(
      WHOLE_SUITE.replace(
        'products, when: {',
        'products, when: { buckets: [a-rather-long-bucket-name-1],',
      ).replace('clips, when: {', 'clips, when: { buckets: [a-rather-long-bucket-name-1],'),
      {
        DARKROOM_BUCKETS: buckets.join(','),
        DARKROOM_STATE: 'state-1250000000@ap-guangzhou/darkroom/',
      },
    ),
  ).toThrow(/would have \d+ bytes of settings/);
});
