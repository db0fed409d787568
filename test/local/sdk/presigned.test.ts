import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, KEYS, REGION, SDKS } from '../engine-for-tests.ts';

const started = await engineForTests();
const { engine } = started;
afterAll(() => started.stop());

const KEY = 'in/a b+猫.txt';
const at = { Bucket: BUCKET, Region: REGION, Key: KEY };

beforeAll(async () => {
  await engine.storage.objects.put(BUCKET, KEY, Buffer.from('signed'));
});

interface Got {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The engine as the HTTP proxy of a client that knows only the address: nothing is resolved. */
async function viaProxy(
  url: string,
  method = 'GET',
  body = '',
  headers: Record<string, string> = {},
): Promise<Got> {
  const { host } = new URL(url);
  const asked = request({
    host: '127.0.0.1',
    port: engine.port,
    method,
    path: url,
    headers: { host, ...headers },
  });
  const answered = new Promise<Got>((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', async (answer) => {
      const text = (await buffer(answer)).toString();
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    });
  });
  asked.end(body);
  return answered;
}

describe.for(SDKS)('with the Node client %s', ([, Sdk]) => {
  const cos = started.client(Sdk);

  /** In the two forms of the client: at once, and after it was asked, with the list encoded twice. */
  const made: Readonly<Record<string, (more?: object, from?: COS) => Promise<string>>> = {
    sync: async (more, from = cos) =>
      from.getObjectUrl({ ...at, Protocol: 'http:', ...more } as COS.GetObjectUrlParams),
    async: (more, from = cos) =>
      new Promise((resolve, reject) => {
        const params = { ...at, Protocol: 'http:', ...more } as COS.GetObjectUrlParams;
        from.getObjectUrl(params, (error, { Url }) => (error ? reject(error) : resolve(Url)));
      }),
  };

  describe.for(Object.entries(made))('a URL made %s', ([, urlFor]) => {
    test('opens an object for whoever has it', async () => {
      const got = await viaProxy(await urlFor({ Sign: true }));
      expect(got).toMatchObject({ status: 200, text: 'signed' });
    });

    test('opens nothing without its signature', async () => {
      const got = await viaProxy(await urlFor({ Sign: false }));
      expect(got.status).toBe(403);
      expect(got.text).toContain('<Code>AccessDenied</Code>');
    });

    test('may carry parameters that are signed, and others appended later', async () => {
      const Query = { 'response-content-type': 'image/png', 'x y': 'ü&=' };
      const url = await urlFor({ Query });
      expect(url).toContain('q-url-param-list=response-content-type');
      const got = await viaProxy(`${url}&anything=else`);
      expect(got).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
      const changed = await viaProxy(url.replace('image%2Fpng', 'text%2Fhtml'));
      expect(changed.status).toBe(403);
      expect(changed.headers['x-darkroom-difference']).toContain('response-content-type');
    });

    test('is for one method', async () => {
      const put = await urlFor({ Method: 'PUT', Key: 'in/put.txt' });
      expect(await viaProxy(put, 'PUT', 'uploaded')).toMatchObject({ status: 200 });
      const got = await viaProxy(put);
      expect(got.status).toBe(403);
      expect(got.headers['x-darkroom-difference']).toMatch(/method PUT.*came as GET/);
    });

    test('is for one content type where that was signed', async () => {
      const Headers = { 'Content-Type': 'image/png', 'x-cos-meta-owner': 'somebody' };
      const put = await urlFor({ Method: 'PUT', Key: 'in/typed.png', Headers });
      const sent = { 'content-type': 'image/png', 'x-cos-meta-owner': 'somebody' };
      expect(await viaProxy(put, 'PUT', 'x', sent)).toMatchObject({ status: 200 });
      const other = { ...sent, 'x-cos-meta-owner': 'nobody' };
      expect(await viaProxy(put, 'PUT', 'x', other)).toMatchObject({ status: 403 });
    });

    test('ends when its time is over', async () => {
      const url = await urlFor({ Expires: 60 });
      engine.clock.advance(61_000);
      const late = await viaProxy(url);
      engine.clock.set(Date.now());
      expect(late.status).toBe(403);
      expect(late.text).toMatch(/<Code>AccessDenied<.*<Message>Request has expired</s);
      expect(await viaProxy(url)).toMatchObject({ status: 200 });
    });

    test('carries the token of a temporary key as it is', async () => {
      const key = await engine.identities.temporaryKey({ owner: true }, 600);
      const temporary = new Sdk({
        SecretId: key.secretId,
        SecretKey: key.secretKey,
        SecurityToken: key.token,
      });
      const url = await urlFor({}, temporary);
      expect(url).toContain(`x-cos-security-token=${key.token}`);
      expect(await viaProxy(url)).toMatchObject({ status: 200 });
      const without = await viaProxy(url.replace(/&x-cos-security-token=[^&]*/, ''));
      expect(without.status).toBe(403);
      expect(without.text).toContain('<Code>InvalidAccessKeyId</Code>');
    });

    test('of another key opens nothing', async () => {
      const other = new Sdk({ SecretId: KEYS.secretId, SecretKey: 'AnotherKey' });
      expect((await viaProxy(await urlFor({}, other))).status).toBe(403);
    });
  });
});

const curl = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
);
if (!curl) console.warn('There is no curl on this machine: its tests are skipped');

describe.skipIf(!curl)('with curl', () => {
  const cos = started.client(SDKS[0]?.[1] as typeof COS);
  const run = async (...given: string[]) =>
    (await promisify(execFile)('curl', ['-sS', '--max-time', '20', ...given])).stdout;
  const proxy = () => ['--proxy', `http://127.0.0.1:${engine.port}`];
  const resolved = () => ['--connect-to', `${HOST}:80:127.0.0.1:${engine.port}`];

  test('a presigned URL downloads, through the proxy and past it', async () => {
    const url = cos.getObjectUrl({ ...at, Protocol: 'http:' });
    expect(await run(...proxy(), url)).toBe('signed');
    expect(await run(...resolved(), url)).toBe('signed');
    expect(await run(...proxy(), '-r', '1-3', url)).toBe('ign');
  });

  test('a presigned URL uploads, also where the client waits for leave and sends in chunks', async () => {
    const Key = 'in/from curl.txt';
    const url = cos.getObjectUrl({ ...at, Key, Method: 'PUT', Protocol: 'http:' });
    for (const [body, ...more] of [
      ['plain'],
      ['waited', '-H', 'Expect: 100-continue'],
      ['chunked', '-H', 'Transfer-Encoding: chunked'],
    ] as const) {
      const status = ['-o', '/dev/null', '-w', '%{http_code}'];
      expect(await run(...resolved(), ...status, '-X', 'PUT', '-d', body, ...more, url)).toBe(
        '200',
      );
      const download = cos.getObjectUrl({ ...at, Key, Protocol: 'http:' });
      expect(await run(...proxy(), download)).toBe(body);
    }
  });
});
