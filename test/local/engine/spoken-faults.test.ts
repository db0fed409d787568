import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { send } from './asking.ts';

// The official suites share a bucket whose keys say what shall go wrong.
const HOST = 'cos-sdk-err-retry-1253960454.cos.ap-chengdu.myqcloud.com';
const RETRY = { 'x-cos-sdk-retry': 'true' };

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0 });
});
afterAll(() => engine.stop());

const ask = (key: string, headers = {}) => send(engine, { host: HOST, path: `/${key}`, headers });

test.for([200, 204, 206, 301, 302, 400, 403, 404, 500, 503, 504])(
  'the key %d is answered so, and with an r behind it with a request id as well',
  async (status) => {
    const plain = await ask(String(status));
    expect([plain.status, plain.headers['x-cos-request-id']]).toEqual([status, undefined]);
    const withId = await ask(`${status}r`);
    expect([withId.status, Boolean(withId.headers['x-cos-request-id'])]).toEqual([status, true]);
  },
);

describe('a retry', () => {
  test.for(['500', '503r', '504', 'shutdown', 'timeoutr'])(
    'of %s is answered well',
    async (key) => {
      expect((await ask(key, RETRY)).status).toBe(200);
    },
  );

  test.for(['301', '403', '404r'])('of %s is answered the same', async (key) => {
    expect((await ask(key, RETRY)).status).toBe(Number.parseInt(key, 10));
  });
});

test('shutdown closes the connection', async () => {
  await expect(ask('shutdown')).rejects.toThrow(/ECONNRESET|socket hang up/);
});

test('timeout is never answered, while others are', async () => {
  let answered = false;
  const late = request({ host: '127.0.0.1', port: engine.port, path: '/timeout' });
  late.setHeader('Host', HOST);
  late.on('response', () => {
    answered = true;
  });
  late.on('error', () => {});
  late.end();
  for (let others = 0; others < 5; others++) expect((await ask('200')).status).toBe(200);
  expect(answered).toBe(false);
  late.destroy();
});

test('any other key is that of an object', async () => {
  expect((await ask('mug.jpg')).text).toContain('NoSuchBucket');
});
