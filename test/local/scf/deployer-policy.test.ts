import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tc3Authorization } from '../../../shared/wire/tc3.ts';
import { type EngineForTests, engineForTests, HOST, KEYS } from '../engine-for-tests.ts';
import { codeOf, genericClient, scfClient } from './account-clients.ts';
import { TRUST, zipOf } from './zip-of.ts';

let running: EngineForTests;
beforeAll(async () => {
  running = await engineForTests({ tlsPort: 0 });
});
afterAll(() => running.stop());

const UIN = '101250000000';
/** What whoever deploys a suite into a namespace of its own needs, and no more. */
const DEPLOYER = {
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action: [
        ...['scf:GetFunction', 'scf:CreateFunction', 'scf:UpdateFunctionCode'],
        ...['scf:UpdateFunctionConfiguration', 'scf:DeleteFunction', 'scf:ListTriggers'],
        ...['scf:GetFunctionEventInvokeConfig', 'scf:UpdateFunctionEventInvokeConfig'],
        ...['scf:UpdateTrigger', 'scf:DeleteTrigger', 'scf:InvokeFunction'],
      ],
      resource: [
        `qcs::scf::uin/${UIN}:namespace/suite`,
        `qcs::scf::uin/${UIN}:namespace/suite/function/*`,
      ],
    },
    {
      effect: 'allow',
      action: [
        ...['scf:CreateNamespace', 'scf:ListNamespaces', 'scf:CreateTrigger', 'cam:GetUserAppId'],
        ...['cam:GetRole', 'cam:CreateRole', 'cam:UpdateAssumeRolePolicy', 'cam:DeleteRole'],
        ...['cam:ListPolicies', 'cam:GetPolicy', 'cam:CreatePolicy', 'cam:UpdatePolicy'],
        ...['cam:DeletePolicy', 'cam:AttachRolePolicy', 'cam:DetachRolePolicy'],
        'cam:ListAttachedRolePolicies',
      ],
      resource: ['*'],
    },
    {
      effect: 'allow',
      action: ['cam:PassRole'],
      resource: [`qcs::cam::uin/${UIN}:roleName/suite-*`],
    },
  ],
};

test('a narrow policy is enough to deploy into one namespace, and for nothing else', async () => {
  const { engine } = running;
  const { identities, scf } = engine;
  await identities.putPolicy('deployer', JSON.stringify(DEPLOYER));
  const keys = await identities.putUser('deployer', ['deployer']);
  const client = scfClient(engine, keys);
  const cam = genericClient(engine, 'cam', keys);

  await client.CreateNamespace({ Namespace: 'suite' });
  await cam.request('CreateRole', { RoleName: 'suite-one', PolicyDocument: TRUST });
  const { PolicyId } = await cam.request('CreatePolicy', {
    ...{ PolicyName: 'suite-one', PolicyDocument: JSON.stringify(DEPLOYER) },
  });
  await cam.request('AttachRolePolicy', { PolicyId, AttachRoleName: 'suite-one' });
  const place = { FunctionName: 'one', Namespace: 'suite' };
  const wanted = {
    Runtime: 'Nodejs20.19',
    Code: { ZipFile: zipOf('exports.main_handler = async () => 1;') },
  };
  await client.CreateFunction({ ...place, ...wanted, Role: 'suite-one' });
  await scf.functions.settled();
  expect((await client.GetFunction(place)).Status).toBe('Active');
  await client.UpdateFunctionConfiguration({ ...place, Timeout: 9 });
  await scf.functions.settled();
  await client.UpdateFunctionEventInvokeConfig({
    ...{ ...place, AsyncTriggerConfig: { RetryConfig: [{ RetryNum: 1 }], MsgTTL: 600 } },
  });
  const trigger = { ...place, TriggerName: HOST, Type: 'cos' };
  const TriggerDesc = '{"event":"cos:ObjectCreated:*","filter":{"Prefix":"in/","Suffix":""}}';
  await client.CreateTrigger({ ...trigger, TriggerDesc });
  expect((await client.ListTriggers(place)).TotalCount).toBe(1);
  expect((await client.Invoke({ ...place, ClientContext: '{}' })).Result?.RetMsg).toBe('1');

  const denied = 'AuthFailure.UnauthorizedOperation';
  expect(await codeOf(client.CreateFunction({ ...wanted, FunctionName: 'one' }))).toBe(denied);
  const role = { RoleName: 'other', PolicyDocument: TRUST };
  await cam.request('CreateRole', role);
  const other = client.CreateFunction({ ...place, ...wanted, FunctionName: 'two', Role: 'other' });
  expect(await codeOf(other)).toBe(denied);

  await client.DeleteTrigger({ ...trigger, TriggerDesc });
  await client.DeleteFunction(place);
  await cam.request('DetachRolePolicy', { PolicyId, DetachRoleName: 'suite-one' });
  await cam.request('DeletePolicy', { PolicyId: [PolicyId] });
  await cam.request('DeleteRole', { RoleName: 'suite-one' });
});

test('over TLS the calls are the same', async () => {
  const { tlsPort, paths } = running.engine;
  const timestampSeconds = Math.floor(Date.now() / 1000);
  const host = 'cam.tencentcloudapi.com';
  const signed = { 'content-type': 'application/json', host };
  const call = { method: 'POST', rawPath: '/', rawQuery: '', headers: signed, body: '{}' };
  const authorization = tc3Authorization(call, KEYS, { service: 'cam', timestampSeconds });
  const headers = {
    ...{ ...signed, authorization, 'x-tc-action': 'GetUserAppId', 'x-tc-version': '2019-01-16' },
    'x-tc-timestamp': String(timestampSeconds),
  };
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request({
      ...{ host: '127.0.0.1', port: tlsPort, servername: host, method: 'POST', headers },
      ca: readFileSync(paths.authority),
    });
    sent.on('error', reject);
    sent.on('response', async (answer) => {
      let all = '';
      for await (const piece of answer.setEncoding('utf8')) all += piece;
      resolve(all);
    });
    sent.end('{}');
  });
  expect(JSON.parse(text).Response).toMatchObject({ OwnerUin: UIN, AppId: 1250000000 });
});
