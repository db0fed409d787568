import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { admin, BUCKET, signed } from './asking.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkroom-admin-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for([
  ['in memory', {}],
  ['in a folder', { data: folder }],
] as const)('kept %s', ([, options]) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ port: 0, buckets: [BUCKET], ...options });
  });
  beforeEach(() => admin(engine, 'POST /reset'));
  afterAll(() => engine.stop());

  const put = (key: string, body: string) => signed(engine, 'PUT', key, { body });
  const get = async (key: string) => (await signed(engine, 'GET', key)).text;

  test('everything is as it was when a snapshot is loaded', async () => {
    await put('mug.jpg', 'as it was');
    await admin(engine, 'PUT /snapshots/before');
    await put('mug.jpg', 'changed');
    await put('cup.jpg', 'more');
    expect((await admin(engine, 'GET /snapshots')).is).toEqual({ snapshots: ['before'] });
    expect((await admin(engine, 'POST /snapshots/before/load')).is).toEqual({ loaded: 'before' });
    expect(await get('mug.jpg')).toBe('as it was');
    expect(await get('cup.jpg')).toContain('NoSuchKey');
    await admin(engine, 'DELETE /snapshots/before');
    expect((await admin(engine, 'GET /snapshots')).is).toEqual({ snapshots: [] });
  });

  test('after a reset there are the buckets it was started with, empty, and nothing else', async () => {
    await put('mug.jpg', 'x');
    await admin(engine, 'PUT /buckets/more-1250000000', {});
    await admin(engine, 'POST /users/anna', { policies: [] });
    await admin(engine, 'DELETE /roles/CI_QCSRole');
    expect((await admin(engine, 'POST /reset')).status).toBe(200);
    expect((await admin(engine, 'GET /')).is.buckets).toEqual([BUCKET]);
    expect((await admin(engine, 'GET /users')).is.users).toEqual([]);
    expect(await get('mug.jpg')).toContain('NoSuchKey');
    const { is } = await admin(engine, 'GET /roles');
    expect(is.roles.map(({ name }: { name: string }) => name)).toEqual([
      'CI_QCSRole',
      'SCF_QcsRole',
    ]);
  });

  test('keys go and come back with the snapshot they are in', async () => {
    const reader = { policies: ['QcloudCOSReadOnlyAccess'] };
    await admin(engine, 'PUT /snapshots/without');
    const { is: key } = await admin(engine, 'POST /users/anna', reader);
    await admin(engine, 'PUT /snapshots/with');
    const status = async () => (await signed(engine, 'GET', '', { as: key })).status;
    expect(await status()).toBe(200);
    await admin(engine, 'POST /snapshots/without/load');
    expect(await status()).toBe(403);
    await admin(engine, 'POST /snapshots/with/load');
    expect(await status()).toBe(200);
  });

  test('notifications and waiting events go and come back with it', async () => {
    const heard: string[] = [];
    const end = engine.events.subscribe('listener', async (_, { id }) => {
      heard.push(id);
      return 'ok';
    });
    const rule = { events: ['cos:ObjectCreated:*'], subscriber: 'listener' };
    await admin(engine, `PUT /notifications/${BUCKET}/all`, rule);
    await admin(engine, 'PATCH /delivery', { deliveryDelayMs: 3_600_000 });
    await put('mug.jpg', 'x');
    await admin(engine, 'PUT /snapshots/waiting');
    await admin(engine, 'POST /reset');
    await put('mug.jpg', 'x');
    expect((await admin(engine, 'GET /notifications')).is.notifications).toEqual([]);
    expect((await admin(engine, 'GET /events')).is.events).toEqual([]);

    await admin(engine, 'POST /snapshots/waiting/load');
    expect((await admin(engine, 'GET /notifications')).is.notifications).toHaveLength(1);
    await admin(engine, 'POST /clock/advance', { ms: 3_600_000 });
    await engine.events.idle();
    await expect.poll(() => heard).toHaveLength(1);
    await admin(engine, 'PATCH /delivery', { deliveryDelayMs: 0 });
    end();
  });

  test('faults, the clock and the log stay as they are', async () => {
    await admin(engine, 'PUT /snapshots/empty');
    await admin(engine, 'POST /clock/freeze');
    await admin(engine, 'POST /faults', { id: 'slow', effect: 'slow', ms: 0 });
    await admin(engine, 'POST /snapshots/empty/load');
    await admin(engine, 'POST /reset');
    expect((await admin(engine, 'GET /clock')).is.frozen).toBe(true);
    expect((await admin(engine, 'GET /faults')).is.faults).toHaveLength(1);
    await admin(engine, 'DELETE /faults');
    await admin(engine, 'POST /clock/thaw');
  });

  test('loads and resets at the same time leave one of the states, whole', async () => {
    await put('mug.jpg', 'saved');
    await admin(engine, 'PUT /snapshots/one');
    const outcomes = await Promise.all([
      admin(engine, 'POST /snapshots/one/load'),
      admin(engine, 'POST /reset'),
      admin(engine, 'POST /snapshots/one/load'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(['saved', 'NoSuchKey']).toContain(/saved|NoSuchKey/.exec(await get('mug.jpg'))?.[0]);
    expect((await put('cup.jpg', 'x')).status).toBe(200);
  });

  test('a program in the same process can do the same', async () => {
    const { snapshots } = engine.storage;
    const { secretId } = await engine.identities.putUser('anna', []);
    expect(engine.identities.find(secretId)).toBeDefined();
    await snapshots.reset();
    expect(engine.identities.find(secretId)).toBeUndefined();
    expect(engine.storage.buckets.list().map(({ name }) => name)).toEqual([BUCKET]);
  });
});
