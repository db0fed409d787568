import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApiCall, Cloud } from '../../infra/cloud.ts';
import { deploy, nothingIn, planFor } from '../../infra/deploy.ts';
import { Deployment } from '../../infra/deployment.ts';
import { readSettings } from '../../shared/config/settings.ts';
import { accountForTests, cutAfter, cutBefore, NOTHING, packagesOf } from './account-for-tests.ts';
import { modelOf, ONE_PLACE, WHOLE_SUITE } from './deployment-for-tests.ts';

let account: Awaited<ReturnType<typeof accountForTests>>;

beforeAll(async () => {
  account = await accountForTests();
});
afterAll(() => account.stop());

/** The model of nothing, which takes everything of ours away. */
function nothing(deployment: object = {}) {
  const settings = readSettings(ONE_PLACE);
  if (!settings.ok) throw new Error('these are right');
  return nothingIn(settings.settings, Deployment.parse(deployment));
}

beforeEach(async () => {
  await account.deployed(account.workFor(nothing()));
});

async function call(service: 'scf' | 'cam', action: string, parameters: ApiCall['parameters']) {
  const region = service === 'scf' ? { region: 'ap-guangzhou' } : {};
  const answer = await account.cloud.call({ service, action, ...region, parameters });
  if (!answer.ok) throw new Error(`${action}: ${answer.code} ${answer.message}`);
  return answer.response;
}

const ON_UPLOAD = { FunctionName: 'darkroom-prod-on-upload', Namespace: 'default' };

test('what was deployed needs no further deployment', async () => {
  const plan = await account.deployed();
  expect(plan).toContain('+ role darkroom-prod-on-upload');
  expect(plan).toContain('+ function darkroom-prod-on-upload in ap-guangzhou');
  expect(plan).toContain('+ uploads of shop-1250000000/in/products/*.jpg');
  expect(await account.planned()).toBe(NOTHING);
});

test('the address of on-callback is a setting of what submits jobs', async () => {
  await account.deployed();
  const { Environment } = (await call('scf', 'GetFunction', ON_UPLOAD)) as {
    Environment?: { Variables: readonly { Key: string; Value: string }[] };
  };
  const value = Environment?.Variables.find(({ Key }) => Key === 'DARKROOM_CALLBACK_URL')?.Value;
  expect(value).toMatch(/^https?:\/\/.+\.ap-guangzhou\.tencentscf\.com$/);
});

test('a plan says when timers fire, here and in Beijing, and what will cost or take time', async () => {
  const plan = await account.planned();
  const nightly = /timer schedule-nightly: 0 30 2 \* \* \* \*\n((?: +next: .*\n){3})/.exec(
    plan,
  )?.[1];
  expect(nightly).toMatch(/^(?: +next: \S+ 02:30 in Beijing is \S+ 18:30 UTC\n){3}$/);
  expect(plan).toMatch(/timer tick: 0 \S+ \* \* \* \* \*\n +next: /);
  expect(plan).toContain('costs: the timer tick calls it 288 times a day');
  expect(plan).toContain('takes time: ');
});

test('a plan never shows a secret', async () => {
  const secrets = { DARKROOM_LINK_KEYS: 'a-link-key-that-is-long-enough-to-be-one' };
  const work = account.workFor(modelOf(), { secrets });
  expect(await account.deployed(work)).not.toContain('a-link-key');
  const other = account.workFor(modelOf(), {
    secrets: { DARKROOM_LINK_KEYS: 'another-key-that-is-long-enough-to-be-one' },
  });
  const plan = await account.planned(other);
  expect(plan).toContain('DARKROOM_LINK_KEYS: changed');
  expect(plan).not.toMatch(/a-link-key|another-key/);
});

test('secrets that were made are kept, and read back for the next deployment', async () => {
  await account.deployed();
  const read = async () => {
    const { Environment } = (await call('scf', 'GetFunction', ON_UPLOAD)) as {
      Environment?: { Variables: readonly { Key: string; Value: string }[] };
    };
    return Environment?.Variables.find(({ Key }) => Key === 'DARKROOM_LINK_KEYS')?.Value;
  };
  const made = await read();
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  await account.deployed(
    account.workFor(modelOf(), { packages: packagesOf('exports.main_handler = () => 2') }),
  );
  expect(await read()).toBe(made);
});

test.for([
  [
    'a trigger',
    () => {
      const TriggerDesc = JSON.stringify({
        event: 'cos:ObjectCreated:*',
        filter: { Prefix: 'in/clips/', Suffix: '.mp4' },
      });
      const TriggerName = 'shop-1250000000.cos.ap-guangzhou.myqcloud.com';
      return call('scf', 'DeleteTrigger', {
        ...ON_UPLOAD,
        TriggerName,
        Type: 'cos',
        TriggerDesc,
        Qualifier: '$DEFAULT',
      });
    },
    /^~ function darkroom-prod-on-upload in ap-guangzhou\n {4}\+ uploads of shop-1250000000\/in\/clips\/\*\.mp4\n\n0 to create, 1 to change/,
  ],
  [
    'a function',
    () =>
      call('scf', 'DeleteFunction', {
        FunctionName: 'darkroom-prod-reprocess',
        Namespace: 'default',
      }),
    /^\+ function darkroom-prod-reprocess in ap-guangzhou\n[\s\S]*\n1 to create, 0 to change, 0 to make anew, 0 to delete$/,
  ],
  [
    'a permission of a role',
    async () => {
      const { List } = (await call('cam', 'ListPolicies', {
        Keyword: 'darkroom-prod-on-demand',
        Scope: 'Local',
        Page: 1,
        Rp: 10,
      })) as { List?: readonly { PolicyId: number }[] };
      await call('cam', 'DetachRolePolicy', {
        PolicyId: List?.[0]?.PolicyId ?? 0,
        DetachRoleName: 'darkroom-prod-on-demand',
      });
    },
    /^~ permissions darkroom-prod-on-demand\n {4}given to the role\n\n0 to create, 1 to change/,
  ],
  [
    'the memory',
    () => call('scf', 'UpdateFunctionConfiguration', { ...ON_UPLOAD, MemorySize: 512 }),
    /^~ function darkroom-prod-on-upload in ap-guangzhou\n {4}memory in MB: 512 -> 128\n/,
  ],
  [
    'a setting',
    () =>
      call('scf', 'UpdateFunctionConfiguration', {
        ...ON_UPLOAD,
        Environment: { Variables: [{ Key: 'DARKROOM_BUCKETS', Value: 'x' }] },
      }),
    /DARKROOM_BUCKETS: changed\n[\s\S]*DARKROOM_LINK_KEYS: set\n/,
  ],
  [
    'how often failed events are repeated',
    () =>
      call('scf', 'UpdateFunctionEventInvokeConfig', {
        ...ON_UPLOAD,
        AsyncTriggerConfig: { RetryConfig: [{ RetryNum: 0 }], MsgTTL: 60 },
      }),
    /^~ function darkroom-prod-on-upload in ap-guangzhou\n {4}failed events: repeated 2 times within 21600 s\n/,
  ],
] as const)(
  'what somebody changed by hand is found, and put right: %s',
  async ([, change, says]) => {
    await account.deployed();
    await change();
    expect(await account.planned()).toMatch(says);
    await account.deployed();
    expect(await account.planned()).toBe(NOTHING);
  },
);

test('other code is uploaded where it differs, and nothing else is done', async () => {
  await account.deployed();
  const packages = packagesOf('exports.main_handler = async () => "other"');
  const plan = await account.deployed(account.workFor(modelOf(), { packages }));
  expect(plan.match(/code: [0-9a-f]{12} -> [0-9a-f]{12}/g)).toHaveLength(4);
  expect(plan).not.toContain('uploads of');
  expect(await account.planned(account.workFor(modelOf(), { packages }))).toBe(NOTHING);
});

test('other rules change triggers and permissions, and say that they leave a gap', async () => {
  await account.deployed();
  const wider = modelOf(WHOLE_SUITE.replace('prefix: in/products/', 'prefix: in/p'));
  const plan = await account.deployed(account.workFor(wider));
  expect(plan).toContain('- uploads of shop-1250000000/in/products/*.jpg');
  expect(plan).toContain('+ uploads of shop-1250000000/in/p*.jpg');
  expect(plan).toContain('leaves a gap: a trigger of a bucket is removed and made anew');
  expect(await account.planned(account.workFor(wider))).toBe(NOTHING);
});

test('a function that no rule needs any more is removed, with its role', async () => {
  await account.deployed();
  const alone = modelOf(WHOLE_SUITE.replace(/http:\n.*\n/, ''));
  const plan = await account.deployed(account.workFor(alone));
  expect(plan).toContain('- function darkroom-prod-on-demand in ap-guangzhou');
  expect(plan).toContain('- role darkroom-prod-on-demand');
  expect(await account.planned(account.workFor(alone))).toBe(NOTHING);
});

test('another runtime is a new function, and only who agrees gets one', async () => {
  await account.deployed();
  const older = modelOf(WHOLE_SUITE, ONE_PLACE, { runtime: 'Nodejs18.15' });
  await expect(account.deployed(account.workFor(older))).rejects.toThrow('--replace-runtime');
  const consent = { replaceRuntime: true };
  const plan = await account.deployed(account.workFor(older, { consent }));
  expect(plan).toContain('! function darkroom-prod-on-upload in ap-guangzhou');
  expect(plan).toContain('leaves a gap: until it is there again');
  expect(await account.planned(account.workFor(older))).toBe(NOTHING);
});

test('what has our name and not our mark is left alone, unless somebody says it is ours', async () => {
  await account.deployed();
  await call('scf', 'UpdateFunctionConfiguration', { ...ON_UPLOAD, Description: 'by hand' });
  await expect(account.deployed()).rejects.toThrow('was not made by this deployment');
  await account.deployed(account.workFor(nothing()));
  expect(await call('scf', 'GetFunction', ON_UPLOAD)).toMatchObject({ Description: 'by hand' });

  await account.deployed(account.workFor(modelOf(), { consent: { adopt: true } }));
  expect(await account.planned()).toBe(NOTHING);
});

test('two stages stand side by side, and one goes without the other', async () => {
  const test = modelOf(WHOLE_SUITE, ONE_PLACE, { stage: 'test' });
  await account.deployed();
  // Two triggers of one bucket may not overlap, whoever has them.
  await account.deployed(
    account.workFor({
      ...test,
      functions: test.functions.map((spec) => ({
        ...spec,
        triggers: spec.triggers.filter(({ type }) => type !== 'cos'),
      })),
    }),
  );
  await account.deployed(account.workFor(nothing({ stage: 'test' })));
  expect(await account.planned()).toBe(NOTHING);
});

test('a namespace of its own is made and removed', async () => {
  const apart = { namespace: 'darkroom' };
  const model = modelOf(WHOLE_SUITE, ONE_PLACE, apart);
  expect(await account.deployed(account.workFor(model))).toContain(
    '+ namespace darkroom in ap-guangzhou',
  );
  expect(await account.planned(account.workFor(model))).toBe(NOTHING);
  await account.deployed(account.workFor(nothing(apart)));
  const { Namespaces } = await call('scf', 'ListNamespaces', { Limit: 20, Offset: 0 });
  expect(JSON.stringify(Namespaces)).not.toContain('darkroom');
});

test('what is left in a region that nobody names any more is found by the marks, and removed', async () => {
  await account.engine.makeBucket({ name: 'photos-1250000000', region: 'ap-shanghai' });
  const both = modelOf(WHOLE_SUITE, {
    DARKROOM_BUCKETS: `${ONE_PLACE.DARKROOM_BUCKETS},photos-1250000000@ap-shanghai`,
    DARKROOM_STATE: ONE_PLACE.DARKROOM_STATE,
  });
  const plan = await account.deployed(account.workFor(both));
  expect(plan).toContain('+ function darkroom-prod-on-upload in ap-shanghai');
  expect(await account.planned(account.workFor(both))).toBe(NOTHING);

  const fewer = await account.deployed();
  expect(fewer).toContain('- function darkroom-prod-on-upload in ap-shanghai');
  expect(fewer).not.toContain('- function darkroom-prod-on-upload in ap-guangzhou');
  expect(await account.planned()).toBe(NOTHING);
});

test('reserved concurrency is kept, read back and released', async () => {
  const kept = modelOf(WHOLE_SUITE, ONE_PLACE, {
    functions: { 'on-upload': { reservedMemory: 1280 } },
  });
  const plan = await account.deployed(account.workFor(kept));
  expect(plan).toContain(
    "costs: 1280 MB of the account's concurrency are its own: 10 instances at once",
  );
  expect(await account.planned(account.workFor(kept))).toBe(NOTHING);
  expect(await account.deployed()).toContain('no concurrency is kept for it any more');
  expect(await account.planned()).toBe(NOTHING);
});

test('destroying leaves nothing of ours, and every object', async () => {
  await account.deployed();
  await account.deployed(account.workFor(nothing()));
  const { TotalCount } = await call('scf', 'ListFunctions', { Namespace: 'default' });
  expect(TotalCount).toBe(0);
  expect(
    account.engine.identities.roles().filter(({ name }) => name.startsWith('darkroom')),
  ).toEqual([]);
  expect(account.engine.identities.policies()).toEqual([]);
  expect(account.engine.storage.buckets.get('shop-1250000000')).toBeDefined();
});

/** Deploys over and over, cut at one call later each time, until a run comes to its end. */
async function killedEverywhere(cut: (call: number, cloud: Cloud) => Cloud, model = modelOf()) {
  for (let at = 1; ; at++) {
    const work = account.workFor(model, { cloud: cut(at, account.cloud) });
    try {
      await deploy(work, await planFor(work));
      return at;
    } catch (thrown) {
      if (!(thrown instanceof Error) || thrown.message !== 'killed') throw thrown;
    }
  }
}

test.for([
  ['before it', cutBefore],
  ['and its answer is lost', cutAfter],
] as const)('a deployment may be killed at any call, %s: the next one goes on', async ([, cut]) => {
  await killedEverywhere(cut);
  expect(await account.planned()).toBe(NOTHING);
  await killedEverywhere(cut, nothing());
  expect(account.engine.identities.policies()).toEqual([]);
});

test('killed at any call of a fresh deployment, one more run always suffices', async () => {
  let calls = 0;
  const counting: Cloud = {
    call: (asked) => {
      calls += 1;
      return account.cloud.call(asked);
    },
  };
  await account.deployed(account.workFor(modelOf(), { cloud: counting }));
  const all = calls;
  for (let at = 1; at <= all; at += 8) {
    await account.deployed(account.workFor(nothing()));
    const work = account.workFor(modelOf(), { cloud: cutAfter(at, account.cloud) });
    await expect(planFor(work).then((ready) => deploy(work, ready))).rejects.toThrow('killed');
    await account.deployed();
    expect(await account.planned()).toBe(NOTHING);
  }
});

test('two deployers at once end in one deployment', async () => {
  const [one, other] = [account.workFor(), account.workFor()];
  const plans = await Promise.all([planFor(one), planFor(other)]);
  const ends = await Promise.allSettled([deploy(one, plans[0]), deploy(other, plans[1])]);
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  expect(reasons.filter(({ code }) => code !== 'DEPLOYMENT_OVERTAKEN')).toEqual([]);
  await account.deployed();
  expect(await account.planned()).toBe(NOTHING);
});
