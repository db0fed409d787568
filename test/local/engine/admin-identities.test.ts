import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { admin, BUCKET, signed } from './asking.ts';

const OF_BUCKET = `qcs::cos::uid/1250000000:${BUCKET}/*`;
const policy = (effect: string, action: string, resource = OF_BUCKET) => ({
  version: '2.0',
  statement: [{ effect, action: [action], resource: [resource] }],
});

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
});
beforeEach(async () => {
  await admin(engine, 'POST /reset');
  await signed(engine, 'PUT', 'mug.jpg', { body: 'a mug' });
  await admin(engine, 'PUT /policies/reads', { document: policy('allow', 'name/cos:GetObject') });
});
afterAll(() => engine.stop());

interface Key {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}

const may = async (as: Key) => ({
  read: (await signed(engine, 'GET', 'mug.jpg', { as })).status === 200,
  write: (await signed(engine, 'PUT', 'cup.jpg', { as, body: 'x' })).status === 200,
});

describe('a user', () => {
  test('may what its policies allow, and hears what is missing for the rest', async () => {
    const { is: key } = await admin(engine, 'POST /users/anna', { policies: ['reads'] });
    expect(await may(key)).toEqual({ read: true, write: false });
    const { headers } = await signed(engine, 'PUT', 'cup.jpg', { as: key, body: 'x' });
    expect(headers['x-darkroom-denied']).toContain('cos:PutObject on qcs::cos:ap-guangzhou');

    const allowWith = JSON.parse(String(headers['x-darkroom-allow-with']));
    const document = { version: '2.0', statement: [allowWith] };
    await admin(engine, 'PUT /policies/writes', { document });
    await admin(engine, 'POST /users/anna', { policies: ['reads', 'writes'] });
    expect(await may(key)).toEqual({ read: true, write: true });
  });

  test('is listed with the ids of its keys, and with no key itself', async () => {
    const { is: one } = await admin(engine, 'POST /users/anna', { policies: [] });
    const { is: two } = await admin(engine, 'POST /users/anna', { policies: ['reads'] });
    const { is } = await admin(engine, 'GET /users');
    const secretIds = [one.secretId, two.secretId];
    expect(is.users).toEqual([{ name: 'anna', policies: ['reads'], secretIds }]);
    expect(JSON.stringify(is)).not.toContain(one.secretKey);
  });

  test('is gone with its keys once it is removed', async () => {
    const { is: key } = await admin(engine, 'POST /users/anna', { policies: ['reads'] });
    await may(key);
    await admin(engine, 'DELETE /users/anna');
    const { text } = await signed(engine, 'GET', 'mug.jpg', { as: key });
    expect(text).toContain('InvalidAccessKeyId');
  });

  test('has no policy that there is not', async () => {
    const { status, is } = await admin(engine, 'POST /users/anna', { policies: ['constructor'] });
    expect(status).toBe(404);
    expect(is.error.message).toBe('There is no policy "constructor"');
  });
});

describe('a policy', () => {
  test('is listed as it was given, beside those that every account has', async () => {
    const { is } = await admin(engine, 'GET /policies');
    const document = policy('allow', 'name/cos:GetObject');
    expect(is.policies).toMatchObject([{ name: 'reads', document, description: '' }]);
    expect(is.presets).toContain('QcloudCOSReadOnlyAccess');
  });

  test('counts in the words it has now, and not at all once it is removed', async () => {
    const { is: key } = await admin(engine, 'POST /users/anna', { policies: ['reads'] });
    await admin(engine, 'PUT /policies/reads', { document: policy('allow', 'cos:PutObject') });
    expect(await may(key)).toEqual({ read: false, write: true });
    await admin(engine, 'DELETE /policies/reads');
    expect(await may(key)).toEqual({ read: false, write: false });
  });

  test('that denies wins over one that allows', async () => {
    await admin(engine, 'PUT /policies/no-writes', { document: policy('deny', 'cos:PutObject') });
    const policies = ['AdministratorAccess', 'no-writes'];
    const { is: key } = await admin(engine, 'POST /users/anna', { policies });
    expect(await may(key)).toEqual({ read: true, write: false });
  });
});

describe('a role', () => {
  const trust = {
    version: '2.0',
    statement: [
      { effect: 'allow', action: 'sts:AssumeRole', principal: { service: ['scf.qcloud.com'] } },
    ],
  };

  test('lends its permissions to temporary keys until it is removed', async () => {
    const role = { trust, policies: ['reads'], description: 'for uploads' };
    const { is: made } = await admin(engine, 'PUT /roles/on-upload', role);
    expect(made).toMatchObject({ name: 'on-upload', ...role });
    const { is: key } = await admin(engine, 'POST /temporary-keys', { role: 'on-upload' });
    expect(await may(key)).toEqual({ read: true, write: false });
    expect(await may({ ...key, token: 'another' })).toEqual({ read: false, write: false });
    await admin(engine, 'DELETE /roles/on-upload');
    expect(await may(key)).toEqual({ read: false, write: false });
  });

  test('that there is not lends nothing', async () => {
    const { status } = await admin(engine, 'POST /temporary-keys', { role: 'none' });
    expect(status).toBe(404);
  });
});

describe('temporary keys', () => {
  test('of the owner may everything, unless a policy narrows them', async () => {
    const { is: all } = await admin(engine, 'POST /temporary-keys', {});
    expect(await may(all)).toEqual({ read: true, write: true });
    const narrowed = { policy: policy('allow', 'cos:GetObject') };
    const { is: some } = await admin(engine, 'POST /temporary-keys', narrowed);
    expect(await may(some)).toEqual({ read: true, write: false });
  });

  test('of a user may no more than the user, whatever their own policy says', async () => {
    await admin(engine, 'POST /users/anna', { policies: ['reads'] });
    const wish = { user: 'anna', policy: policy('allow', 'cos:*') };
    const { is: key } = await admin(engine, 'POST /temporary-keys', wish);
    expect(await may(key)).toEqual({ read: true, write: false });
  });
});

test('a bare account has none of the roles that a console makes', async () => {
  const bare = await startEngine({ port: 0, bareAccount: true });
  try {
    await admin(bare, 'POST /reset');
    expect((await admin(bare, 'GET /roles')).is.roles).toEqual([]);
  } finally {
    await bare.stop();
  }
});
