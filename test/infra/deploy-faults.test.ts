import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { accountKeys } from '../../infra/account-keys.ts';
import { deployerPolicy } from '../../infra/render/policies.ts';
import { tc3Cloud } from '../../infra/tc3-cloud.ts';
import type { FaultEffect, FaultRule } from '../../local/server/faults.ts';
import { Fault } from '../../shared/core/fault.ts';
import { KEYS } from '../local/engine-for-tests.ts';
import { accountForTests, NOTHING, packagesOf } from './account-for-tests.ts';
import { modelOf, PLACES } from './deployment-for-tests.ts';

let account: Awaited<ReturnType<typeof accountForTests>>;

beforeAll(async () => {
  account = await accountForTests();
});
afterAll(() => account.stop());
beforeEach(async () => {
  await account.deployed(account.workFor({ ...modelOf(), functions: [], roles: [] }));
});
afterEach(() => account.engine.faults.clear());

type Wrong = FaultEffect & Pick<FaultRule, 'operations' | 'after' | 'times'>;

function goesWrong(rule: Wrong, percent = 100) {
  account.engine.faults.add({ id: 'test', percent, ...rule });
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Fault) return thrown;
  throw new Error(`no fault, but ${String(thrown)}`);
}

function cloudWith(keys: { secretId: string; secretKey: string; token?: string }) {
  const { engine } = account;
  return tc3Cloud({
    keys,
    endpoint: engine.url,
    now: () => engine.clock.now(),
    pause: async () => {},
  });
}

test('a wrong key is said to be wrong, and shown nowhere', async () => {
  const cloud = cloudWith({ ...KEYS, secretKey: 'NotTheKeyOfThisId' });
  const fault = await faultOf(account.planned(account.workFor(modelOf(), { cloud })));
  expect(fault.code).toBe('ACCOUNT_KEYS_REFUSED');
  expect(fault.hint).toContain('Is the SecretKey the one of this SecretId');
  expect(`${fault.message} ${fault.hint} ${JSON.stringify(fault.detail)}`).not.toContain(
    'NotTheKey',
  );
});

test('a denial names the action and the resource, and the statement that would allow it', async () => {
  await account.engine.identities.putPolicy(
    'reader',
    JSON.stringify({
      version: '2.0',
      statement: [
        {
          effect: 'allow',
          action: ['cam:Get*', 'cam:List*', 'scf:Get*', 'scf:List*'],
          resource: ['*'],
        },
      ],
    }),
  );
  const cloud = cloudWith(await account.engine.identities.putUser('reader', ['reader']));
  const fault = await faultOf(account.deployed(account.workFor(modelOf(), { cloud })));
  expect(fault.code).toBe('ACCOUNT_DENIED');
  expect(fault.message).toContain('cam:CreateRole');
  expect(fault.hint).toContain('"action":["cam:CreateRole"]');
});

test('the policy for deployers suffices for a deployment from nothing, a change and a removal', async () => {
  const model = modelOf();
  const document = JSON.stringify(deployerPolicy(model, PLACES));
  await account.engine.identities.putPolicy('deployer', document);
  const cloud = cloudWith(await account.engine.identities.putUser('deployer', ['deployer']));
  await account.deployed(account.workFor(model, { cloud }));
  const packages = packagesOf('exports.main_handler = async () => "changed"');
  await account.deployed(account.workFor(model, { cloud, packages }));
  expect(await account.planned(account.workFor(model, { cloud, packages }))).toBe(NOTHING);
  await account.deployed(account.workFor({ ...model, functions: [], roles: [] }, { cloud }));
  expect(account.engine.identities.roles().some(({ name }) => name.startsWith('darkroom'))).toBe(
    false,
  );
});

test.for([
  ['asked to ask less often', { effect: 'throttle', operations: [] }],
  ['cut off before they arrive', { effect: 'reset', operations: [] }],
  ['answered in vain', { effect: 'lose-answer', operations: [] }],
] as const)('a deployment comes to its end while calls are %s', async ([, rule]) => {
  goesWrong(rule, 10);
  await account.deployed();
  account.engine.faults.clear();
  expect(await account.planned()).toBe(NOTHING);
});

test('an account that does not answer is said to be out of reach', async () => {
  goesWrong({ effect: 'reset', operations: [] });
  expect((await faultOf(account.planned())).code).toBe('ACCOUNT_UNREACHABLE');
});

test('a function that takes its time is waited for', async () => {
  goesWrong({ effect: 'slow-active', operations: ['CreateFunction'], ms: 300 });
  await account.deployed();
  expect(await account.planned()).toBe(NOTHING);
});

test('a function that could not be made is removed and made anew', async () => {
  goesWrong({ effect: 'fail-active', operations: ['CreateFunction'], after: 1, times: 1 });
  const fault = await faultOf(account.deployed());
  expect(fault.code).toBe('DEPLOYMENT_FAILED');
  expect(fault.message).toContain('darkroom-prod-on-upload is CreateFailed');
  expect(await account.deployed()).toContain('! function darkroom-prod-on-upload in ap-guangzhou');
  expect(await account.planned()).toBe(NOTHING);
});

test('a change that failed inside the platform is made once more', async () => {
  await account.deployed();
  const work = account.workFor(modelOf(), {
    packages: packagesOf('exports.main_handler = () => 3'),
  });
  goesWrong({ effect: 'fail-active', operations: ['UpdateFunctionCode'], times: 1 });
  expect((await faultOf(account.deployed(work))).message).toContain('is UpdateFailed');
  expect(await account.deployed(work)).toContain('its last change failed');
  expect(await account.planned(work)).toBe(NOTHING);
});

test('roles that only the console makes are asked for before anything is changed', async () => {
  const bare = await accountForTests({ bareAccount: true });
  try {
    const fault = await faultOf(bare.deployed());
    expect(fault.code).toBe('DEPLOYMENT_REFUSED');
    expect(fault.message).toContain('The role SCF_QcsRole is missing');
    expect(fault.message).toContain('The role CI_QCSRole is missing');
    expect(bare.engine.identities.roles()).toEqual([]);
  } finally {
    await bare.stop();
  }
});

test('buckets of another account than the keys are of are refused', async () => {
  const fault = await faultOf(
    account.deployed(
      account.workFor(
        modelOf(undefined, {
          DARKROOM_BUCKETS: 'shop-1299999999@ap-guangzhou',
          DARKROOM_STATE: 'shop-1299999999/darkroom/',
        }),
      ),
    ),
  );
  expect(fault.message).toContain('The keys are of the account 1250000000');
});

test('keys come from the environment, or from a profile that is named', () => {
  const env = { TENCENTCLOUD_SECRET_ID: 'id', TENCENTCLOUD_SECRET_KEY: 'key' };
  expect(accountKeys(env)).toEqual({ secretId: 'id', secretKey: 'key' });
  expect(() => accountKeys(env, { profile: 'none', home: '/nowhere' })).toThrow(
    'the profile "none"',
  );
  expect(() => accountKeys({}, { home: '/nowhere' })).toThrow('no keys of the account');
});
