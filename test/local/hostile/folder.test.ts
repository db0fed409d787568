import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { answersIn, head, sayTo, whole } from './raw-client.ts';
import { BUCKET, KEYS } from './victim.ts';

const parent = mkdtempSync(join(tmpdir(), 'darkroom-folder-'));
let engine: Engine;

beforeAll(async () => {
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  mkdirSync(join(parent, 'beside'));
  const data = join(parent, 'data');
  engine = await startEngine({ port: 0, data, buckets: [BUCKET], credentials: KEYS });
});
afterAll(async () => {
  await engine.stop();
  rmSync(parent, { recursive: true, force: true });
});

const CLIMBING = [
  '/../secret.txt',
  '/../../../../../../../../etc/passwd',
  '/a/../b',
  '/a/./b',
  '/./a',
  '/..',
  '/.',
  '//etc/passwd',
  '/a//b',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/%00/../secret.txt',
  '/secret.txt%00.jpg',
  '/a%0a..%2fb',
  '/storage.json',
  '/lock/data.mdb',
  '/credentials.env',
  '/C:/windows/win.ini',
  '/~/.bashrc',
  '/a.jpg/../../b.%2e%2e',
  `/${'../'.repeat(200)}a`,
] as const;

test.for(CLIMBING)('%s is an ordinary key', async (rawPath, { expect }) => {
  const key = decodeURIComponent(rawPath.slice(1));
  const [put] = answersIn(await sayTo(engine.port, whole('PUT', rawPath, `bytes of ${key}`)));
  expect(put?.status).toBe(200);
  const [got] = answersIn(await sayTo(engine.port, whole('GET', rawPath)));
  expect(got?.body).toBe(`bytes of ${key}`);
  expect(engine.storage.objects.head(BUCKET, key)?.key).toBe(key);
});

test('a key and what other software would take for it are two keys', async () => {
  for (const key of ['one/../two', 'two', 'one//two', 'one/two', 'one/./two', 'one/two/']) {
    await sayTo(engine.port, whole('PUT', `/${key}`, key));
  }
  for (const key of ['one/../two', 'two', 'one//two', 'one/two', 'one/./two', 'one/two/']) {
    expect(answersIn(await sayTo(engine.port, whole('GET', `/${key}`)))[0]?.body).toBe(key);
  }
});

test.for(['..', '../beside-1250000000', 'a/../b-1250000000', '%2e%2e', '.', 'state-1'])(
  'nothing is read or made for the bucket %s',
  async (bucket) => {
    const hosts = [`${bucket}.cos.ap-guangzhou.localhost`, '127.0.0.1'];
    for (const host of hosts) {
      for (const method of ['PUT', 'GET', 'DELETE']) {
        const path = host === '127.0.0.1' ? `/${bucket}/secret.txt` : '/';
        const said = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
        expect(answersIn(await sayTo(engine.port, said))[0]?.status).toBeGreaterThanOrEqual(400);
      }
    }
    const put = head('PUT', '/', ['Content-Length: 0', 'Connection: close'], hosts[0]);
    expect(answersIn(await sayTo(engine.port, put))[0]?.status).toBeGreaterThanOrEqual(400);
  },
);

test('parts of uploads stay where uploads are, whatever is said of them', async () => {
  for (const id of ['..%2f..%2fbeside', '%2e%2e', '/etc', '%00', 'a'.repeat(5000)]) {
    const said = whole('PUT', `/a?partNumber=1&uploadId=${id}`, 'bytes');
    expect(answersIn(await sayTo(engine.port, said))[0]?.status).toBe(404);
  }
});

test('nothing was written beside the data folder', () => {
  expect(readdirSync(parent).sort()).toEqual(['beside', 'data', 'secret.txt']);
  expect(readdirSync(join(parent, 'beside'))).toEqual([]);
  expect(readdirSync(join(parent, 'data')).sort()).toEqual([
    'admin-token',
    'authority-key.pem',
    'authority.pem',
    'credentials.env',
    'lock',
    'snapshots',
    'state-1',
    'storage.json',
    'work',
  ]);
});
