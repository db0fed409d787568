import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyPair } from '../../../local/cam/identities.ts';
import { BUCKET, engineForTests, HOST, REGION } from '../engine-for-tests.ts';
import type { RawAnswer } from '../raw-request.ts';
import { errorOf } from './error-of.ts';
import { sendByHand, type ToSend } from './signed-by-hand.ts';

const started = await engineForTests();
const { engine } = started;
const { identities, storage } = engine;
afterAll(() => started.stop());

interface Keys extends KeyPair {
  readonly token?: string;
}

/** One request: with these keys, or with none. */
function send(keys: Keys | undefined, sent: Partial<ToSend>): Promise<RawAnswer> {
  const token = keys?.token === undefined ? {} : { 'x-cos-security-token': keys.token };
  return sendByHand(engine.port, {
    method: 'GET',
    path: '/in/cat.png',
    ...sent,
    ...(keys ? { keys } : { anonymous: true }),
    unsigned: { ...token, ...sent.unsigned },
  });
}

const status = async (keys: Keys | undefined, sent: Partial<ToSend>) =>
  (await send(keys, sent)).status;

type Statement = Readonly<Record<string, unknown>>;

const allow = (action: string | string[], path: string, more: Statement = {}): Statement => ({
  effect: 'allow',
  action,
  resource: `qcs::cos:${REGION}:uid/1250000000:${BUCKET}/${path}`,
  ...more,
});

const policy = (...statement: Statement[]) => JSON.stringify({ version: '2.0', statement });

let made = 0;

/** A new user who may do what the statements say. */
async function userWith(...statements: Statement[]): Promise<KeyPair> {
  const name = `u${++made}`;
  if (statements.length > 0) await identities.putPolicy(name, policy(...statements));
  return identities.putUser(name, statements.length > 0 ? [name] : []);
}

beforeAll(async () => {
  for (const key of ['in/cat.png', 'in/dog.png', 'out/cat.png']) {
    await storage.objects.put(BUCKET, key, Buffer.from(key));
  }
});

const get = { method: 'GET' };
const put = { method: 'PUT', path: '/in/new.png', body: 'x' };

describe('a user', () => {
  test('may nothing without a policy, not even list the buckets', async () => {
    const nobody = await userWith();
    expect(await status(nobody, get)).toBe(403);
    expect(await status(nobody, put)).toBe(403);
    expect(await status(nobody, { host: 'service.cos.myqcloud.com', path: '/' })).toBe(403);
    expect(await status(nobody, { method: 'HEAD' })).toBe(403);
  });

  test('may what a policy says, where it says so', async () => {
    const reader = await userWith(allow('name/cos:GetObject', 'in/*'));
    expect(await status(reader, get)).toBe(200);
    expect(await status(reader, { path: '/out/cat.png' })).toBe(403);
    expect(await status(reader, put)).toBe(403);
    expect(await status(reader, { method: 'HEAD' })).toBe(403);
    const prefixed = await userWith(allow(['cos:Get*', 'name/cos:HeadObject'], 'in/c*'));
    expect(await status(prefixed, get)).toBe(200);
    expect(await status(prefixed, { method: 'HEAD' })).toBe(200);
    expect(await status(prefixed, { path: '/in/dog.png' })).toBe(403);
  });

  test('is kept from what a statement denies, whatever else allows it', async () => {
    const user = await userWith(
      allow('cos:*', '*'),
      allow('name/cos:DeleteObject', 'in/*', { effect: 'deny' }),
    );
    const answer = await send(user, { method: 'DELETE' });
    expect(errorOf(answer)).toMatchObject({ status: 403, Code: 'AccessDenied' });
    expect(answer.headers['x-darkroom-denied']).toContain('by a deny statement');
    expect(answer.headers).not.toHaveProperty('x-darkroom-allow-with');
    expect(storage.objects.head(BUCKET, 'in/cat.png')).toBeDefined();
    expect(await status(user, { method: 'DELETE', path: '/out/none.png' })).toBe(204);
  });

  test('may list the buckets by a statement about everything alone', async () => {
    const service = { host: 'service.cos.myqcloud.com', path: '/' };
    const lister = await userWith({
      effect: 'allow',
      action: 'name/cos:GetService',
      resource: '*',
    });
    expect(await status(lister, service)).toBe(200);
    const narrow = await userWith(allow('name/cos:GetService', '*'));
    expect(await status(narrow, service)).toBe(403);
  });

  test('is asked for each key it deletes, and for the source of each copy', async () => {
    const user = await userWith(allow(['name/cos:PutObject', 'name/cos:DeleteObject'], 'in/*'));
    const cos = new COS({
      SecretId: user.secretId,
      SecretKey: user.secretKey,
      Protocol: 'http:',
      Ip: `127.0.0.1:${engine.port}`,
    });
    await storage.objects.put(BUCKET, 'in/old.png', Buffer.from('old'));
    const Objects = [{ Key: 'in/old.png' }, { Key: 'out/cat.png' }];
    const result = await cos.deleteMultipleObject({ Bucket: BUCKET, Region: REGION, Objects });
    expect(result.Deleted).toEqual([{ Key: 'in/old.png' }]);
    expect(result.Error).toMatchObject([{ Key: 'out/cat.png', Code: 'AccessDenied' }]);
    expect(storage.objects.head(BUCKET, 'out/cat.png')).toBeDefined();

    const headers = { 'x-cos-copy-source': `${HOST}/out/cat.png` };
    const answer = await send(user, { ...put, headers });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-darkroom-denied']).toContain('cos:GetObject');
    expect(answer.headers['x-darkroom-denied']).toContain('/out/cat.png');
  });

  test('loses what it may with its policy, and its keys with itself', async () => {
    await identities.putPolicy('short-lived', policy(allow('cos:GetObject', '*')));
    const user = await identities.putUser('short-lived', ['short-lived']);
    expect(await status(user, get)).toBe(200);
    await identities.removePolicy('short-lived');
    expect(await status(user, get)).toBe(403);
    await identities.removeUser('short-lived');
    expect(errorOf(await send(user, get))).toMatchObject({ Code: 'InvalidAccessKeyId' });
  });
});

const upload = { query: { uploadId: 'none' } };
const WISHES: readonly (readonly [action: string, sent: Partial<ToSend>, status?: number])[] = [
  ['cos:GetObject', get],
  ['cos:HeadObject', { method: 'HEAD' }],
  ['cos:PutObject', put],
  ['cos:DeleteObject', { method: 'DELETE', path: '/in/none.png' }, 204],
  ['cos:GetBucket', { path: '/' }],
  ['cos:HeadBucket', { method: 'HEAD', path: '/' }],
  ['cos:GetObjectACL', { query: { acl: '' } }],
  [
    'cos:PutObjectTagging',
    { method: 'PUT', query: { tagging: '' }, body: '<Tagging><TagSet/></Tagging>' },
  ],
  ['cos:GetObjectTagging', { query: { tagging: '' } }, 404],
  [
    'cos:AppendObject',
    { method: 'POST', path: '/log', query: { append: '', position: '0' }, body: 'x' },
  ],
  ['cos:InitiateMultipartUpload', { method: 'POST', query: { uploads: '' }, body: '' }],
  [
    'cos:UploadPart',
    { method: 'PUT', query: { partNumber: '1', uploadId: 'none' }, body: 'x' },
    404,
  ],
  ['cos:ListParts', upload, 404],
  ['cos:AbortMultipartUpload', { method: 'DELETE', ...upload }, 404],
  [
    'cos:CompleteMultipartUpload',
    {
      method: 'POST',
      ...upload,
      body: '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>',
    },
    404,
  ],
  ['cos:ListMultipartUploads', { path: '/', query: { uploads: '' } }],
  ['cos:GetBucketACL', { path: '/', query: { acl: '' } }],
  ['cos:GetBucketCORS', { path: '/', query: { cors: '' } }, 404],
  ['cos:GetBucketVersioning', { path: '/', query: { versioning: '' } }],
  ['cos:GetBucketLocation', { path: '/', query: { location: '' } }],
  ['cos:PutBucket', { method: 'PUT', path: '/', body: '' }, 409],
  ['cos:GetService', { host: 'service.cos.myqcloud.com', path: '/' }],
];

test.for(WISHES)(
  'a refused %s names the statement that allows it, and that statement does',
  async ([action, sent, expected = 200]) => {
    const user = await userWith();
    const refused = await send(user, sent);
    expect(refused.status).toBe(403);
    const { headers } = refused;
    expect(headers['x-darkroom-denied']).toMatch(
      new RegExp(`^${action} on (\\*$|qcs::cos:${REGION}:)`),
    );
    const statement = JSON.parse(headers['x-darkroom-allow-with'] ?? '');
    expect(statement.action).toEqual([`name/${action}`]);

    const allowed = await userWith(statement);
    expect(await status(allowed, sent)).toBe(expected);
    const [logged] = engine.requests.list(2);
    expect(logged).toMatchObject({ signedBy: expect.stringContaining(user.secretId) });
    expect(logged?.denied).toBe(headers['x-darkroom-denied']);
  },
);

describe('conditions', () => {
  test.for<readonly [what: string, condition: Statement, sent: Partial<ToSend>, status: number]>([
    ['the address it comes from', { ip_equal: { 'qcs:ip': '127.0.0.0/8' } }, put, 200],
    ['another address', { ip_equal: { 'qcs:ip': '10.0.0.0/8' } }, put, 403],
    ['plain HTTP', { bool_equal: { 'cos:secure-transport': 'true' } }, put, 403],
    ['a size', { numeric_less_than_equal: { 'cos:content-length': 3 } }, put, 200],
    [
      'a size beyond it',
      { numeric_less_than_equal: { 'cos:content-length': 3 } },
      { ...put, body: 'xxxx' },
      403,
    ],
    [
      'a content type',
      { string_like: { 'cos:content-type': 'image/*' } },
      { ...put, headers: { 'content-type': 'image/png' } },
      200,
    ],
    [
      'another content type',
      { string_like: { 'cos:content-type': 'image/*' } },
      { ...put, headers: { 'content-type': 'text/html' } },
      403,
    ],
    ['no content type', { string_like: { 'cos:content-type': 'image/*' } }, put, 403],
    [
      'no content type, if one exists',
      { string_like_if_exist: { 'cos:content-type': 'image/*' } },
      put,
      200,
    ],
    [
      'an access list',
      { string_equal: { 'cos:x-cos-acl': 'private' } },
      { ...put, headers: { 'x-cos-acl': 'public-read' } },
      403,
    ],
    [
      'forbidding to overwrite',
      { string_equal: { 'cos:x-cos-forbid-overwrite': 'true' } },
      put,
      403,
    ],
    [
      'forbidding to overwrite, as demanded',
      { string_equal: { 'cos:x-cos-forbid-overwrite': 'true' } },
      { ...put, path: '/in/once.png', headers: { 'x-cos-forbid-overwrite': 'true' } },
      200,
    ],
  ])('a policy can depend on %s', async ([, condition, sent, expected]) => {
    const user = await userWith(allow('cos:PutObject', 'in/*', { condition }));
    expect(await status(user, sent)).toBe(expected);
  });

  test('a list can be allowed for one prefix', async () => {
    const condition = { string_equal: { 'cos:prefix': 'in/' } };
    const user = await userWith(allow('cos:GetBucket', '', { condition }));
    expect(await status(user, { path: '/', query: { prefix: 'in/' } })).toBe(200);
    expect(await status(user, { path: '/', query: { prefix: 'out/' } })).toBe(403);
    expect(await status(user, { path: '/' })).toBe(403);
  });
});

describe('a temporary key', () => {
  const trust = JSON.stringify({
    version: '2.0',
    statement: [
      {
        effect: 'allow',
        action: 'name/sts:AssumeRole',
        principal: { service: ['scf.qcloud.com'] },
      },
    ],
  });

  test('of a role may what the role may, with its token, until it ends', async () => {
    await identities.putPolicy('reads', policy(allow('cos:GetObject', 'in/*')));
    await identities.putRole({ name: 'reader', trust, description: '', policies: ['reads'] });
    const keys = await identities.temporaryKey({ role: 'reader' }, 1800);
    expect(await status(keys, get)).toBe(200);
    expect(await status(keys, put)).toBe(403);
    const { secretId, secretKey } = keys;
    const without = errorOf(await send({ secretId, secretKey }, get));
    expect(without).toMatchObject({ status: 403, Code: 'InvalidAccessKeyId' });
    expect(await status({ secretId, secretKey, token: 'forged' }, get)).toBe(403);

    engine.clock.advance(1801_000);
    const now = Math.floor(engine.clock.now() / 1000);
    const ended = errorOf(await send(keys, { from: now - 60, until: now + 600 }));
    engine.clock.set(Date.now());
    expect(ended).toMatchObject({ status: 400, Code: 'ExpiredToken' });
  });

  test('is narrowed by a policy of its own, and never widened', async () => {
    await identities.putPolicy('both', policy(allow(['cos:GetObject', 'cos:PutObject'], 'in/*')));
    await identities.putRole({ name: 'both', trust, description: '', policies: ['both'] });
    const narrowed = await identities.temporaryKey(
      { role: 'both' },
      1800,
      policy(allow(['cos:GetObject', 'cos:DeleteObject'], '*')),
    );
    expect(await status(narrowed, get)).toBe(200);
    expect(await status(narrowed, put)).toBe(403);
    expect(await status(narrowed, { method: 'DELETE' })).toBe(403);
    const ownersOwn = await identities.temporaryKey(
      { owner: true },
      1800,
      policy(allow('cos:GetObject', 'in/*')),
    );
    expect(await status(ownersOwn, get)).toBe(200);
    expect(await status(ownersOwn, { path: '/out/cat.png' })).toBe(403);
  });

  test('of a user who is gone is no key any more', async () => {
    await identities.putUser('leaving', ['AdministratorAccess']);
    const keys = await identities.temporaryKey({ user: 'leaving' }, 1800);
    expect(await status(keys, get)).toBe(200);
    await identities.removeUser('leaving');
    expect(errorOf(await send(keys, get))).toMatchObject({ Code: 'InvalidAccessKeyId' });
  });

  test('is what the function service hands to functions', async () => {
    const keys = await identities.temporaryKey({ role: 'SCF_QcsRole' }, 1800);
    expect(await status(keys, get)).toBe(200);
  });
});

describe('anybody', () => {
  const anonymous = (sent: Partial<ToSend>) => status(undefined, sent);
  const bucketIs = (canned: string) =>
    storage.buckets.setDocument(BUCKET, 'acl', { canned, grants: [] });
  const list = { path: '/' };
  const head = { method: 'HEAD' };
  const remove = { method: 'DELETE', path: '/in/none.png' };
  const acl = { query: { acl: '' } };

  test.for([
    ['private', [403, 403, 403, 403, 403, 403]],
    ['public-read', [200, 200, 200, 403, 403, 403]],
    ['public-read-write', [200, 200, 200, 200, 204, 403]],
  ] as const)('of a %s bucket may read, list, write and delete: %j', async ([canned, expected]) => {
    await bucketIs(canned);
    const answers = [];
    for (const sent of [get, head, list, put, remove, acl]) answers.push(await anonymous(sent));
    await bucketIs('private');
    expect(answers).toEqual(expected);
  });

  test('may read a public object of a private bucket, and no private one of a public bucket', async () => {
    const object = (canned: string) =>
      storage.objects.update(BUCKET, 'in/cat.png', { acl: { canned, grants: [] } });
    await object('public-read');
    expect(await anonymous(get)).toBe(200);
    expect(await anonymous({ path: '/in/dog.png' })).toBe(403);
    await bucketIs('public-read');
    await object('private');
    expect(await anonymous(get)).toBe(403);
    expect(await anonymous({ path: '/in/dog.png' })).toBe(200);
    // A private object is private to those without a permission, not to those with one.
    const user = await userWith(allow('cos:GetObject', 'in/*'));
    expect(await status(user, get)).toBe(200);
    await bucketIs('private');
  });

  test('hears that they may not, before they hear what is there', async () => {
    const missing = errorOf(await send(undefined, { path: '/in/none.png' }));
    expect(missing).toMatchObject({ status: 403, Code: 'AccessDenied', Message: 'Access Denied.' });
  });

  test('may not delete several objects at once, not even none of them', async () => {
    const body = '<Delete></Delete>';
    const several = { method: 'POST', path: '/', query: { delete: '' }, body };
    expect(await anonymous(several)).toBe(403);
  });

  test('who signs wrongly is refused also what everybody may', async () => {
    await bucketIs('public-read');
    const wrong = { secretId: identities.owner.secretId, secretKey: 'wrong' };
    expect(errorOf(await send(wrong, get))).toMatchObject({ Code: 'SignatureDoesNotMatch' });
    await bucketIs('private');
  });

  test('may not choose the headers of an answer', async () => {
    await bucketIs('public-read');
    const query = { 'response-content-type': 'text/html' };
    const answer = await send(undefined, { query });
    expect(answer.headers['content-type']).not.toBe('text/html');
    await bucketIs('private');
  });
});

describe('a bucket that demands strict signatures', () => {
  const rules = (...more: string[]) =>
    `<StrictSignatureConfiguration><Rule><ID>1</ID>${more.join('')}</Rule></StrictSignatureConfiguration>`;
  const owner = identities.owner;
  const setting = { path: '/', query: { 'strict-signature': '' } };

  test('refuses what leaves a header or a parameter out of its signature', async () => {
    const body = rules(
      '<actionlist><action>name/cos:PutObject</action><action>cos:GetObject</action></actionlist>',
      '<headerlist><header>Content-Type</header></headerlist>',
      '<paramlist><param>response-content-type</param></paramlist>',
    );
    expect(await status(owner, { ...setting, method: 'PUT', body })).toBe(200);
    const kept = await send(owner, setting);
    expect(kept.body.toString()).toContain('<header>Content-Type</header>');

    const typed = { ...put, unsigned: { 'Content-Type': 'image/png' } };
    expect(errorOf(await send(owner, typed))).toMatchObject({
      status: 403,
      Code: 'AccessDenied',
      Message: 'Strict signature missing header that must be signed',
    });
    expect(await status(owner, { ...put, headers: { 'content-type': 'image/png' } })).toBe(200);
    // What a request does not have need not be signed, and other actions are not concerned.
    expect(await status(owner, put)).toBe(200);
    expect(await status(owner, { method: 'HEAD', unsigned: { 'Content-Type': 'a/b' } })).toBe(200);

    const query = { 'response-content-type': 'image/png' };
    expect(await status(owner, { query })).toBe(200);
    const unsigned = await sendByHand(
      engine.port,
      { ...get, path: '/in/cat.png', query },
      { parameterList: '', httpString: (text) => text.replace(/response[^\n]*/, '') },
    );
    expect(errorOf(unsigned)).toMatchObject({
      status: 403,
      Message: 'Strict signature missing param that must be signed',
    });
    expect(await status(owner, { ...setting, method: 'DELETE' })).toBe(204);
    expect(await status(owner, typed)).toBe(200);
  });
});
