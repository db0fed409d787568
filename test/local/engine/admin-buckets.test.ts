import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { admin, BUCKET, send, signed } from './asking.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
});
afterAll(() => engine.stop());

const hostOf = (bucket: string, region = 'ap-guangzhou') => `${bucket}.cos.${region}.myqcloud.com`;

test('a bucket is made where it was asked for', async () => {
  const far = 'far-1250000000';
  const { is } = await admin(engine, `PUT /buckets/${far}`, { region: 'eu-frankfurt' });
  expect(is).toEqual({ name: far, status: 'created', region: 'eu-frankfurt' });
  const { is: listed } = await admin(engine, 'GET /buckets');
  expect(listed.buckets).toMatchObject([
    { name: far, region: 'eu-frankfurt', acl: 'private' },
    { name: BUCKET, region: 'ap-guangzhou', acl: 'private' },
  ]);
});

test('a bucket that is there stays where it is', async () => {
  const { is } = await admin(engine, `PUT /buckets/${BUCKET}`, {});
  expect(is).toEqual({ name: BUCKET, status: 'there', region: 'ap-guangzhou' });
  const { status } = await admin(engine, `PUT /buckets/${BUCKET}`, { region: 'ap-beijing' });
  expect(status).toBe(409);
});

test('everybody may read what is in a public one', async () => {
  await signed(engine, 'PUT', 'mug.jpg', { body: 'a mug' });
  const read = () => send(engine, { host: hostOf(BUCKET), path: '/mug.jpg' });
  expect((await read()).status).toBe(403);
  await admin(engine, `PUT /buckets/${BUCKET}`, { acl: 'public-read' });
  expect((await read()).text).toBe('a mug');
  await admin(engine, `PUT /buckets/${BUCKET}`, { acl: 'private' });
  expect((await read()).status).toBe(403);
});

test('pages may use one whose CORS rules say so', async () => {
  const ask = async () => {
    const headers = {
      Origin: 'https://shop.example',
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'authorization',
    };
    return (await send(engine, { host: hostOf(BUCKET), method: 'OPTIONS', path: '/k', headers }))
      .status;
  };
  const rule = { allowedOrigins: ['https://*.example'], allowedMethods: ['PUT'] };
  const cors = [{ ...rule, allowedHeaders: ['*'], maxAgeSeconds: 60 }];
  expect(await ask()).toBe(403);
  await admin(engine, `PUT /buckets/${BUCKET}`, { cors });
  expect(await ask()).toBe(200);
  expect((await signed(engine, 'GET', '')).status).toBe(200);
  await admin(engine, `PUT /buckets/${BUCKET}`, { cors: [] });
  expect(await ask()).toBe(403);
});

test('an empty one is removed, a full one is not', async () => {
  await admin(engine, 'PUT /buckets/gone-1250000000', {});
  expect((await admin(engine, 'DELETE /buckets/gone-1250000000')).status).toBe(200);
  expect((await admin(engine, 'DELETE /buckets/gone-1250000000')).status).toBe(404);
  await signed(engine, 'PUT', 'mug.jpg', { body: 'a mug' });
  expect((await admin(engine, `DELETE /buckets/${BUCKET}`)).status).toBe(409);
});

test.for(['by the admin API', 'by its owner'] as const)(
  'one that was removed %s takes its notifications along',
  async (how) => {
    const host = hostOf('told-1250000000');
    const rule = { events: ['cos:ObjectCreated:*'], subscriber: 'listener' };
    await admin(engine, 'PUT /buckets/told-1250000000', {});
    await admin(engine, 'PUT /notifications/told-1250000000/created', rule);
    if (how === 'by its owner') await signed(engine, 'DELETE', '', { host });
    else await admin(engine, 'DELETE /buckets/told-1250000000');
    await admin(engine, 'PUT /buckets/told-1250000000', {});
    expect((await admin(engine, 'GET /notifications')).is.notifications).toEqual([]);
  },
);

test('a program in the same process makes one as well', async () => {
  const made = await engine.makeBucket({ name: 'own-1250000000', acl: 'public-read' });
  expect(made).toEqual({ status: 'created', region: 'ap-guangzhou' });
  await expect(engine.makeBucket({ name: '../own' })).rejects.toThrow('cannot name a bucket');
});
