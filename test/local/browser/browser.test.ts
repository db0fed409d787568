import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TOKEN_HEADER } from '../../../local/engine/admin.ts';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { type CosClient, cosClient } from '../model/cos-client.ts';
import { type Browser, openBrowser } from './browser.ts';

const BUCKET = 'pages-1250000000';
const Region = 'ap-guangzhou';
const KEYS = { secretId: 'page', secretKey: 'page-secret' };

let engine: Engine;
let browser: Browser;
let cos: CosClient;
let page: Page;
let stranger: Page;

beforeAll(async () => {
  [engine, browser] = await Promise.all([
    startEngine({ port: 0, buckets: [BUCKET], credentials: KEYS }),
    openBrowser(),
  ]);
  cos = cosClient(engine.port, BUCKET, KEYS);
  [page, stranger] = await Promise.all([browser.page('localhost'), browser.page('127.0.0.1')]);
});
afterAll(async () => {
  cos.close();
  await browser.close();
  await engine.stop();
});

interface Outcome {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** A call of the official client in a page. `body` makes a text or so many bytes of it. */
function calls(on: Page, name: string, params: object, body?: string | number): Promise<Outcome> {
  const how = { keys: KEYS, port: engine.port };
  const made =
    body === undefined
      ? ''
      : typeof body === 'string'
        ? JSON.stringify(body)
        : `new Blob([new Uint8Array(${body}).fill(7)])`;
  return on.evaluate(
    `client(${JSON.stringify(how)})(${JSON.stringify(name)}, { Bucket: '${BUCKET}', Region: '${Region}', ...${JSON.stringify(params)}${made && `, Body: ${made}`} })`,
  );
}

/** What becomes of a request that a page makes without any client. */
function asks(
  on: Page,
  url: string,
  init: object = {},
): Promise<{ thrown?: string; type?: string; status?: number; text?: string }> {
  return on.evaluate(`ask(${JSON.stringify(url)}, ${JSON.stringify(init)})`);
}

const allowing = (origin: string) =>
  `<CORSConfiguration><CORSRule><AllowedOrigin>${origin}</AllowedOrigin>${['GET', 'PUT', 'POST', 'DELETE', 'HEAD'].map((method) => `<AllowedMethod>${method}</AllowedMethod>`).join('')}<AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`;

test('a page is refused by a bucket that says nothing of pages', async () => {
  await cos('PUT', 'there', { body: 'text' });
  const { statusCode, message } = await calls(page, 'getObject', { Key: 'there' });
  expect(statusCode).toBe(undefined);
  expect(message).toMatch(/CORS/);
});

describe('in a bucket that allows the page', () => {
  beforeAll(async () => {
    const body = allowing(`http://localhost:${browser.port}`);
    expect((await cos('PUT', '', { query: { cors: '' }, body })).status).toBe(200);
  });
  beforeEach(() => engine.requests.clear());

  const preflights = () =>
    engine.requests.list(100).filter(({ operation }) => operation === 'OptionsObject');

  test.for(['photo.jpg', 'a b+c/%41/写真 &?#.txt', 'a//b/'])(
    'it puts, reads and deletes %s',
    async (Key) => {
      const headers = { 'x-cos-meta-owner': 'page', CacheControl: 'no-cache' };
      const put = await calls(
        page,
        'putObject',
        { Key, ...headers, Headers: headers },
        'some text',
      );
      expect(put.statusCode).toBe(200);
      expect(preflights().map(({ status }) => status)).toEqual([200]);
      expect((await cos('GET', Key)).body.toString()).toBe('some text');

      const got = await calls(page, 'getObject', { Key });
      expect(got.data).toMatchObject({ Body: 'some text', ETag: put.data?.['ETag'] });
      expect((await calls(page, 'deleteObject', { Key })).statusCode).toBe(204);
      expect((await calls(page, 'headObject', { Key })).statusCode).toBe(404);
    },
  );

  test('it reads the ETag and the request id, though no rule thought of them', async () => {
    const { headers } = await calls(page, 'putObject', { Key: 'a' }, 'text');
    const { headers: sent } = await cos('HEAD', 'a');
    expect(headers?.['etag']).toBe(sent['etag']);
    expect(headers?.['x-cos-request-id']).toMatch(/^[A-Za-z0-9+/=]{20,}$/);
  });

  test('it lists what is there', async () => {
    await cos('PUT', 'list/1', { body: 'one' });
    await cos('PUT', 'list/2/3', { body: 'three' });
    const { data } = await calls(page, 'getBucket', { Prefix: 'list/', Delimiter: '/' });
    expect(data).toMatchObject({
      Contents: [{ Key: 'list/1', Size: '3' }],
      CommonPrefixes: [{ Prefix: 'list/2/' }],
    });
  });

  test('it uploads a large file in parts', async () => {
    const size = 3 * 1024 * 1024 + 5;
    const params = { Key: 'large.bin', SliceSize: 1024 * 1024, ChunkSize: 1024 * 1024 };
    const { statusCode, data } = await calls(page, 'uploadFile', params, size);
    expect(statusCode).toBe(200);
    expect(data?.['ETag']).toMatch(/^"[0-9a-f]{32}-4"$/);
    const { body } = await cos('GET', 'large.bin');
    expect(body.equals(Buffer.alloc(size, 7))).toBe(true);
    const done = new Set(engine.requests.list(100).map(({ operation }) => operation));
    expect([...done].sort()).toEqual([
      'CompleteMultipartUpload',
      'GetObject', // by the line above
      'InitiateMultipartUpload',
      'ListMultipartUploads',
      'OptionsObject',
      'UploadPart',
    ]);
  });

  test('it reads a signed address without asking beforehand', async () => {
    await cos('PUT', 'signed', { body: 'for whoever has the address' });
    const url = `${engine.url.replace('127.0.0.1', `${BUCKET}.cos.${Region}.localhost`)}/signed`;
    const signed = await page.evaluate<string>(
      `new COS({ SecretId: '${KEYS.secretId}', SecretKey: '${KEYS.secretKey}' }).getAuth({ Method: 'get', Key: 'signed' })`,
    );
    expect(await asks(page, `${url}?${signed}`)).toMatchObject({
      status: 200,
      text: 'for whoever has the address',
    });
    expect(preflights()).toEqual([]);
    expect(await asks(page, url)).toMatchObject({ status: 403 });
  });

  test('it reads what went wrong', async () => {
    const { statusCode, code } = (await calls(page, 'getObject', { Key: 'not there' })) as {
      statusCode?: number;
      code?: string;
    };
    expect({ statusCode, code }).toEqual({ statusCode: 404, code: 'NoSuchKey' });
  });

  test('a page from elsewhere is refused, and writes nothing', async () => {
    const { message } = await calls(stranger, 'putObject', { Key: 'strange' }, 'text');
    expect(message).toMatch(/CORS/);
    expect((await cos('HEAD', 'strange')).status).toBe(404);
    expect([...new Set(preflights().map(({ status }) => status))]).toEqual([403]);
  });

  test('it is refused again when the rules are taken away', async () => {
    expect((await cos('DELETE', '', { query: { cors: '' } })).status).toBe(204);
    const { message } = await calls(page, 'getObject', { Key: 'a' });
    expect(message).toMatch(/CORS/);
  });
});

describe('the admin API is for no page', () => {
  const clock = () => `http://admin.darkroom.localhost:${engine.port}/clock`;

  test('not with its token', async () => {
    const headers = { [TOKEN_HEADER]: engine.adminToken };
    expect((await asks(page, clock(), { headers })).thrown).toMatch(/Failed to fetch/);
    expect((await asks(page, `${clock()}/freeze`, { method: 'POST', headers })).thrown).toMatch(
      /Failed to fetch/,
    );
    expect(engine.clock.frozen).toBe(false);
  });

  test('not by a request that needs no leave', async () => {
    const init = { method: 'POST', mode: 'no-cors' };
    expect(await asks(page, `${clock()}/freeze`, init)).toMatchObject({ type: 'opaque' });
    expect(engine.clock.frozen).toBe(false);
  });

  test('not as a page of its own origin', async () => {
    const own = await page.context().newPage();
    const opened = await own.goto(clock());
    expect(opened?.status()).toBe(403);
    const told = await own.evaluate<number>(
      `fetch('/clock/freeze', { method: 'POST', headers: { '${TOKEN_HEADER}': '${engine.adminToken}' } }).then(({ status }) => status)`,
    );
    expect(told).toBe(403);
    expect(engine.clock.frozen).toBe(false);
  });
});
