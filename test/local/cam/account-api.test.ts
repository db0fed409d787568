import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tc3Authorization } from '../../../shared/wire/tc3.ts';
import { type EngineForTests, engineForTests, KEYS } from '../engine-for-tests.ts';
import { codeOf, type GenericClient, genericClient, scfClient } from '../scf/account-clients.ts';
import { TRUST } from '../scf/zip-of.ts';

let running: EngineForTests;
let cam: GenericClient;
let sts: GenericClient;

beforeAll(async () => {
  running = await engineForTests();
  cam = genericClient(running.engine, 'cam');
  sts = genericClient(running.engine, 'sts');
});
afterAll(() => running.stop());

const DOCUMENT = JSON.stringify({
  version: '2.0',
  statement: [{ effect: 'allow', action: ['name/cos:GetObject'], resource: ['*'] }],
});

describe('roles and policies, by the official generic client', () => {
  test('are made, attached, changed and removed', async () => {
    const RoleName = 'suite-on-upload';
    expect(await codeOf(cam.request('GetRole', { RoleName }))).toBe(
      'InvalidParameter.RoleNotExist',
    );
    const { RoleId } = await cam.request('CreateRole', {
      ...{ RoleName, PolicyDocument: TRUST, Description: 'of the suite' },
      Tags: [{ Key: 'suite', Value: 'one' }],
    });
    expect(await cam.request('GetRole', { RoleName })).toMatchObject({
      RoleInfo: {
        ...{ RoleId, RoleName, PolicyDocument: TRUST, Description: 'of the suite' },
        Tags: [{ Key: 'suite', Value: 'one' }],
      },
    });
    const again = cam.request('CreateRole', { RoleName, PolicyDocument: TRUST });
    expect(await codeOf(again)).toBe('InvalidParameter.RoleNameInUse');

    const policy = { PolicyName: 'suite-on-upload', PolicyDocument: DOCUMENT };
    const { PolicyId } = await cam.request('CreatePolicy', policy);
    expect(await codeOf(cam.request('CreatePolicy', policy))).toBe(
      'FailedOperation.PolicyNameInUse',
    );
    const attach = { PolicyId, AttachRoleName: RoleName };
    await cam.request('AttachRolePolicy', attach);
    expect(await codeOf(cam.request('AttachRolePolicy', attach))).toBe(
      'InvalidParameter.AttachmentRoleAlreadyExist',
    );
    expect(running.engine.identities.role(RoleName)?.policies).toEqual(['suite-on-upload']);

    const changed = DOCUMENT.replace('GetObject', 'HeadObject');
    await cam.request('UpdatePolicy', { PolicyId, PolicyDocument: changed });
    expect(await cam.request('GetPolicy', { PolicyId })).toMatchObject({ PolicyDocument: changed });
    expect(
      await cam.request('ListPolicies', { Scope: 'Local', Keyword: 'suite-', Page: 1, Rp: 20 }),
    ).toMatchObject({ TotalNum: 1, List: [{ PolicyId, PolicyName: 'suite-on-upload' }] });
    const attached = async () =>
      await cam.request('ListAttachedRolePolicies', { RoleName, Page: 1, Rp: 20 });
    expect(await attached()).toMatchObject({ TotalNum: 1, List: [{ PolicyId }] });

    await cam.request('DetachRolePolicy', { PolicyId, DetachRoleName: RoleName });
    expect(await attached()).toMatchObject({ TotalNum: 0, List: [] });
    await cam.request('AttachRolePolicy', attach);
    await cam.request('DeletePolicy', { PolicyId: [PolicyId] });
    expect(await attached()).toMatchObject({ TotalNum: 0, List: [] });
    await cam.request('DeleteRole', { RoleName });
    expect(await codeOf(cam.request('DeleteRole', { RoleName }))).toBe(
      'InvalidParameter.RoleNotExist',
    );
  });

  test('made by the admin API are the same ones', async () => {
    const { identities } = running.engine;
    await identities.putPolicy('by-hand', DOCUMENT);
    await identities.putRole({
      name: 'hand',
      trust: TRUST,
      description: '',
      policies: ['by-hand'],
    });
    expect(await cam.request('ListAttachedRolePolicies', { RoleName: 'hand' })).toMatchObject({
      List: [{ PolicyName: 'by-hand', PolicyType: 'User' }],
    });
    const service = await cam.request('ListAttachedRolePolicies', { RoleName: 'SCF_QcsRole' });
    expect(service).toMatchObject({ List: [{ PolicyName: 'QcloudAccessForScfRole' }] });
  });

  test.for([
    ['CreateRole', { RoleName: 'a b', PolicyDocument: TRUST }, 'InvalidParameter.RoleNameError'],
    ['CreateRole', { RoleName: 'a', PolicyDocument: DOCUMENT }, 'InvalidParameter.StatementError'],
    ['CreateRole', { RoleName: 'a', PolicyDocument: '{' }, 'InvalidParameter.StatementError'],
    ['CreateRole', { RoleName: 'a' }, 'MissingParameter'],
    ['CreateRole', { RoleName: 'a', Colour: 'red' }, 'UnknownParameter'],
    ['GetPolicy', { PolicyId: 1 }, 'none'],
    ['GetPolicy', { PolicyId: 999_999 }, 'InvalidParameter.PolicyIdNotExist'],
    ['UpdatePolicy', { PolicyId: 1, Description: 'mine' }, 'InvalidParameter.ParamError'],
    ['DeletePolicy', { PolicyId: [1] }, 'InvalidParameter.PolicyIdNotExist'],
    ['ListUsers', {}, 'InvalidAction'],
  ] as const)('%s with %j: %s', async ([action, body, code]) => {
    expect(await codeOf(cam.request(action, body))).toBe(code);
  });
});

describe('temporary keys', () => {
  test('of a role that trusts the account open what the role may, and no longer than said', async () => {
    const { engine } = running;
    const uin = '101250000000';
    expect(await cam.request('GetUserAppId', {})).toMatchObject({
      OwnerUin: uin,
      AppId: 1250000000,
    });
    const trust = TRUST.replace(
      '{"service":["scf.qcloud.com"]}',
      `{"qcs":["qcs::cam::uin/${uin}:root"]}`,
    );
    const policies = ['QcloudCOSReadOnlyAccess'];
    await engine.identities.putRole({ name: 'reader', trust, description: '', policies });
    await engine.identities.putRole({ name: 'closed', trust: TRUST, description: '', policies });
    const assume = (name: string) =>
      sts.request('AssumeRole', {
        ...{ RoleArn: `qcs::cam::uin/${uin}:roleName/${name}`, RoleSessionName: 'test' },
        DurationSeconds: 900,
      });
    expect(await codeOf(assume('closed'))).toBe('ResourceNotFound.RoleNotFound');

    const { Credentials, ExpiredTime } = (await assume('reader')) as {
      Credentials: { Token: string; TmpSecretId: string; TmpSecretKey: string };
      ExpiredTime: number;
    };
    expect(ExpiredTime * 1000).toBeLessThanOrEqual(engine.clock.now() + 900_000);
    const { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey } = Credentials;
    const asReader = { secretId, secretKey, token };
    expect(
      await genericClient(engine, 'sts', asReader).request('GetCallerIdentity', {}),
    ).toMatchObject({ Type: 'CAMRole', UserId: 'reader', AccountId: uin });
    expect(await codeOf(scfClient(engine, asReader).ListNamespaces({}))).toBe(
      'AuthFailure.UnauthorizedOperation',
    );
    const withoutToken = genericClient(engine, 'sts', { secretId, secretKey });
    expect(await codeOf(withoutToken.request('GetCallerIdentity', {}))).toBe(
      'AuthFailure.TokenFailure',
    );
  });

  test('of the owner are narrowed by the policy they are asked for with', async () => {
    const Policy = encodeURIComponent(DOCUMENT);
    const { Credentials } = (await sts.request('GetFederationToken', { Name: 'page', Policy })) as {
      Credentials: { Token: string; TmpSecretId: string; TmpSecretKey: string };
    };
    const narrowed = {
      ...{ secretId: Credentials.TmpSecretId, secretKey: Credentials.TmpSecretKey },
      token: Credentials.Token,
    };
    const asPage = genericClient(running.engine, 'cam', narrowed);
    expect(await codeOf(asPage.request('GetUserAppId', {}))).toBe(
      'AuthFailure.UnauthorizedOperation',
    );
    const wrong = sts.request('GetFederationToken', { Name: 'page', Policy: '{}' });
    expect(await codeOf(wrong)).toBe('InvalidParameter.StrategyFormatError');
  });
});

interface Asked {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: number;
  readonly secretKey?: string;
  readonly service?: string;
}

/** A call signed by hand, for what the official client does not do. */
function call({ body = '{}', headers = {}, at = Date.now(), ...more }: Asked) {
  const timestampSeconds = Math.floor(at / 1000);
  const signed = { 'content-type': 'application/json', host: 'scf.tencentcloudapi.com' };
  const { service = 'scf', secretKey = KEYS.secretKey } = more;
  const authorization = tc3Authorization(
    { method: 'POST', rawPath: '/', rawQuery: '', headers: signed, body },
    { secretId: KEYS.secretId, secretKey },
    { service, timestampSeconds },
  );
  const all = {
    ...{ ...signed, authorization, 'x-tc-timestamp': String(timestampSeconds) },
    ...{ 'x-tc-action': 'ListNamespaces', 'x-tc-version': '2018-04-16' },
    ...{ 'x-tc-region': 'ap-guangzhou', ...headers },
  };
  return new Promise<{ status: number; code: string; answer: string }>((resolve, reject) => {
    const { port } = running.engine;
    const sent = request({ port, method: 'POST', headers: all }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => {
        const { Response } = JSON.parse(text);
        expect(Response.RequestId).toMatch(/^[0-9a-f-]{36}$/);
        resolve({
          status: response.statusCode ?? 0,
          code: Response.Error?.Code ?? 'none',
          answer: text,
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('a call', () => {
  const past = () => Date.now() - 310_000;

  test.for([
    ['as it should be', () => ({}), 'none'],
    ['with a wrong key', () => ({ secretKey: 'wrong' }), 'AuthFailure.SignatureFailure'],
    ['for another service', () => ({ service: 'cam' }), 'AuthFailure.SignatureFailure'],
    ['of five minutes ago', () => ({ at: past() }), 'AuthFailure.SignatureExpire'],
    [
      'without a signature',
      () => ({ headers: { authorization: '' } }),
      'AuthFailure.InvalidAuthorization',
    ],
    [
      'with another signature',
      () => ({ headers: { authorization: 'q-ak=a' } }),
      'AuthFailure.InvalidAuthorization',
    ],
    ['without an action', () => ({ headers: { 'x-tc-action': '' } }), 'MissingParameter'],
    [
      'of an unknown action',
      () => ({ headers: { 'x-tc-action': 'EatFunction' } }),
      'InvalidAction',
    ],
    ['of another version', () => ({ headers: { 'x-tc-version': '2017-03-12' } }), 'NoSuchVersion'],
    ['without a region', () => ({ headers: { 'x-tc-region': '' } }), 'MissingParameter'],
    ['for no region', () => ({ headers: { 'x-tc-region': 'Mars' } }), 'UnsupportedRegion'],
    ['that is no JSON', () => ({ body: '{' }), 'InvalidParameter'],
    ['that is no object', () => ({ body: '[]' }), 'InvalidParameter'],
    ['as a form', () => ({ headers: { 'content-type': 'text/plain' } }), 'UnsupportedProtocol'],
    [
      'of 11 MB',
      () => ({ body: `{"a":"${'x'.repeat(11 * 1024 * 1024)}"}` }),
      'RequestSizeLimitExceeded',
    ],
  ] as const)('%s: %s', async ([, asked, code]) => {
    const { status, code: answered } = await call(asked());
    expect([status, answered]).toEqual([200, code]);
  });

  test('of an API that is not here is told so', async () => {
    const { code, answer } = await call({ headers: { host: 'cvm.tencentcloudapi.com' } });
    expect(code).toBe('UnsupportedOperation');
    expect(answer).toContain('it has scf, cam, sts');
  });

  test('goes wrong on demand', async () => {
    const { faults } = running.engine;
    const once = { operations: ['ListNamespaces'], percent: 100, times: 1 };
    faults.add({ ...once, id: 'throttle', effect: 'throttle' });
    expect((await call({})).code).toBe('RequestLimitExceeded');
    faults.add({ ...once, id: 'code', effect: 'status', status: 400, code: 'FailedOperation' });
    expect((await call({})).code).toBe('FailedOperation');
    faults.add({ ...once, id: 'status', effect: 'status', status: 502 });
    expect(await call({})).toMatchObject({ status: 502, code: 'InternalError' });
    faults.add({ ...once, id: 'lost', effect: 'lose-answer' });
    await expect(call({})).rejects.toThrow();
    expect((await call({})).code).toBe('none');
  });
});
