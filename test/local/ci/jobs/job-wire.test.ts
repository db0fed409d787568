import { request as overTls } from 'node:https';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { readErrorBody } from '../../../../shared/wire/error-body.ts';
import { readJobList } from '../../../../shared/wire/job-list.ts';
import { BUCKET, HOST, KEYS, REGION } from '../../engine-for-tests.ts';
import { type RawAnswer, rawRequest } from '../../raw-request.ts';
import { signByHand } from '../../sdk/signed-by-hand.ts';
import { asked, CI_HOST, pictureJob, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine({ tlsPort: 0 });
const { engine, ask, done, put, cos } = started;
afterAll(() => started.stop());

const at = (Key: string) => ({ Bucket: BUCKET, Region: REGION, Key });

interface Raw {
  readonly host?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that are sent and not signed. */
  readonly unsigned?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly keys?: { readonly secretId: string; readonly secretKey: string };
  readonly from?: number;
  readonly until?: number;
  readonly port?: number;
}

/** A request as somebody's client sends it, signed apart from the project's own signer. */
function raw(method: string, path: string, options: Raw = {}): Promise<RawAnswer> {
  const { host = CI_HOST, query = {}, headers = {}, unsigned = {}, body } = options;
  const { text } = signByHand({ method, path, query, headers, ...options });
  const search = Object.entries(query).map(([name, value]) =>
    value === '' ? name : `${name}=${value}`,
  );
  const target = search.length > 0 ? `${path}?${search.join('&')}` : path;
  return rawRequest(options.port ?? engine.port, {
    line: `${method} ${target}`,
    headers: { Host: host, Authorization: text, ...headers, ...unsigned },
    ...(body !== undefined && { body }),
  });
}

const errorIn = ({ body }: RawAnswer) => readErrorBody(body);

describe('requests as clients send them', () => {
  test('Python: no Content-Type, and no parameter of the cancellation is signed', async () => {
    const submitted = await raw('POST', '/jobs', { body: videoJob(), headers: { host: CI_HOST } });
    expect(submitted.status).toBe(200);
    await started.makeQueue('Paused');
    const waits = await raw('POST', '/jobs', { body: videoJob() });
    const [job] = readJobList(waits.body).jobs;
    const { text } = signByHand({ method: 'PUT', path: `/jobs/${job?.jobId}` });
    const cancelled = await rawRequest(engine.port, {
      line: `PUT /jobs/${job?.jobId}?cancel=`,
      headers: { Host: CI_HOST, Authorization: text, 'Content-Length': '0' },
    });
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toHaveLength(0);
    await started.makeQueue('Active');
  });

  test.for([
    ['Node and Python', ['x-ci-security-token'], false],
    ['Go', ['x-cos-security-token'], true],
    ['Java', ['x-cos-security-token'], false],
    ['PHP', ['x-cos-security-token', 'x-ci-security-token'], false],
  ] as const)('%s: a temporary key is known by its token', async ([, names, isSigned]) => {
    const { secretId, secretKey, token } = await engine.identities.temporaryKey(
      { owner: true },
      900,
    );
    const tokens = Object.fromEntries(names.map((name) => [name, token]));
    const keys = { secretId, secretKey };
    const headers = isSigned ? { headers: tokens } : { unsigned: tokens };
    const good = await raw('POST', '/jobs', { body: videoJob(), keys, ...headers });
    expect(good.status).toBe(200);
    const without = await raw('POST', '/jobs', { body: videoJob(), keys });
    expect(without.status).toBe(401);
  });

  test('PHP: jobs come over TLS', async () => {
    const { text } = signByHand({ method: 'GET', path: '/jobs', query: { tag: 'PicProcess' } });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { Host: CI_HOST, Authorization: text };
      const options = { host: '127.0.0.1', port: engine.tlsPort, path: '/jobs?tag=PicProcess' };
      overTls({ ...options, headers, servername: CI_HOST, rejectUnauthorized: false, agent: false })
        .on('response', (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  test('Go: a sample of the documentation that forgets to close an element is refused', async () => {
    const body = videoJob({ more: '<CallBackFormat>JSON<CallBackFormat>' });
    const answer = await raw('POST', '/jobs', { body });
    expect(answer.status).toBe(400);
    expect(errorIn(answer).code).toBe('MalformedXML');
  });
});

describe('on the host of objects', () => {
  const onCos = { host: HOST };

  test('a job is submitted, asked for, listed and cancelled', async () => {
    await started.makeQueue('Paused');
    const submitted = await raw('POST', '/jobs', { ...onCos, body: videoJob() });
    expect(submitted.status).toBe(200);
    expect(submitted.headers).toMatchObject({
      server: 'tencent-ci',
      'x-cos-request-id': submitted.headers['x-ci-request-id'],
    });
    const [job] = readJobList(submitted.body).jobs;
    const got = await raw('GET', `/jobs/${job?.jobId}`, onCos);
    expect(readJobList(got.body).jobs).toMatchObject([{ jobId: job?.jobId, state: 'Pause' }]);
    const list = await raw('GET', '/jobs', {
      ...onCos,
      query: { tag: 'SegmentVideoBody', size: '1' },
    });
    expect(readJobList(list.body).jobs).toMatchObject([{ jobId: job?.jobId }]);
    const cancelled = await raw('PUT', `/jobs/${job?.jobId}`, { ...onCos, query: { cancel: '' } });
    expect(cancelled.status).toBe(200);
    expect(engine.storage.objects.head(BUCKET, `jobs/${job?.jobId}`)).toBeUndefined();
    await started.makeQueue('Active');
  });

  test('an address without a name is told by its path', async () => {
    const answer = await raw('POST', '/jobs', {
      host: `127.0.0.1:${engine.port}`,
      body: videoJob(),
    });
    expect(readJobList(answer.body).jobs).toHaveLength(1);
    const inPath = await rawRequest(engine.port, {
      line: `POST /${BUCKET}/jobs`,
      headers: {
        Host: `127.0.0.1:${engine.port}`,
        Authorization: signByHand({ method: 'POST', path: '/jobs' }).text,
      },
      body: videoJob(),
    });
    expect(readJobList(inPath.body).jobs).toHaveLength(1);
  });

  test('what is put, asked for its head and removed is an object of that name', async () => {
    for (const key of ['jobs', `jobs/a${'0'.repeat(32)}`, 'queue', 'ai_bucket']) {
      expect((await cos.putObject({ ...at(key), Body: 'mine' })).statusCode).toBe(200);
      expect((await cos.headObject(at(key))).headers).toMatchObject({ 'content-length': '4' });
      expect((await cos.getObject(at(key))).Body.toString()).toBe('mine');
      expect((await cos.deleteObject(at(key))).statusCode).toBe(204);
    }
  });

  test('an object that is there goes before a list and before a job', async () => {
    const id = await done(videoJob());
    await put('jobs', 'my jobs');
    await put(`jobs/${id}`, 'my job');
    const query = { tag: 'SegmentVideoBody' };
    expect((await raw('GET', '/jobs', { ...onCos, query })).body.toString()).toBe('my jobs');
    expect((await raw('GET', `/jobs/${id}`, onCos)).body.toString()).toBe('my job');
    expect(readJobList((await raw('GET', '/jobs', { query })).body).jobs).not.toEqual([]);
    await engine.storage.objects.remove(BUCKET, 'jobs');
    await engine.storage.objects.remove(BUCKET, `jobs/${id}`);
    expect(readJobList((await raw('GET', `/jobs/${id}`, onCos)).body).jobs).toHaveLength(1);
  });

  test.for([
    ['a list without a tag', 'GET', '/jobs', {}, 'NoSuchKey'],
    ['a name that is the id of no job', 'GET', '/jobs/readme', {}, 'NoSuchKey'],
    ['an upload in parts', 'POST', '/jobs', { uploadId: 'x' }, 'NoSuchUpload'],
  ] as const)('%s is about an object', async ([, method, path, query, code]) => {
    const answer = await raw(method, path, {
      ...onCos,
      query: { ...query },
      body: method === 'POST' ? '<a/>' : '',
    });
    expect(errorIn(answer).code).not.toBe('InvalidArgument');
    expect(answer.headers['server']).toBe('tencent-cos');
    if (code === 'NoSuchKey') expect(errorIn(answer).code).toBe(code);
  });
});

test.for(['GET /jobs/%ZZ', 'GET /jobs?tag=%ZZ', 'POST /jobs/%'])(
  'what nobody can read is refused on either host: %s',
  async (line) => {
    for (const Host of [HOST, CI_HOST]) {
      const answer = await rawRequest(engine.port, { line, headers: { Host } });
      expect(answer.status).toBe(400);
      expect(errorIn(answer).code).toMatch(/^Invalid(URI|Argument)$/);
    }
  },
);

describe('what is refused', () => {
  const stranger = { secretId: 'AKIDStranger', secretKey: 'x' };
  const forger = { ...KEYS, secretKey: 'wrong' };
  const now = Math.floor(Date.now() / 1000);

  test.for([
    ['an unknown key', { keys: stranger }, 401, 'SecretidNotExist'],
    ['a wrong signature', { keys: forger }, 401, 'InvalidAuthorization'],
    ['a signature that is too old', { from: now - 100, until: now - 10 }, 401, 'SignatureExpired'],
    [
      'a signature from the future',
      { from: now + 3600, until: now + 7200 },
      403,
      'RequestTimeTooSkewed',
    ],
    ['a path nobody has', { path: '/nothing' }, 404, 'InvalidUrl'],
    ['a list of queues as an upload', { path: '/queue' }, 405, 'MethodNotAllowed'],
    ['an empty body', { body: '', headers: { 'content-length': '0' } }, 400, 'MissingContent'],
    ['a body that is no XML', { body: '{"Tag":"SegmentVideoBody"}' }, 400, 'MalformedXML'],
    ['another root', { body: '<Jobs/>' }, 400, 'MalformedXML'],
    [
      'a body that is too large',
      { body: `<Request>${' '.repeat(300_000)}</Request>` },
      413,
      'InvalidContent',
    ],
    ['another region', { host: `${BUCKET}.ci.ap-beijing.myqcloud.com` }, 404, 'NoSuchBucket'],
    [
      'a bucket that is not there',
      { host: `none-1250000000.ci.${REGION}.myqcloud.com` },
      404,
      'NoSuchBucket',
    ],
  ] as const)('%s', async ([, wanted, status, code]) => {
    const { path = '/jobs', ...options }: Raw & { readonly path?: string } = wanted;
    const { headers, body, ...answer } = await raw('POST', path, { body: videoJob(), ...options });
    expect(answer.status).toBe(status);
    expect(headers).toMatchObject({ server: 'tencent-ci', 'content-type': 'application/xml' });
    const error = readErrorBody(body);
    const host = options.host ?? CI_HOST;
    expect(error).toMatchObject({ code, resource: `${host}${path}` });
    expect(error.message).not.toBe('');
    expect(error.requestId).toBe(headers['x-ci-request-id']);
    expect(error.traceId).toBe(headers['x-ci-trace-id']);
  });

  test('a request that is not signed, and one whose signature nobody can read', async () => {
    const headers = { Host: CI_HOST };
    const unsigned = await rawRequest(engine.port, { line: 'GET /jobs?tag=PicProcess', headers });
    expect([unsigned.status, errorIn(unsigned).code]).toEqual([401, 'MissingAuthorization']);
    const odd = { ...headers, Authorization: 'q-sign-algorithm=sha1&q-ak=x' };
    const unreadable = await rawRequest(engine.port, { line: 'GET /jobs', headers: odd });
    expect([unreadable.status, errorIn(unreadable).code]).toEqual([401, 'InvalidAuthorization']);
  });

  test('a wrong signature is explained', async () => {
    const answer = await raw('POST', '/jobs', { body: videoJob(), keys: forger });
    expect(errorIn(answer).stringToSign).toMatch(/^sha1\n/);
    expect(answer.headers['x-darkroom-difference']).toBeDefined();
  });

  test('a body whose length is not said', async () => {
    const { text } = signByHand({ method: 'POST', path: '/jobs' });
    const answer = await rawRequest(engine.port, {
      line: 'POST /jobs',
      headers: { Host: CI_HOST, Authorization: text },
    });
    expect([answer.status, errorIn(answer).code]).toEqual([411, 'MissingContentLength']);
  });

  test('the head of a job, which has no body', async () => {
    const answer = await raw('HEAD', '/jobs');
    expect(answer.status).toBe(405);
    expect(answer.body).toHaveLength(0);
    expect(answer.headers).toHaveProperty('x-ci-trace-id');
  });

  test.for([
    ['throttle', 429, 'SlowDown'],
    ['status=503', 503, 'ServiceUnavailable'],
    ['status=401', 401, 'InvalidAuthorization'],
  ] as const)('what a fault on demand asks for: %s', async ([fault, status, code]) => {
    const unsigned = { 'x-darkroom-fault': fault };
    const answer = await raw('POST', '/jobs', { body: videoJob(), unsigned });
    expect([answer.status, errorIn(answer).code]).toEqual([status, code]);
    if (fault === 'throttle') expect(answer.headers['retry-after']).toBe('1');
  });
});

test('names of prototypes poison nothing', async () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const inside = await raw('POST', '/jobs', {
      body: videoJob({ segment: `<${name}>1</${name}>` }),
    });
    expect([200, 400]).toContain(inside.status);
    const tagged = pictureJob('x').replace('PicProcess', name);
    expect(errorIn(await raw('POST', '/jobs', { body: tagged })).code).toBe('InvalidArgument');
    const list = await raw('GET', '/jobs', { query: { tag: name } });
    expect(readJobList(list.body).jobs).toEqual([]);
  }
  await engine.jobs.idle();
  expect(({} as Record<string, unknown>)['1']).toBeUndefined();
});

test('a browser that asks first is answered by the rules of the bucket', async () => {
  const allowed = { allowedOrigins: ['https://a.example'], allowedMethods: ['POST'] as const };
  await engine.makeBucket({
    name: BUCKET,
    cors: [{ ...allowed, allowedHeaders: ['*'], exposeHeaders: [] }],
  });
  const answer = await rawRequest(engine.port, {
    line: 'OPTIONS /jobs',
    headers: {
      Host: CI_HOST,
      Origin: 'https://a.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBe('https://a.example');
});

test('the log names what was asked of the job host, and why it was refused', async () => {
  await ask('GET /jobs');
  const [entry] = engine.requests.list(1);
  expect(entry).toMatchObject({
    ...{ operation: 'DescribeMediaJobs', bucket: BUCKET, status: 400, code: 'InvalidArgument' },
  });
});

test('the client corrects its clock by what the job host says', async () => {
  const late = started.client(COS, { SystemClockOffset: 3_600_000 });
  const { status } = await asked(late, 'GET /jobs?tag=PicProcess');
  expect(status).toBe(200);
});
