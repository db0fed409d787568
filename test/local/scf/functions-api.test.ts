import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, type EngineForTests, engineForTests, HOST } from '../engine-for-tests.ts';
import { codeOf, genericClient, type ScfClient, scfClient } from './account-clients.ts';
import { TRUST, zipOf } from './zip-of.ts';

let running: EngineForTests;
let client: ScfClient;

const CODE = { ZipFile: zipOf('exports.main_handler = async () => 1;') };
const NEW = { Code: CODE, Runtime: 'Nodejs20.19', Handler: 'index.main_handler' };

beforeAll(async () => {
  running = await engineForTests();
  client = scfClient(running.engine);
});
afterAll(() => running.stop());

async function active(FunctionName: string) {
  await running.engine.scf.functions.settled();
  return client.GetFunction({ FunctionName });
}

describe('a function, by the official client', () => {
  test('is made, read, changed and removed', async () => {
    await client.CreateFunction({
      ...{ ...NEW, FunctionName: 'on-upload', MemorySize: 256, Timeout: 60 },
      Description: 'ci-suite on-upload. code 3f9a',
      Environment: { Variables: [{ Key: 'DARKROOM_RULES', Value: 'a.yaml' }] },
      Tags: [{ Key: 'suite', Value: 'one' }],
    });
    const made = await active('on-upload');
    expect(made).toMatchObject({
      ...{ FunctionName: 'on-upload', Namespace: 'default', Status: 'Active', StatusReasons: [] },
      ...{ Runtime: 'Nodejs20.19', Handler: 'index.main_handler', MemorySize: 256, Timeout: 60 },
      ...{ InitTimeout: 65, Role: '', Type: 'Event', AsyncRunEnable: 'FALSE', Triggers: [] },
      Description: 'ci-suite on-upload. code 3f9a',
      Environment: { Variables: [{ Key: 'DARKROOM_RULES', Value: 'a.yaml' }] },
      Tags: [{ Key: 'suite', Value: 'one' }],
    });

    await client.UpdateFunctionConfiguration({
      ...{ FunctionName: 'on-upload', Timeout: 90, ClsTopicId: 'topic' },
      Environment: { Variables: [{ Key: '', Value: '' }] },
    });
    expect(await active('on-upload')).toMatchObject({
      ...{ Timeout: 90, MemorySize: 256, ClsTopicId: 'topic' },
      Environment: { Variables: [] },
    });

    const other = zipOf('exports.main_handler = async () => 22;');
    await client.UpdateFunctionCode({ FunctionName: 'on-upload', ZipFile: other });
    expect((await active('on-upload')).CodeSize).toBe(Buffer.from(other, 'base64').length);

    const listed = await client.ListFunctions({});
    expect(listed.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['on-upload']);
    await client.DeleteFunction({ FunctionName: 'on-upload' });
    expect(await codeOf(client.GetFunction({ FunctionName: 'on-upload' }))).toBe(
      'ResourceNotFound.Function',
    );
  });

  test('takes no change while another is under way', async () => {
    running.engine.faults.add({
      ...{ id: 'slow', effect: 'slow-active', ms: 300, operations: ['CreateFunction'] },
      ...{ percent: 100, times: 1 },
    });
    await client.CreateFunction({ ...NEW, FunctionName: 'slow' });
    expect((await client.GetFunction({ FunctionName: 'slow' })).Status).toBe('Creating');
    const change = { FunctionName: 'slow', Timeout: 9 };
    expect(await codeOf(client.UpdateFunctionConfiguration(change))).toBe(
      'FailedOperation.UpdateFunctionConfiguration',
    );
    expect((await active('slow')).Status).toBe('Active');
    await client.UpdateFunctionConfiguration(change);
    expect((await active('slow')).Timeout).toBe(9);
  });

  test('fails to be made when asked to, and says so in its state', async () => {
    running.engine.faults.add({
      ...{ id: 'fail', effect: 'fail-active', operations: ['CreateFunction'] },
      ...{ percent: 100, times: 1 },
    });
    await client.CreateFunction({ ...NEW, FunctionName: 'unlucky' });
    const { Status, StatusReasons } = await active('unlucky');
    expect(Status).toBe('CreateFailed');
    expect(StatusReasons?.[0]?.ErrorMessage).toBe('A fault on demand.');
    await client.DeleteFunction({ FunctionName: 'unlucky' });
  });

  test('is made by one of two that make it at the same time', async () => {
    const twice = [1, 2].map(() => codeOf(client.CreateFunction({ ...NEW, FunctionName: 'once' })));
    expect((await Promise.all(twice)).sort()).toEqual(['ResourceInUse.FunctionName', 'none']);
  });

  test.for([
    [{ FunctionName: '-a' }, 'InvalidParameterValue.FunctionName'],
    [{ Namespace: 'nowhere' }, 'ResourceNotFound.Namespace'],
    [{ MemorySize: 200 }, 'InvalidParameterValue.MemorySize'],
    [{ Timeout: 901 }, 'InvalidParameterValue.Timeout'],
    [{ Handler: 'src/index.main' }, 'InvalidParameterValue.Handler'],
    [{ Runtime: 'Python3.9' }, 'InvalidParameterValue.Runtime'],
    [{ Description: 'a: b' }, 'InvalidParameterValue.Description'],
    [{ Role: 'no-such-role' }, 'ResourceNotFound.Role'],
    [{ Type: 'HTTP' }, 'UnsupportedOperation'],
    [{ AsyncRunEnable: 'TRUE' }, 'UnsupportedOperation'],
    [{ Layers: [{ LayerName: 'a', LayerVersion: 1 }] }, 'UnsupportedOperation'],
    [
      { Environment: { Variables: [{ Key: 'TENCENTCLOUD_A', Value: '1' }] } },
      'InvalidParameterValue.EnvironmentSystemProtect',
    ],
    [
      { Environment: { Variables: [{ Key: 'LONG', Value: 'x'.repeat(4093) }] } },
      'InvalidParameterValue.EnvironmentExceededLimit',
    ],
    [{ Code: { ZipFile: 'bm8gemlw' } }, 'InvalidParameterValue.InlineZipFile'],
    [{ Code: { ZipFile: zipOf({ '../up.js': '' }) } }, 'InvalidParameterValue.InlineZipFile'],
    [{ Code: { ZipFile: zipOf({ '/etc/up.js': '' }) } }, 'InvalidParameterValue.InlineZipFile'],
    [{ Code: { ZipFile: zipOf({ 'a\\..\\up.js': '' }) } }, 'InvalidParameterValue.InlineZipFile'],
    [{ Code: { CosBucketName: 'a', CosObjectName: '/b' } }, 'UnsupportedOperation'],
  ] as const)('with %j is refused: %s', async ([wrong, code]) => {
    const given = { ...NEW, FunctionName: 'refused', ...wrong } as Parameters<
      ScfClient['CreateFunction']
    >[0];
    expect(await codeOf(client.CreateFunction(given))).toBe(code);
  });

  test('keeps its runtime', async () => {
    await active('once');
    const change = { FunctionName: 'once', Runtime: 'Nodejs18.15' };
    expect(await codeOf(client.UpdateFunctionConfiguration(change))).toBe(
      'InvalidParameterValue.Runtime',
    );
  });

  test('says how often and how long it is tried, and how much is reserved for it', async () => {
    const FunctionName = 'once';
    const config = async () =>
      (await client.GetFunctionEventInvokeConfig({ FunctionName })).AsyncTriggerConfig;
    expect(await config()).toEqual({ RetryConfig: [{ RetryNum: 2 }], MsgTTL: 21_600 });
    const changed = { RetryConfig: [{ RetryNum: 0 }], MsgTTL: 120 };
    await client.UpdateFunctionEventInvokeConfig({ FunctionName, AsyncTriggerConfig: changed });
    expect(await config()).toEqual(changed);

    await client.PutReservedConcurrencyConfig({ FunctionName, ReservedConcurrencyMem: 256 });
    expect((await client.GetReservedConcurrencyConfig({ FunctionName })).ReservedMem).toBe(256);
    await client.DeleteReservedConcurrencyConfig({ FunctionName });
    expect((await client.GetReservedConcurrencyConfig({ FunctionName })).ReservedMem).toBeNull();
    const toomuch = { FunctionName, ReservedConcurrencyMem: 120_000 };
    expect(await codeOf(client.PutReservedConcurrencyConfig(toomuch))).toBe(
      'FailedOperation.ReservedExceedTotal',
    );
  });
});

describe('namespaces', () => {
  test('are made, hold functions apart, and are removed empty', async () => {
    await client.CreateNamespace({ Namespace: 'suite' });
    expect(await codeOf(client.CreateNamespace({ Namespace: 'suite' }))).toBe(
      'ResourceInUse.Namespace',
    );
    await client.CreateFunction({ ...NEW, FunctionName: 'once', Namespace: 'suite' });
    await running.engine.scf.functions.settled();
    expect((await client.ListFunctions({ Namespace: 'suite' })).TotalCount).toBe(1);
    expect(await codeOf(client.DeleteNamespace({ Namespace: 'suite' }))).toBe(
      'FailedOperation.DeleteNamespace',
    );
    await client.DeleteFunction({ FunctionName: 'once', Namespace: 'suite' });
    await client.DeleteNamespace({ Namespace: 'suite' });
    const { Namespaces } = await client.ListNamespaces({});
    expect(Namespaces?.map(({ Name }) => Name)).toEqual(['default']);
  });
});

describe('triggers', () => {
  const FunctionName = 'triggered';
  const described = (event: string, Prefix: string, Suffix: string) =>
    JSON.stringify({ event, filter: { Prefix, Suffix } });
  const ofCos = { FunctionName, TriggerName: HOST, Type: 'cos' };

  beforeAll(async () => {
    await client.CreateFunction({ ...NEW, FunctionName });
    await running.engine.scf.functions.settled();
  });

  test('of a bucket are its notifications, and overlapping ones are refused', async () => {
    const created = described('cos:ObjectCreated:*', 'in/', '.jpg');
    await client.CreateTrigger({ ...ofCos, TriggerDesc: created, Enable: 'OPEN' });
    await client.CreateTrigger({
      ...{ ...ofCos, Enable: 'OPEN' },
      TriggerDesc: described('cos:ObjectCreated:*', 'in/', '.png'),
    });
    expect(running.engine.events.rules.of(BUCKET)).toMatchObject([
      { events: ['cos:ObjectCreated:*'], prefix: 'in/', suffix: '.jpg', enabled: true },
      { suffix: '.png' },
    ]);
    const inside = described('cos:ObjectCreated:Put', 'in/deep/', '.jpg');
    expect(await codeOf(client.CreateTrigger({ ...ofCos, TriggerDesc: inside }))).toBe(
      'InvalidParameterValue.CosNotifyRuleConflict',
    );
    expect(await codeOf(client.DeleteTrigger(ofCos))).toBe('MissingParameter');
    await client.DeleteTrigger({ ...ofCos, TriggerDesc: created });
    const { Triggers, TotalCount } = await client.ListTriggers({ FunctionName });
    expect(TotalCount).toBe(1);
    expect(JSON.parse(Triggers?.[0]?.TriggerDesc ?? '')).toEqual({
      ...{ event: 'cos:ObjectCreated:*', filter: { Prefix: 'in/', Suffix: '.png' } },
    });
    expect(running.engine.events.rules.of(BUCKET)).toHaveLength(1);
  });

  test.for([
    [
      'no-bucket.example',
      described('cos:ObjectCreated:*', '', ''),
      'InvalidParameterValue.TriggerName',
    ],
    [HOST, described('cos:ObjectEaten:*', '', ''), 'InvalidParameterValue.TriggerDesc'],
    [HOST, described('cos:ObjectCreated:*', '', 'jpg'), 'InvalidParameterValue.TriggerDesc'],
    [HOST, 'not JSON', 'InvalidParameterValue.TriggerDesc'],
    [
      HOST.replace('shop', 'lost'),
      described('cos:ObjectCreated:*', '', ''),
      'ResourceNotFound.Cos',
    ],
  ] as const)('of %s saying %s are refused: %s', async ([TriggerName, TriggerDesc, code]) => {
    expect(await codeOf(client.CreateTrigger({ ...ofCos, TriggerName, TriggerDesc }))).toBe(code);
  });

  test('of the clock are changed in place', async () => {
    const timer = { FunctionName, TriggerName: 'nightly', Type: 'timer' };
    await client.CreateTrigger({
      ...{ ...timer, TriggerDesc: '0 0 2 * * * *', Enable: 'OPEN', CustomArgument: '{"a":1}' },
    });
    await client.UpdateTrigger({ ...timer, TriggerDesc: '0 30 3 * * * *', Enable: 'CLOSE' });
    const { Triggers } = await client.ListTriggers({ FunctionName });
    expect(Triggers?.find(({ Type }) => Type === 'timer')).toMatchObject({
      ...{ TriggerName: 'nightly', TriggerDesc: '{"cron":"0 30 3 * * * *"}', Enable: 0 },
      CustomArgument: '{"a":1}',
    });
    const wrong = { ...timer, TriggerName: 'other', TriggerDesc: '0 2 * * *' };
    expect(await codeOf(client.CreateTrigger(wrong))).toBe('InvalidParameterValue.TriggerDesc');
  });

  test('with an address keep it when they are changed', async () => {
    const http = { FunctionName, TriggerName: 'url', Type: 'http' };
    const desc = { AuthType: 'NONE', NetConfig: { EnableIntranet: false, EnableExtranet: true } };
    const made = await client.CreateTrigger({ ...http, TriggerDesc: JSON.stringify(desc) });
    const address = (text = '') => JSON.parse(text).NetConfig.ExtranetUrl as string;
    const first = address(made.TriggerInfo?.TriggerDesc);
    expect(first).toMatch(/^https:\/\/1250000000-[a-z0-9]{10}\.ap-guangzhou\.tencentscf\.com$/);
    await client.UpdateTrigger({
      ...http,
      TriggerDesc: JSON.stringify({ ...desc, AuthType: 'CAM' }),
    });
    const { Triggers } = await client.ListTriggers({ FunctionName });
    const after = Triggers?.find(({ Type }) => Type === 'http');
    expect(address(after?.TriggerDesc)).toBe(first);
    expect(JSON.parse(after?.TriggerDesc ?? '').AuthType).toBe('CAM');
  });

  test('go with their function', async () => {
    await client.DeleteFunction({ FunctionName });
    expect(running.engine.events.rules.of(BUCKET)).toEqual([]);
  });
});

test('a role is passed by those alone who may pass it', async () => {
  const { identities } = running.engine;
  const policy = {
    version: '2.0',
    statement: [{ effect: 'allow', action: 'scf:*', resource: '*' }],
  };
  await identities.putPolicy('functions', JSON.stringify(policy));
  await identities.putRole({ name: 'runs', trust: TRUST, description: '', policies: [] });
  const deployer = scfClient(running.engine, await identities.putUser('deployer', ['functions']));
  const wanted = { ...NEW, FunctionName: 'passed', Role: 'runs' };
  await expect(deployer.CreateFunction(wanted)).rejects.toThrow(
    /operation \(cam:PassRole\)\nresource \(qcs::cam::uin\/101250000000:roleName\/runs\) has no permission/,
  );
  const cam = genericClient(running.engine, 'cam', await identities.putUser('nobody', []));
  expect(await codeOf(cam.request('GetRole', { RoleName: 'runs' }))).toBe(
    'AuthFailure.UnauthorizedOperation',
  );
});

test('many functions may change at the same time, and nothing is suspected to leak', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  running.engine.faults.add({
    ...{ id: 'slow', effect: 'slow-active', ms: 60_000, operations: ['CreateFunction'] },
    percent: 100,
  });
  const names = Array.from({ length: 12 }, (_, n) => `many-${n}`);
  for (const FunctionName of names) await client.CreateFunction({ ...NEW, FunctionName });
  running.engine.faults.clear();
  process.off('warning', warned);
  expect((await client.GetFunction({ FunctionName: 'many-11' })).Status).toBe('Creating');
  expect(warnings).toEqual([]);
});
