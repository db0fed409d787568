import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { admin, BUCKET, HOST, type Received, signed } from './asking.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
});
beforeEach(async () => {
  await admin(engine, 'DELETE /faults');
  await signed(engine, 'PUT', 'in/mug.jpg', { body: 'a mug' });
});
afterAll(() => engine.stop());

const get = (key = 'in/mug.jpg', headers = {}) => signed(engine, 'GET', key, { headers });
const put = (key: string, headers = {}) => signed(engine, 'PUT', key, { headers, body: 'new' });
const isThere = (key: string) => engine.storage.objects.head(BUCKET, key) !== undefined;
/** The status, or that the connection was cut. */
const outcome = (answer: Promise<Received>) =>
  answer
    .then(({ status, text }) => `${status} ${/<Code>(\w+)</.exec(text)?.[1] ?? text}`.trim())
    .catch(({ code }) => String(code));

describe.for([
  [
    'a rule',
    async (fault: object) => {
      const { status } = await admin(engine, 'POST /faults', fault);
      expect(status).toBe(200);
      return {};
    },
  ],
  [
    'a header',
    async (fault: object) => {
      const [name, number] = Object.values(fault);
      return { 'x-darkroom-fault': number === undefined ? name : `${name}=${number}` };
    },
  ],
] as const)('asked for by %s', ([, ask]) => {
  test.for([
    [{ effect: 'status', status: 503 }, '503 ServiceUnavailable'],
    [{ effect: 'status', status: 404 }, '404 NoSuchKey'],
    [{ effect: 'throttle' }, '503 SlowDown'],
    [{ effect: 'reset' }, 'ECONNRESET'],
  ] as const)('%j is answered instead of the operation: %s', async ([fault, seen]) => {
    const headers = await ask(fault);
    expect(await outcome(put('not-stored.jpg', headers))).toBe(seen);
    expect(isThere('not-stored.jpg')).toBe(false);
  });

  test('a lost answer is that of an operation which ran', async () => {
    const headers = await ask({ effect: 'lose-answer' });
    expect(await outcome(put('stored.jpg', headers))).toBe('ECONNRESET');
    expect(isThere('stored.jpg')).toBe(true);
    await signed(engine, 'DELETE', 'stored.jpg', { headers: { 'x-darkroom-fault': 'slow=0' } });
  });

  test('a body is cut off after as many bytes as asked for', async () => {
    const headers = await ask({ effect: 'cut', afterBytes: 2 });
    expect(await outcome(get('in/mug.jpg', headers))).toBe('ECONNRESET');
  });

  test.for(['reset', 'lose-answer'])(
    '%s breaks the connection, and does not end it well',
    async (effect) => {
      const socket = connect(engine.port, '127.0.0.1');
      socket.write(`GET /x HTTP/1.1\r\nHost: ${HOST}\r\nx-darkroom-fault: ${effect}\r\n\r\n`);
      const [error] = await once(socket, 'error');
      expect(error).toMatchObject({ code: 'ECONNRESET' });
    },
  );

  test('a corrupted body is as long as the right one, and another', async () => {
    const headers = await ask({ effect: 'corrupt' });
    const answer = await get('in/mug.jpg', headers);
    expect(answer.headers['content-length']).toBe('5');
    expect(answer.text).not.toBe('a mug');
    expect(answer.text.endsWith(' mug')).toBe(true);
  });

  test('a slow answer is the right one', async () => {
    const started = performance.now();
    const headers = await ask({ effect: 'slow', ms: 40 });
    expect(await outcome(get('in/mug.jpg', headers))).toBe('200 a mug');
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  });

  test('a client that is throttled is told when to come again', async () => {
    const headers = await ask({ effect: 'throttle', retryAfterSeconds: 7 });
    expect((await get('in/mug.jpg', headers)).headers['retry-after']).toBe('7');
  });
});

describe('a rule', () => {
  const unavailable = { effect: 'status', status: 503 };

  test('strikes as often as it was asked to, after it let some pass', async () => {
    const { is } = await admin(engine, 'POST /faults', { ...unavailable, times: 2, after: 1 });
    const seen: string[] = [];
    for (let i = 0; i < 5; i++) seen.push((await outcome(get())).slice(0, 3));
    expect(seen).toEqual(['200', '503', '503', '200', '200']);
    expect(is.id).toMatch(/^[0-9a-f]{8}$/);
    expect(engine.faults.rules).toEqual([]);
  });

  test.for([
    [{ operations: ['PutObject'] }, ['200', '503']],
    [{ operations: ['GetObject', 'HeadObject'] }, ['503', '200']],
    [{ bucket: BUCKET }, ['503', '503']],
    [{ bucket: 'other-1250000000' }, ['200', '200']],
    [{ keyPrefix: 'in/' }, ['503', '200']],
    [{ percent: 0 }, ['200', '200']],
    [{ percent: 100 }, ['503', '503']],
  ] as const)(
    'for %j strikes reading one object and writing another: %j',
    async ([where, seen]) => {
      await admin(engine, 'POST /faults', { ...unavailable, ...where });
      const statuses = [await get(), await put('out/mug.jpg')].map(({ status }) => String(status));
      expect(statuses).toEqual(seen);
    },
  );

  test('strikes jobs by the names of their operations as well', async () => {
    const rule = { effect: 'throttle', operations: ['DescribeMediaJobs'] };
    expect((await admin(engine, 'POST /faults', rule)).status).toBe(200);
    const host = `${BUCKET}.ci.ap-guangzhou.myqcloud.com`;
    expect((await signed(engine, 'GET', 'jobs', { host })).status).toBe(429);
    expect(await outcome(get())).toBe('200 a mug');
  });

  test('answers with the code it was given', async () => {
    await admin(engine, 'POST /faults', { effect: 'status', status: 409, code: 'BucketNotEmpty' });
    expect(await outcome(get())).toBe('409 BucketNotEmpty');
  });

  test('can be looked up, replaced and taken away', async () => {
    await admin(engine, 'POST /faults', { id: 'mine', ...unavailable });
    await admin(engine, 'POST /faults', { id: 'mine', effect: 'slow', ms: 0, times: 3 });
    await get();
    const { is } = await admin(engine, 'GET /faults');
    expect(is.faults).toEqual([
      { id: 'mine', effect: 'slow', ms: 0, times: 2, operations: [], percent: 100 },
    ]);
    expect((await admin(engine, 'DELETE /faults/mine')).is).toEqual({ removed: 'mine' });
    expect((await admin(engine, 'GET /faults')).is.faults).toEqual([]);
  });

  test('shows in the log of requests', async () => {
    await admin(engine, 'POST /faults', unavailable);
    await get();
    expect(engine.requests.list(1)).toMatchObject([{ status: 503, fault: 'status' }]);
  });
});

describe('a header', () => {
  test('counts for its own request alone, whatever rules there are', async () => {
    await admin(engine, 'POST /faults', { effect: 'status', status: 503, times: 1 });
    expect(await outcome(get('in/mug.jpg', { 'x-darkroom-fault': 'status=418' }))).toMatch(/^418/);
    expect(await outcome(get())).toMatch(/^503/);
    expect(await outcome(get())).toMatch(/^200/);
  });

  test.for([
    'flood',
    'slow',
    'slow=',
    'slow=-1',
    'slow=fast',
    'slow=9999999',
    'reset=1',
    'status=200',
  ])('%s is refused, and nothing is done', async (asked) => {
    const answer = await put('not-stored.jpg', { 'x-darkroom-fault': asked });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('x-darkroom-fault cannot be read');
    expect(isThere('not-stored.jpg')).toBe(false);
  });
});
