import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BUCKET, engineForTests, HOST, KEYS, REGION, SDKS } from '../engine-for-tests.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';
import { errorOf } from './error-of.ts';
import { sendByHand, signByHand, type ToSend } from './signed-by-hand.ts';

const started = await engineForTests();
const { engine } = started;
const { port } = engine;
afterAll(() => started.stop());

const send = (sent: Partial<ToSend>) => sendByHand(port, { method: 'GET', path: '/', ...sent });
const md5 = (text: string) => createHash('md5').update(text).digest('base64');
const tags = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';
const put = { method: 'PUT', path: '/new', body: 'x' };
const putXml = { ...put, path: '/there', query: { tagging: '' } };

beforeAll(async () => {
  await engine.storage.objects.put(BUCKET, 'there', Buffer.from('there'));
});

/** What a temporary key is worth after its time. */
async function outlived(): Promise<RawAnswer> {
  const keys = await engine.identities.temporaryKey({ owner: true }, 60);
  engine.clock.advance(61_000);
  const unsigned = { 'x-cos-security-token': keys.token };
  const answer = await send({ keys, unsigned, until: Math.floor(Date.now() / 1000) + 900 });
  engine.clock.set(Date.now());
  return answer;
}

async function failing(code: 'InternalError' | 'ServiceUnavailable' | 'SlowDown') {
  const status = code === 'InternalError' ? 500 : 503;
  const about = { id: code, operations: ['GetObject'], percent: 100, times: 1 };
  if (code === 'SlowDown') engine.faults.add({ ...about, effect: 'throttle' });
  else engine.faults.add({ ...about, effect: 'status', status, code });
  return send({ path: '/there' });
}

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

const FAILURES: readonly (readonly [
  status: number,
  code: string,
  what: string,
  send: () => Promise<RawAnswer>,
])[] = [
  [
    400,
    'BadDigest',
    'an MD5 of other bytes',
    () => send({ ...put, headers: { 'content-md5': md5('y') } }),
  ],
  [
    400,
    'BadDigest',
    'an MD5 of another document',
    () => send({ ...putXml, body: tags, headers: { 'content-md5': md5('y') } }),
  ],
  [
    400,
    'InvalidDigest',
    'an MD5 that is none',
    () => send({ ...put, headers: { 'content-md5': 'abc' } }),
  ],
  [
    400,
    'EntityTooLarge',
    'a body of more than 5 GB',
    () => send({ ...put, headers: { 'content-length': String(6 * 1024 ** 3) } }),
  ],
  [400, 'ExpiredToken', 'a temporary key that has ended', outlived],
  [400, 'InvalidArgument', 'a number that is none', () => send({ query: { 'max-keys': 'many' } })],
  [
    400,
    'InvalidArgument',
    'part 0',
    () => send({ ...put, query: { partNumber: '0', uploadId: 'x' } }),
  ],
  [
    400,
    'InvalidArgument',
    'a storage class nobody knows',
    () => send({ ...put, headers: { 'x-cos-storage-class': 'WARM' } }),
  ],
  [
    400,
    'InvalidArgument',
    'an access list nobody knows',
    () => send({ ...put, headers: { 'x-cos-acl': 'secret' } }),
  ],
  [
    400,
    'InvalidArgument',
    'metadata of more than 2 KB',
    () => send({ ...put, headers: { 'x-cos-meta-long': 'm'.repeat(2049) } }),
  ],
  [
    400,
    'InvalidArgument',
    'a directive nobody knows',
    () =>
      send({
        ...put,
        headers: { 'x-cos-copy-source': `${HOST}/there`, 'x-cos-metadata-directive': 'Move' },
      }),
  ],
  [
    400,
    'InvalidBucketName',
    'a bucket in capitals',
    () =>
      send({ ...put, path: '/', body: '', host: `up_per-1250000000.cos.${REGION}.myqcloud.com` }),
  ],
  [
    400,
    'InvalidBucketName',
    'a bucket of another account',
    () => send({ ...put, path: '/', body: '', host: `shop-1999999999.cos.${REGION}.myqcloud.com` }),
  ],
  [
    400,
    'InvalidURI',
    'a path that is not UTF-8',
    () => rawRequest(port, { line: 'GET /%ff', headers: { Host: HOST } }),
  ],
  [
    400,
    'InvalidURI',
    'a host that names no bucket, with a path',
    () => send({ host: 'service.cos.myqcloud.com', path: '/there' }),
  ],
  [
    400,
    'InvalidCopySource',
    'a source that is no host and key',
    () => send({ ...put, headers: { 'x-cos-copy-source': '/shop/there' } }),
  ],
  [
    400,
    'InvalidTag',
    'a tag without a name',
    () => send({ ...put, headers: { 'x-cos-tagging': '=b' } }),
  ],
  [400, 'KeyTooLong', 'a key of 851 bytes', () => send({ path: `/${'k'.repeat(851)}` })],
  [
    400,
    'MalformedPOSTRequest',
    'a POST that is no form',
    () => send({ method: 'POST', body: 'x' }),
  ],
  [400, 'MalformedXML', 'XML that is none', () => send({ ...putXml, body: '<Tagging>' })],
  [400, 'MalformedXML', 'a document of another kind', () => send({ ...putXml, body: '<Delete/>' })],
  [400, 'MissingRequestBodyError', 'no document', () => send({ ...putXml, body: '' })],
  [
    400,
    'XMLSizeLimit',
    'a document of 2 MB',
    () => send({ ...putXml, body: tags.padEnd(2 * 1024 * 1024 + 1) }),
  ],
  [403, 'AccessDenied', 'no signature', () => send({ path: '/there', anonymous: true })],
  [
    403,
    'AccessDenied',
    'no signature for the list of buckets',
    () => send({ host: 'service.cos.myqcloud.com', anonymous: true }),
  ],
  [
    403,
    'AccessDenied',
    'a signature of another service',
    () => send({ anonymous: true, unsigned: { Authorization: 'AWS4-HMAC-SHA256 Credential=a/b' } }),
  ],
  [
    403,
    'AccessForbidden',
    'a question of a browser that no rule answers',
    () =>
      rawRequest(port, {
        line: 'OPTIONS /there',
        headers: { Host: HOST, Origin: 'http://a.test' },
      }),
  ],
  [
    403,
    'InvalidAccessKeyId',
    'a key nobody has',
    () => send({ keys: { ...KEYS, secretId: 'AKIDnobody' } }),
  ],
  [
    403,
    'RequestTimeTooSkewed',
    'a signature from the future',
    () => send({ from: seconds(3600), until: seconds(7200) }),
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'a wrong signature',
    () => send({ keys: { ...KEYS, secretKey: 'wrong' } }),
  ],
  [
    404,
    'NoSuchBucket',
    'a bucket that is not there',
    () => send({ host: HOST.replace('shop', 'closed'), path: '/a' }),
  ],
  [404, 'NoSuchKey', 'an object that is not there', () => send({ path: '/missing' })],
  [
    404,
    'NoSuchKey',
    'an access list of nothing',
    () => send({ path: '/missing', query: { acl: '' } }),
  ],
  [
    404,
    'NoSuchUpload',
    'an upload that is not there',
    () => send({ path: '/there', query: { uploadId: 'x' } }),
  ],
  [
    404,
    'NoSuchVersion',
    'a version, where there are none',
    () => send({ path: '/there', query: { versionId: 'MTg0NDUx' } }),
  ],
  [
    404,
    'NoSuchVersion',
    'the deletion of a version',
    () => send({ method: 'DELETE', path: '/there', query: { versionId: 'MTg0NDUx' } }),
  ],
  [
    404,
    'NoSuchTagSet',
    'tags where there are none',
    () => send({ path: '/there', query: { tagging: '' } }),
  ],
  [
    404,
    'NoSuchCORSConfiguration',
    'CORS rules where there are none',
    () => send({ query: { cors: '' } }),
  ],
  [405, 'MethodNotAllowed', 'PATCH', () => send({ ...put, method: 'PATCH' })],
  [
    411,
    'MissingContentLength',
    'an upload that does not say how long it is',
    () => send({ method: 'PUT', path: '/new' }),
  ],
  [
    411,
    'MissingContentLength',
    'a POST that does not say how long it is',
    () => send({ method: 'POST', path: '/new', query: { uploads: '' } }),
  ],
  [
    412,
    'PreconditionFailed',
    'a condition that is not met',
    () => send({ path: '/there', headers: { 'if-match': '"0"' } }),
  ],
  [
    416,
    'InvalidRange',
    'a range behind the end',
    () => send({ path: '/there', headers: { range: 'bytes=5-' } }),
  ],
  [500, 'InternalError', 'a fault on demand', () => failing('InternalError')],
  [503, 'ServiceUnavailable', 'a fault on demand', () => failing('ServiceUnavailable')],
  [503, 'SlowDown', 'a limit on demand', () => failing('SlowDown')],
];

test.for(FAILURES)('%s %s answers %s', async ([status, code, , fail]) => {
  expect(errorOf(await fail())).toMatchObject({ status, Code: code });
  // Whatever was refused was not done.
  expect(engine.storage.objects.head(BUCKET, 'new')).toBeUndefined();
  expect(engine.storage.objects.head(BUCKET, 'there')?.size).toBe(5);
});

test('an error names host and path, as they were asked for', async () => {
  const error = errorOf(await send({ path: '/missing/a b' }));
  expect(error['Resource']).toBe(`${HOST}/missing/a%20b`);
});

test.for([
  ['404', { path: '/missing' }],
  ['404', { host: HOST.replace('shop', 'closed') }],
  ['403', { path: '/there', anonymous: true }],
  ['403', { path: '/there', keys: { ...KEYS, secretKey: 'wrong' } }],
  ['412', { path: '/there', headers: { 'if-match': '"0"' } }],
  ['416', { path: '/there', headers: { range: 'bytes=5-' } }],
] as const)('an error %s of a HEAD request has no body: %j', async ([status, sent]) => {
  const answer = await send({ ...sent, method: 'HEAD' });
  expect(answer).toMatchObject({
    status: Number(status),
    headers: {
      'content-length': '0',
      'x-cos-request-id': expect.stringMatching(/./),
      'x-cos-trace-id': expect.stringMatching(/./),
    },
  });
  expect(answer.body).toHaveLength(0);
});

test('a signature outside its time says so, and what time it is', async () => {
  const late = errorOf(await send({ from: seconds(-7200), until: seconds(-3600) }));
  expect(late).toMatchObject({ Code: 'AccessDenied', Message: 'Request has expired' });
  expect(late['ServerTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(Math.abs(Date.parse(late['ServerTime'] ?? '') - Date.now())).toBeLessThan(60_000);
  const denied = errorOf(await send({ path: '/there', anonymous: true }));
  expect(denied['ServerTime']).toMatch(/Z$/);
});

test.for([
  ['a quarter of an hour ahead is near enough', 14 * 60, 200],
  ['more than that is not', 16 * 60, 403],
] as const)('a clock that is %s', async ([, ahead, status]) => {
  const answer = await send({ path: '/there', from: seconds(ahead), until: seconds(ahead + 600) });
  expect(answer.status).toBe(status);
});

test('an upload that is refused may be sent to its end all the same', async () => {
  const body = Buffer.alloc(3 * 1024 * 1024, 'x');
  const answer = await send({ ...put, body, keys: { ...KEYS, secretId: 'AKIDnobody' } });
  expect(errorOf(answer)).toMatchObject({ status: 403, Code: 'InvalidAccessKeyId' });
});

describe.for(SDKS)('with the Node client %s', ([, Sdk]) => {
  const at = { Bucket: BUCKET, Region: REGION, Key: 'there' };

  test.for([
    ['an hour behind', 3_600_000],
    ['an hour ahead', -3_600_000],
    ['years behind', 5 * 365 * 86_400_000],
  ] as const)('a client whose clock is %s corrects it and succeeds', async ([, difference]) => {
    const cos = started.client(Sdk);
    const warned = vi.spyOn(console, 'error').mockReturnValue();
    engine.clock.set(Date.now() + difference);
    try {
      expect((await cos.getObject(at)).Body.toString()).toBe('there');
      engine.requests.clear();
      await cos.getObject(at);
    } finally {
      engine.clock.set(Date.now());
      warned.mockRestore();
    }
    // The correction lasts: the second request is right at once.
    expect(engine.requests.list(10)).toHaveLength(1);
  });

  test('an error of the service is retried and then told with its request id', async () => {
    engine.requests.clear();
    engine.faults.add({
      id: 'broken',
      effect: 'status',
      status: 500,
      operations: [],
      percent: 100,
    });
    const [outcome] = await Promise.allSettled([started.client(Sdk).headObject(at)]);
    engine.faults.clear();
    expect(outcome).toMatchObject({ status: 'rejected', reason: { statusCode: 500 } });
    expect(engine.requests.list(10).length).toBeGreaterThan(1);
  });
});

test('the service’s own answer to a presigned URL of yesterday reads like a header’s', async () => {
  const { text } = signByHand({
    method: 'GET',
    path: '/there',
    headers: { host: HOST },
    from: seconds(-90_000),
    until: seconds(-86_400),
  });
  const answer = await rawRequest(port, { line: `GET /there?${text}`, headers: { Host: HOST } });
  expect(errorOf(answer)).toMatchObject({ status: 403, Message: 'Request has expired' });
});
