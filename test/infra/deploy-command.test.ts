import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { main } from '../../cli/main.ts';
import { FUNCTION_NAMES } from '../../infra/model.ts';
import { readCompiledRules } from '../../shared/plan/compiled-rules.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  KEYS,
  REGION,
} from '../local/engine-for-tests.ts';
import { WHOLE_SUITE } from './deployment-for-tests.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkroom-deploy-'));
let there: EngineForTests;

beforeAll(async () => {
  there = await engineForTests();
  writeFileSync(join(folder, 'rules.yaml'), WHOLE_SUITE);
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(folder, 'code', name), { recursive: true });
    writeFileSync(
      join(folder, 'code', name, 'index.js'),
      'exports.main_handler = async () => "done"',
    );
  }
  writeFileSync(
    join(folder, 'env'),
    [
      `DARKROOM_BUCKETS=${BUCKET}@${REGION}`,
      `DARKROOM_STATE=${BUCKET}/darkroom/`,
      `DARKROOM_ENDPOINT=${there.engine.url}`,
      `TENCENTCLOUD_SECRET_ID=${KEYS.secretId}`,
      `TENCENTCLOUD_SECRET_KEY=${KEYS.secretKey}`,
    ].join('\n'),
  );
});
afterAll(async () => {
  await there.stop();
  rmSync(folder, { recursive: true });
});

const PLACE = ['--env-file', join(folder, 'env')];
const WHAT = [...PLACE, '--rules', join(folder, 'rules.yaml'), '--code', join(folder, 'code')];

async function darkroom(argv: readonly string[], agrees?: (question: string) => Promise<boolean>) {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(argv, COMMANDS, '1.2.3', {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    env: {},
    ...(agrees ? { agrees } : {}),
  });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

test('nothing is changed unless somebody agrees', async () => {
  const nobody = await darkroom(['deploy', 'apply', ...WHAT]);
  expect(nobody.err).toContain('Say --yes');
  const no = await darkroom(['deploy', 'apply', ...WHAT], async () => false);
  expect(no.err).toContain('Nothing was changed');
  expect([nobody.exitCode, no.exitCode]).toEqual([1, 1]);
  expect((await darkroom(['deploy', 'plan', ...WHAT])).out).toContain(
    '+ role darkroom-prod-on-upload',
  );
});

test('a suite is deployed, checked, rotated and destroyed from the command line', async () => {
  const applied = await darkroom(['deploy', 'apply', ...WHAT], async () => true);
  expect(applied.err).toContain('create function darkroom-prod-on-callback in ap-guangzhou');
  expect(applied.out).toMatch(/^on-demand: https?:\/\/\S+$/m);
  expect(applied.exitCode).toBe(0);

  const checked = await darkroom(['deploy', 'check', '--live', ...WHAT]);
  expect(checked.out).toContain('ok  the role SCF_QcsRole is there');
  expect(checked.out).toContain('ok  function darkroom-prod-reprocess in ap-guangzhou is Active');
  expect(checked.out).toContain('ok  0 differences from the rules');
  expect(checked.exitCode).toBe(0);

  const rotated = await darkroom([
    'deploy',
    'rotate',
    '--key',
    'shop',
    '--links',
    '--yes',
    ...WHAT,
  ]);
  expect(rotated.out).toMatch(/^for shop: [0-9a-f]{64}$/m);
  expect(rotated.out).toContain('DARKROOM_LINK_KEYS: changed');
  expect((await darkroom(['deploy', 'plan', ...WHAT])).out).toBe(
    'Nothing to change: the account is as the rules ask for.',
  );

  const destroyed = await darkroom(['deploy', 'destroy', '--yes', ...PLACE]);
  expect(destroyed.exitCode).toBe(0);
  expect(there.engine.identities.policies()).toEqual([]);
});

test('rules are published where what is deployed suffices for them, and refused where it does not', async () => {
  const rules = (text: string) => {
    writeFileSync(join(folder, 'other.yaml'), text);
    return [...PLACE, '--rules', join(folder, 'other.yaml')];
  };
  const code = ['--code', join(folder, 'code')];
  const published = async () => {
    const Key = 'darkroom/rules/published.json';
    const got = await there.client(COS).getObject({ Bucket: BUCKET, Region: REGION, Key });
    return readCompiledRules(got.Body.toString()).limits.requestsPerSecond;
  };
  await darkroom(['deploy', 'apply', '--yes', ...WHAT]);
  const slower = await darkroom([
    'deploy',
    'rules',
    ...rules(`${WHOLE_SUITE}limits: { requestsPerSecond: 3 }`),
  ]);
  expect(slower.out).toContain('in force within half a minute');
  expect(await published()).toBe(3);

  const wider = WHOLE_SUITE.replace('in/products/', 'other/');
  const refused = await darkroom(['deploy', 'rules', ...rules(wider)]);
  expect(refused.exitCode).toBe(1);
  expect(refused.err).toContain('a trigger on shop-1250000000 for other/*.jpg');
  expect(refused.err).toContain('for on-upload, name/cos:GetObject on');
  expect(await published()).toBe(3);

  const limited = rules(`${WHOLE_SUITE}limits: { requestsPerSecond: 7 }`);
  const applied = await darkroom(['deploy', 'apply', '--yes', ...limited, ...code]);
  expect(applied.err).toContain('update published rules');
  expect(await published()).toBe(7);
  await darkroom(['deploy', 'destroy', '--yes', '--purge-state', ...PLACE]);
});

test('records are deleted only by who says so, and nothing beside them is', async () => {
  const client = there.client(COS);
  const keys = [
    'darkroom/steps/a.json',
    'darkroom/jobs/b.json',
    'darkroom-cutouts/mug.png',
    'in/mug.jpg',
  ];
  for (const Key of keys) {
    await client.putObject({ Bucket: BUCKET, Region: REGION, Key, Body: 'x' });
  }
  const left = async () => {
    const { Contents } = await client.getBucket({ Bucket: BUCKET, Region: REGION });
    return Contents.map(({ Key }) => Key);
  };
  await darkroom(['deploy', 'destroy', '--yes', ...PLACE]);
  expect(await left()).toEqual([...keys].sort());
  const { out } = await darkroom(['deploy', 'destroy', '--yes', '--purge-state', ...PLACE]);
  expect(out).toContain(`2 records deleted from ${BUCKET}/darkroom/`);
  expect(await left()).toEqual(['darkroom-cutouts/mug.png', 'in/mug.jpg']);
});

test('keys are never printed', async () => {
  const printed = await Promise.all(
    [['plan'], ['check', '--live'], ['render', '--what', 'model']].map((args) =>
      darkroom(['deploy', ...args, ...WHAT]),
    ),
  );
  expect(JSON.stringify(printed)).not.toContain(KEYS.secretKey);
});

test.for([
  [['deploy', 'render', '--what', 'poem'], 2, '--what knows model,'],
  [['deploy', 'rotate'], 2, 'Say what'],
  [['deploy', 'rotate', '--key', 'nobody'], 1, 'names no "nobody"'],
  [['deploy', 'plan', '--stage', 'a-b'], 1, 'no dashes'],
  [['deploy', 'plan', '--profile', 'none'], 1, 'the profile "none"'],
] as const)('what cannot be meant is said: %j', async ([argv, code, says]) => {
  const { exitCode, err } = await darkroom([...argv, ...WHAT]);
  expect(err).toContain(says);
  expect(exitCode).toBe(code);
});
