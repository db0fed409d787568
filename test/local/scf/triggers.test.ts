import { request } from 'node:http';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tc3Authorization } from '../../../shared/wire/tc3.ts';
import { BUCKET, type EngineForTests, engineForTests, HOST, REGION } from '../engine-for-tests.ts';
import { type ScfClient, scfClient } from './account-clients.ts';
import { deployed, invoked, roleFor } from './deployed.ts';

let running: EngineForTests;
let client: ScfClient;
let cos: COS;

beforeAll(async () => {
  running = await engineForTests();
  client = scfClient(running.engine);
  cos = running.client(COS);
});
afterAll(() => running.stop());

// The official client signs with the time of this machine.
afterEach(() => running.engine.clock.set(Date.now()));

const put = (Key: string, Body = 'x') =>
  cos.putObject({ Bucket: BUCKET, Region: REGION, Key, Body });
const named = (name: string) => ({ function: `ap-guangzhou:default.${name}` });

/** Writes down what it was invoked with, and fails as often as it is told. */
const KEEPS = `let failures = Number(process.env.FAILURES ?? 0);
exports.main_handler = async (event, context) => {
  console.log(JSON.stringify(event));
  if (failures-- > 0) throw new Error('not yet');
  return event; };`;

/** The events a function wrote down, the first one first. */
function heard(name: string) {
  const runs = [...running.engine.scf.logs.list(named(name))].reverse();
  return runs.map(({ log, code, retry, source }) => ({
    ...{ event: JSON.parse(log.split('\n')[0] ?? ''), code, retry, source },
  }));
}

describe('an event of a bucket', () => {
  const onUpload = { FunctionName: 'on-upload', TriggerName: HOST, Type: 'cos' };
  const TriggerDesc = JSON.stringify({
    ...{ event: 'cos:ObjectCreated:*', filter: { Prefix: 'in/', Suffix: '.jpg' } },
  });

  test('reaches the function that its trigger names, as COS writes it', async () => {
    await deployed(running.engine, 'on-upload', KEEPS);
    await client.CreateTrigger({ ...onUpload, TriggerDesc, Enable: 'OPEN' });
    await put('in/red boot.jpg');
    await put('in/red boot.png');
    await put('out/red boot.jpg');
    await running.engine.events.idle();
    const [first, ...more] = heard('on-upload');
    expect(more).toEqual([]);
    expect(first).toMatchObject({ code: 200, retry: 0, source: 'cos' });
    expect(first?.event.Records).toMatchObject([
      {
        cos: {
          cosObject: {
            url: `http://${HOST}/in/red%20boot.jpg`,
            key: '/1250000000/shop/in/red boot.jpg',
          },
        },
        event: {
          eventName: 'cos:ObjectCreated:Put',
          eventQueue: 'qcs:0:scf:ap-guangzhou:appid/1250000000:default.on-upload.$DEFAULT',
        },
      },
    ]);
  });

  test('is tried again a minute later, as often as the function is set to', async () => {
    const { clock, events, scf } = running.engine;
    await client.UpdateFunctionConfiguration({
      ...{
        FunctionName: 'on-upload',
        Environment: { Variables: [{ Key: 'FAILURES', Value: '2' }] },
      },
    });
    await scf.functions.settled();
    const before = heard('on-upload').length;
    await put('in/twice.jpg');
    await events.idle();
    const codes = () =>
      heard('on-upload')
        .slice(before)
        .map(({ code, retry }) => [code, retry]);
    expect(codes()).toEqual([[430, 0]]);
    clock.advance(59_000);
    await events.idle();
    expect(codes()).toHaveLength(1);
    for (let minute = 0; minute < 2; minute++) {
      clock.advance(61_000);
      await expect.poll(codes).toHaveLength(minute + 2);
      await events.idle();
    }
    expect(codes()).toEqual([
      [430, 0],
      [430, 1],
      [200, 2],
    ]);
    expect(events.list({ state: 'dead' })).toEqual([]);

    const once = { RetryConfig: [{ RetryNum: 0 }], MsgTTL: 21_600 };
    await client.UpdateFunctionEventInvokeConfig({
      ...{ FunctionName: 'on-upload', AsyncTriggerConfig: once },
    });
    await client.UpdateFunctionConfiguration({ FunctionName: 'on-upload', MemorySize: 256 });
    await scf.functions.settled();
    await put('in/once.jpg');
    await events.idle();
    expect(events.list({ state: 'dead' })).toMatchObject([{ because: 'code-errors', tries: 1 }]);
  });

  test('for which no instance is to be had waits until its time is over', async () => {
    const { clock, events } = running.engine;
    await deployed(running.engine, 'throttled', KEEPS);
    const trigger = { FunctionName: 'throttled', TriggerName: HOST, Type: 'cos' };
    const desc = { event: 'cos:ObjectCreated:*', filter: { Prefix: 'wait/', Suffix: '' } };
    await client.CreateTrigger({ ...trigger, TriggerDesc: JSON.stringify(desc) });
    await client.UpdateFunctionEventInvokeConfig({
      ...{
        FunctionName: 'throttled',
        AsyncTriggerConfig: { RetryConfig: [{ RetryNum: 2 }], MsgTTL: 150 },
      },
    });
    await client.PutReservedConcurrencyConfig({
      FunctionName: 'throttled',
      ReservedConcurrencyMem: 0,
    });
    await put('wait/a.jpg');
    await events.idle();
    const state = () => events.list({ subscriber: 'ap-guangzhou:default.throttled' })[0];
    expect(state()).toMatchObject({ state: 'waiting', lastError: { kind: 'throttled' } });
    for (let minute = 0; minute < 2; minute++) {
      clock.advance(61_000);
      await expect.poll(() => state()?.tries).toBe(minute + 2);
    }
    await expect.poll(() => state()).toMatchObject({ state: 'dead', because: 'too-old' });
  });

  test('for a function without its role is given up at once', async () => {
    const { events, identities } = running.engine;
    await roleFor(running.engine, 'soon-gone', []);
    await deployed(running.engine, 'roleless', KEEPS, { Role: 'soon-gone' });
    await identities.removeRole('soon-gone');
    const desc = { event: 'cos:ObjectCreated:*', filter: { Prefix: 'roleless/', Suffix: '' } };
    await client.CreateTrigger({
      ...{
        FunctionName: 'roleless',
        TriggerName: HOST,
        Type: 'cos',
        TriggerDesc: JSON.stringify(desc),
      },
    });
    await put('roleless/a.jpg');
    await events.idle();
    const [entry] = events.list({ subscriber: 'ap-guangzhou:default.roleless' });
    expect(entry).toMatchObject({ state: 'dead', because: 'refused', tries: 1 });
  });
});

describe('a timer', () => {
  test('fires by the clock of the engine, in Beijing, with what it was told', async () => {
    const { clock } = running.engine;
    await deployed(running.engine, 'nightly', KEEPS);
    clock.set(Date.parse('2027-03-01T12:00:00Z'));
    const timer = { FunctionName: 'nightly', TriggerName: 'at-two', Type: 'timer' };
    const { engine } = running;
    const owner = { region: REGION, namespace: 'default', name: 'nightly' };
    await engine.scf.triggers.add(owner, {
      ...{ type: 'timer', name: timer.TriggerName, description: { cron: '0 0 2 * * * *' } },
      ...{ enabled: true, qualifier: '$LATEST', message: '{"rule":"cutout"}', remark: '' },
      ...{ added: 0, changed: 0 },
    });
    clock.set(Date.parse('2027-03-01T17:59:59Z'));
    await engine.events.idle();
    expect(heard('nightly')).toEqual([]);
    clock.set(Date.parse('2027-03-01T18:00:01Z'));
    await expect
      .poll(() => heard('nightly'))
      .toMatchObject([
        {
          ...{ code: 200, source: 'timer' },
          event: {
            ...{ Type: 'Timer', TriggerName: 'at-two', Time: '2027-03-01T18:00:00Z' },
            Message: '{"rule":"cutout"}',
          },
        },
      ]);
    clock.set(Date.parse('2027-03-05T00:00:00Z'));
    await expect
      .poll(() => heard('nightly').map(({ event }) => event.Time))
      .toEqual([...['2027-03-01T18:00:00Z', '2027-03-02T18:00:00Z']]);
    await engine.scf.triggers.removeAll(owner);
  });
});

describe('an asynchronous invocation', () => {
  test('is accepted at once and carried out, and its id is that of the run', async () => {
    await deployed(running.engine, 'later', KEEPS);
    const { Result } = await client.Invoke({
      ...{ FunctionName: 'later', InvocationType: 'Event', ClientContext: '["any",1]' },
    });
    expect(Result).toMatchObject({ RetMsg: '', InvokeResult: 0 });
    await running.engine.events.idle();
    expect(heard('later')).toMatchObject([{ event: ['any', 1], source: 'invoke' }]);
    const { Data } = await client.GetFunctionLogs({
      ...{ FunctionName: 'later', FunctionRequestId: Result?.FunctionRequestId ?? '' },
    });
    expect(Data).toHaveLength(1);
  });

  test('is refused when its event is too large or no JSON', async () => {
    const event = { FunctionName: 'later', InvocationType: 'Event' };
    await expect(
      client.Invoke({ ...event, ClientContext: JSON.stringify('x'.repeat(128 * 1024)) }),
    ).rejects.toMatchObject({ code: 'InvalidParameter.RequestTooLarge' });
    await expect(client.Invoke({ ...event, ClientContext: '{' })).rejects.toMatchObject({
      code: 'InvalidParameterValue.ClientContext',
    });
  });
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request to a host of a function, over the engine's one port. */
function ask(host: string, { method = 'GET', path = '/', headers = {}, body = '' }: Asked = {}) {
  const { port } = running.engine;
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request({ port, method, path, headers: { ...headers, host } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece) => {
          text += piece;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

async function addressOf(FunctionName: string, desc: object): Promise<string> {
  const { TriggerInfo } = await client.CreateTrigger({
    ...{ FunctionName, TriggerName: 'url', Type: 'http', TriggerDesc: JSON.stringify(desc) },
  });
  const url = JSON.parse(TriggerInfo?.TriggerDesc ?? '').NetConfig.ExtranetUrl as string;
  return new URL(url).host;
}

const SERVES = `exports.main_handler = async (event) => {
  if (event.path === '/throw') throw new Error('not today');
  if (event.path === '/text') return 'plain';
  if (event.path === '/object') return { a: 1 };
  return { statusCode: 202, headers: { 'X-Echo': event.queryString.a ?? '', Connection: 'close' },
    body: JSON.stringify(event) }; };`;

describe('the address of a function', () => {
  let host: string;
  beforeAll(async () => {
    await deployed(running.engine, 'serves', SERVES);
    host = await addressOf('serves', {
      AuthType: 'NONE',
      CorsConfig: {
        ...{ Enable: true, Origins: ['https://studio.example'], Methods: ['POST'] },
        ...{ Headers: ['content-type'], ExposeHeaders: ['x-echo'], MaxAge: 600 },
      },
    });
  });

  test('hands a request on and its answer back', async () => {
    const answer = await ask(host, {
      ...{ method: 'POST', path: '/v1/runs%2Fa?a=1&b=%C3%BC', body: '{"key":"ü"}' },
      headers: { 'Content-Type': 'application/json', 'X-Api-Key': 'k' },
    });
    expect(answer).toMatchObject({ status: 202, headers: { 'x-echo': '1' } });
    expect(JSON.parse(answer.text)).toMatchObject({
      ...{ httpMethod: 'POST', path: '/v1/runs%2Fa', queryString: { a: '1', b: 'ü' } },
      ...{ body: '{"key":"ü"}' },
      headers: {
        ...{ host, 'content-type': 'application/json', 'x-api-key': 'k' },
        'x-scf-remote-addr': '127.0.0.1',
      },
    });
  });

  test('answers what is no reply as the platform does', async () => {
    expect(await ask(host, { path: '/text' })).toMatchObject({ status: 200, text: 'plain' });
    expect(await ask(host, { path: '/object' })).toMatchObject({
      ...{ status: 200, headers: { 'content-type': 'application/json' }, text: '{"a":1}' },
    });
    const thrown = await ask(host, { path: '/throw' });
    expect(thrown.status).toBe(430);
    expect(JSON.parse(thrown.text)).toMatchObject({ statusCode: 430 });
  });

  test('is one on this machine as well, and none where there is no function', async () => {
    const local = host.replace('.tencentscf.com', '.tencentscf.localhost');
    expect((await ask(`${local}:9000`, { path: '/text' })).text).toBe('plain');
    expect((await ask(host.replace(/-\w+/, '-0000000000'))).status).toBe(404);
    expect((await ask(host.replace('guangzhou', 'shanghai'))).status).toBe(404);
  });

  test('lets pages in that its description names', async () => {
    const preflight = (origin: string) =>
      ask(host, {
        ...{ method: 'OPTIONS', path: '/text' },
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    expect(await preflight('https://studio.example')).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://studio.example',
        'access-control-max-age': '600',
      },
    });
    expect((await preflight('https://other.example')).status).toBe(403);
    const answer = await ask(host, {
      path: '/text',
      headers: { origin: 'https://studio.example' },
    });
    expect(answer.headers['access-control-allow-origin']).toBe('https://studio.example');
  });

  test('takes a request that is too large as the platform does', async () => {
    const body = 'x'.repeat(6 * 1024 * 1024 + 1);
    expect((await ask(host, { method: 'POST', body })).status).toBe(406);
  });

  test('wants a signature where it was told to', async () => {
    await deployed(running.engine, 'signed', SERVES);
    const signed = await addressOf('signed', { AuthType: 'CAM' });
    expect((await ask(signed)).status).toBe(403);
    const { identities } = running.engine;
    const asUser = async (name: string, policies: readonly string[]) => {
      const keys = await identities.putUser(name, policies);
      const timestampSeconds = Math.floor(Date.now() / 1000);
      const headers = { 'content-type': 'application/json', host: signed, 'x-scf-cam-uin': '1' };
      const authorization = tc3Authorization(
        { method: 'POST', rawPath: '/text', rawQuery: '', headers, body: '{}' },
        keys,
        { service: 'scf', timestampSeconds },
      );
      const more = { authorization, 'x-scf-cam-timestamp': String(timestampSeconds) };
      return ask(signed, {
        method: 'POST',
        path: '/text',
        body: '{}',
        headers: { ...headers, ...more },
      });
    };
    const statement = { effect: 'allow', action: 'scf:InvokeFunctionUrl', resource: '*' };
    await identities.putPolicy('calls', JSON.stringify({ version: '2.0', statement: [statement] }));
    expect((await asUser('may', ['calls'])).text).toBe('plain');
    const refused = await asUser('may-not', []);
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text).errorMessage).toContain('scf:InvokeFunctionUrl');
  });

  test('goes wrong on demand', async () => {
    running.engine.faults.add({
      ...{ id: 'url', effect: 'status', status: 503, operations: ['InvokeFunctionUrl'] },
      ...{ percent: 100, times: 1 },
    });
    expect((await ask(host, { path: '/text' })).status).toBe(503);
    expect((await ask(host, { path: '/text' })).status).toBe(200);
  });
});

test('a function uses its own keys, and what they were used for can be asked', async () => {
  const { engine } = running;
  const object = `qcs::cos::uid/1250000000:${BUCKET}`;
  await roleFor(engine, 'reader', [
    { effect: 'allow', action: ['name/cos:GetObject'], resource: [`${object}/in/*`] },
    { effect: 'allow', action: ['name/cos:PutObject'], resource: [`${object}/out/*`] },
  ]);
  await deployed(
    engine,
    'reads',
    `
    const http = require('http'), crypto = require('crypto');
    exports.main_handler = (event) => new Promise((resolve, reject) => {
      const { TENCENTCLOUD_SECRETID: id, TENCENTCLOUD_SECRETKEY: key, TENCENTCLOUD_SESSIONTOKEN: token } = process.env;
      const now = Math.floor(Date.now() / 1000), time = now + ';' + (now + 600);
      const hmac = (k, text) => crypto.createHmac('sha1', k).update(text).digest('hex');
      const sha = (text) => crypto.createHash('sha1').update(text).digest('hex');
      const text = 'sha1\\n' + time + '\\n' + sha('get\\n/' + event.key + '\\n\\n\\n') + '\\n';
      const headers = { Host: '${HOST}', 'x-cos-security-token': token, Authorization:
        'q-sign-algorithm=sha1&q-ak=' + id + '&q-sign-time=' + time + '&q-key-time=' + time +
        '&q-header-list=&q-url-param-list=&q-signature=' + hmac(hmac(key, time), text) };
      http.get(process.env.DARKROOM_ENDPOINT + '/' + event.key, { headers, agent: false }, (answer) => {
        answer.resume(); answer.on('end', () => resolve(answer.statusCode)); }).on('error', reject); });`,
    { Role: 'reader' },
  );
  engine.identities.uses.clear();
  await put('in/mine.jpg');
  expect((await invoked(engine, 'reads', { key: 'in/mine.jpg' })).said).toBe(200);
  expect((await invoked(engine, 'reads', { key: 'out/mine.jpg' })).said).toBe(403);
  expect(engine.identities.uses.list()).toMatchObject([
    {
      ...{ caller: 'role/reader', action: 'cos:GetObject', allowed: true, times: 1 },
      by: [{ policy: 'reader', statement: 1 }],
    },
    { caller: 'role/reader', action: 'cos:GetObject', allowed: false, by: [] },
  ]);
  const first = await engine.identities.serviceKey('reader', 'scf.qcloud.com');
  expect(await engine.identities.serviceKey('reader', 'scf.qcloud.com')).toEqual(first);
  engine.clock.advance(2 * 3_600_000);
  const later = await engine.identities.serviceKey('reader', 'scf.qcloud.com');
  expect(later?.secretId).not.toBe(first?.secretId);
});
