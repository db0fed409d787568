import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as askOverTls } from 'node:https';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import type COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, KEYS, REGION, SDKS } from '../engine-for-tests.ts';
import { rawRequest, readAnswer } from '../raw-request.ts';
import { sendByHand, signByHand } from './signed-by-hand.ts';

const OTHER = 'other-1250000000';
const started = await engineForTests({ buckets: [BUCKET, OTHER], tlsPort: 0 });
const { engine } = started;
const { port } = engine;
const tlsPort = engine.tlsPort ?? 0;
const ca = readFileSync(engine.paths.authority, 'utf8');
afterAll(() => started.stop());

beforeAll(async () => {
  await engine.storage.objects.put(BUCKET, 'in/cat.png', Buffer.from('first'));
  await engine.storage.objects.put(OTHER, 'in/cat.png', Buffer.from('second'));
});

const get = { method: 'GET', path: '/in/cat.png' };

test.for([
  [`${BUCKET}.cos.${REGION}.myqcloud.com`, 'first'],
  [`${BUCKET}.cos.${REGION}.myqcloud.com:${port}`, 'first'],
  [`${OTHER}.cos.${REGION}.myqcloud.com`, 'second'],
  [`${BUCKET}.cos-internal.${REGION}.tencentcos.cn`, 'first'],
  [`${BUCKET}.cos.${REGION}.tencentcos.cn`, 'first'],
  [`${BUCKET}.cos.accelerate.myqcloud.com`, 'first'],
  [`${BUCKET.toUpperCase()}.COS.${REGION}.MyQCloud.com.`, 'first'],
  [`${BUCKET}.cos.${REGION}.localhost:${port}`, 'first'],
  [`${OTHER}.cos.${REGION}.localhost:${port}`, 'second'],
] as const)('the host %s means its bucket', async ([host, body]) => {
  const answer = await sendByHand(port, { ...get, host });
  expect(answer.status).toBe(200);
  expect(answer.body.toString()).toBe(body);
});

const addresses = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];

describe.for(addresses)('at the address %s', (host) => {
  const headers = { host };
  const read = async (line: string, signedPath: string, query = {}) => {
    const signature = signByHand({ method: 'GET', path: signedPath, headers, query });
    const sent = { Host: host, Authorization: signature.text };
    const answer = await rawRequest(port, { line, headers: sent });
    return answer.body.toString();
  };

  test('a bucket may stand first in the path, signed with it or without', async () => {
    expect(await read(`GET /${OTHER}/in/cat.png`, '/in/cat.png')).toBe('second');
    expect(await read(`GET /${OTHER}/in/cat.png`, `/${OTHER}/in/cat.png`)).toBe('second');
    const query = { prefix: 'in/' };
    expect(await read(`GET /${OTHER}?prefix=in%2F`, '/', query)).toContain(`<Name>${OTHER}</Name>`);
    expect(await read(`GET /${OTHER}/?prefix=in%2F`, `/${OTHER}/`, query)).toContain('in/cat.png');
  });

  test('a path that names no bucket is a key of the first one', async () => {
    expect(await read('GET /in/cat.png', '/in/cat.png')).toBe('first');
    expect(await read('GET /in-the-year-2000/a', '/in-the-year-2000/a')).toContain('NoSuchKey');
  });

  test('a bucket that is not there is missed, and its objects do not go into another one', async () => {
    const path = '/missing-1250000000/a';
    expect(await read(`GET ${path}`, path)).toContain('NoSuchBucket');
    const put = await sendByHand(port, { method: 'PUT', path, host, body: 'x' });
    expect(put.status).toBe(404);
    expect(engine.storage.objects.head(BUCKET, path.slice(1))).toBeUndefined();
  });

  test('the bare address lists the buckets, and with parameters the first one', async () => {
    expect(await read('GET /', '/')).toContain('<ListAllMyBucketsResult>');
    const list = await read('GET /?max-keys=1', '/', { 'max-keys': '1' });
    expect(list).toContain(`<Name>${BUCKET}</Name>`);
  });
});

const hasIPv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');
if (!hasIPv6) console.warn('There is no IPv6 on this machine: its test is skipped');

test.skipIf(!hasIPv6)(
  'the same port is open on ::1, where names of this machine lead first',
  async () => {
    const { text: Authorization } = signByHand({ ...get, headers: { host: HOST } });
    const request = { line: 'GET /in/cat.png', headers: { Host: HOST, Authorization } };
    const answer = await rawRequest(port, request, '::1');
    expect(answer.body.toString()).toBe('first');
  },
);

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4');

test.skipIf(outside.length === 0)('nothing is open to other machines', async () => {
  for (const { address } of outside) {
    const socket = connect({ port, host: address });
    const outcome = await once(socket, 'connect').then(
      () => 'open',
      () => 'closed',
    );
    socket.destroy();
    expect(outcome).toBe('closed');
  }
});

describe.for(SDKS)('the Node client %s', ([, Sdk]) => {
  const at = { Bucket: OTHER, Region: REGION, Key: 'in/cat.png' };
  const ways: Readonly<Record<string, COS.COSOptions>> = {
    'by Ip': { Ip: `127.0.0.1:${port}` },
    'by Proxy': { Ip: '', Proxy: `http://127.0.0.1:${port}` },
    'by a Domain with the bucket in its path': {
      Ip: '',
      Domain: `http://127.0.0.1:${port}/{Bucket}`,
    },
    'by a Domain of names of this machine': {
      Ip: `127.0.0.1:${port}`,
      Domain: '{Bucket}.cos.{Region}.localhost',
    },
  };

  test.for(Object.entries(ways))('comes in %s', async ([, options]) => {
    const cos = started.client(Sdk, options);
    const Key = `a b+${'图'}/new.txt`;
    await cos.putObject({ ...at, Key, Body: 'new' });
    expect((await cos.getObject({ ...at, Key })).Body.toString()).toBe('new');
    const { Contents } = await cos.getBucket({ ...at, Prefix: 'a b+' });
    expect(Contents.map((listed) => listed.Key)).toEqual([Key]);
    await cos.deleteObject({ ...at, Key });
    expect(engine.storage.objects.head(OTHER, Key)).toBeUndefined();
  });

  test('comes in by a Domain that names no bucket at all', async () => {
    const cos = started.client(Sdk, { Ip: '', Domain: `127.0.0.1:${port}` });
    const got = await cos.getObject({ ...at, Bucket: BUCKET });
    expect(got.Body.toString()).toBe('first');
  });
});

/** A program of somebody else's, which knows of the engine by its environment alone. */
async function program(sdk: string, options: object, env: Record<string, string>) {
  const source = `
    import COS from '${sdk}';
    const cos = new COS(${JSON.stringify({ SecretId: KEYS.secretId, SecretKey: KEYS.secretKey, ...options })});
    const at = { Bucket: '${OTHER}', Region: '${REGION}', Key: 'in/cat.png' };
    cos.getObject(at).then(({ Body }) => process.stdout.write(Body), ({ message }) => process.stdout.write(message));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', source],
    { env: { ...process.env, ...env }, timeout: 20_000 },
  );
  return stdout;
}

test('an unmodified program comes in by HTTP_PROXY alone', async () => {
  const env = { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '' };
  expect(await program('cos-nodejs-sdk-v5', { Protocol: 'http:' }, env)).toBe('second');
});

test('an unmodified program comes in by HTTPS_PROXY and the authority, real names and all', async () => {
  const env = {
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    NO_PROXY: '',
    NODE_EXTRA_CA_CERTS: engine.paths.authority,
  };
  expect(await program('cos-nodejs-sdk-v5', {}, env)).toBe('second');
  const without = { ...env, NODE_EXTRA_CA_CERTS: '' };
  expect(await program('cos-nodejs-sdk-v5-2', {}, without)).toMatch(/certificate/);
});

describe('through a proxy', () => {
  const sendTo = (line: string, headers: Record<string, string>) =>
    rawRequest(port, { line, headers });

  test('a target with its host is taken as one with the Host header', async () => {
    const { text: Authorization } = signByHand({ ...get, headers: { host: HOST } });
    for (const [line, host] of [
      [`GET http://${HOST}/in%2Fcat.png`, { Host: HOST }],
      [`GET http://${HOST}:80/in/cat.png`, { Host: HOST }],
      [`GET http://${HOST}/in/cat.png HTTP/1.0`, {}],
    ] as const) {
      const answer = await sendTo(line, { ...host, Authorization });
      expect(answer.body.toString()).toBe('first');
    }
  });

  test('a target of a bucket alone is its root', async () => {
    const { text: Authorization } = signByHand({
      method: 'GET',
      path: '/',
      headers: { host: HOST },
    });
    for (const path of ['', '?max-keys=1', '/?max-keys=1']) {
      const answer = await sendTo(`GET http://${HOST}${path}`, { Host: HOST, Authorization });
      expect(answer.body.toString()).toContain(`<Name>${BUCKET}</Name>`);
    }
  });

  test('no other host is reached', async () => {
    const answer = await sendTo('GET http://example.com/', { Host: 'example.com' });
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('nothing leaves this machine');
    const tunnel = await sendTo('CONNECT example.com:443', { Host: 'example.com:443' });
    expect(tunnel.status).toBe(502);
  });
});

describe('over TLS', () => {
  async function tunnel(to: string): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(`CONNECT ${to}:443 HTTP/1.1\r\nHost: ${to}:443\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    return socket;
  }

  async function ask(socket: Socket, host: string): Promise<string> {
    const { text: Authorization } = signByHand({ ...get, headers: { host } });
    socket.write(
      `GET /in/cat.png HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${Authorization}\r\nConnection: close\r\n\r\n`,
    );
    return (await readAnswer(socket)).body.toString();
  }

  test('a tunnel to a bucket ends in the engine, which shows a certificate of that name', async () => {
    const socket = connectTls({ socket: await tunnel(HOST), servername: HOST, ca });
    expect(await ask(socket, HOST)).toBe('first');
  });

  test('a tunnel may carry plain HTTP as well', async () => {
    expect(await ask(await tunnel(HOST), HOST)).toBe('first');
  });

  test('who does not know the authority does not trust the engine', async () => {
    const socket = connectTls({ socket: await tunnel(HOST), servername: HOST });
    const [error] = await once(socket, 'error');
    expect(error.code).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/);
  });

  test.for([
    ['the name of a bucket', HOST, HOST],
    [
      'a name of this machine',
      `${BUCKET}.cos.${REGION}.localhost`,
      `${BUCKET}.cos.${REGION}.localhost`,
    ],
    ['an address, which needs no name', '127.0.0.1', undefined],
  ] as const)('the port of its own takes %s', async ([, host, servername]) => {
    const signedHost = servername ?? `${host}:${tlsPort}`;
    const { text: Authorization } = signByHand({ ...get, headers: { host: signedHost } });
    const asked = askOverTls({
      host: '127.0.0.1',
      port: tlsPort,
      ca,
      path: '/in/cat.png',
      headers: { Host: signedHost, Authorization },
      ...(servername !== undefined && { servername }),
      agent: false,
    });
    asked.end();
    const [answer] = await once(asked, 'response');
    expect(await text(answer)).toBe('first');
  });

  test('a policy can tell it from plain HTTP', async () => {
    const statement = {
      effect: 'allow',
      action: 'cos:GetObject',
      resource: '*',
      condition: { bool_equal: { 'cos:secure-transport': 'true' } },
    };
    const document = JSON.stringify({ version: '2.0', statement: [statement] });
    await engine.identities.putPolicy('secure', document);
    const keys = await engine.identities.putUser('secure', ['secure']);
    const { text: Authorization } = signByHand({ ...get, headers: { host: HOST }, keys });
    const headers = { Host: HOST, Authorization };
    const asked = askOverTls({
      host: '127.0.0.1',
      port: tlsPort,
      ca,
      servername: HOST,
      path: '/in/cat.png',
      headers,
      agent: false,
    });
    asked.end();
    const [answer] = await once(asked, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
    expect(await sendByHand(port, { ...get, keys })).toMatchObject({ status: 403 });
  });
});
