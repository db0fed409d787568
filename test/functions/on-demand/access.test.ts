import { beforeEach, describe, expect, test } from 'vitest';
import { RateLimit } from '../../../functions/on-demand/rate-limit.ts';
import { ProblemReply } from '../../../functions/on-demand/shapes.ts';
import { type Asking, Desk, SHOP_KEY } from './desk.ts';

// Nothing here gets as far as the service: its port is closed.
const nowhere = { engine: { port: 9 } } as ConstructorParameters<typeof Desk>[0];

let desk: Desk;
beforeEach(() => {
  desk = new Desk(nowhere);
});

const RUN = { template: 'cutout', key: 'in/mug.jpg', mode: 'go' };

test.for<
  [what: string, method: string, path: string, asking: Asking, status: number, code: string]
>([
  ['no key', 'POST', '/v1/runs', { body: RUN }, 401, 'CALLER_UNKNOWN'],
  ['an unknown key', 'POST', '/v1/runs', { key: 'guessed', body: RUN }, 401, 'CALLER_UNKNOWN'],
  ['an empty key', 'POST', '/v1/runs', { key: '', body: RUN }, 401, 'CALLER_UNKNOWN'],
  ['a key without end', 'GET', '/v1/runs/x', { key: 'k'.repeat(9999) }, 401, 'CALLER_UNKNOWN'],
  [
    'the hash of a key',
    'POST',
    '/v1/runs',
    { key: '0'.repeat(64), body: RUN },
    401,
    'CALLER_UNKNOWN',
  ],
  [
    'another scheme',
    'POST',
    '/v1/runs',
    { headers: { authorization: `Basic ${SHOP_KEY}` }, body: RUN },
    401,
    'CALLER_UNKNOWN',
  ],
  [
    'a caller that the rules do not know',
    'POST',
    '/v1/runs',
    { key: 'the-key-of-nobody', body: RUN },
    403,
    'CALLER_DENIED',
  ],
  [
    'a template of others',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, template: 'large' } },
    403,
    'CALLER_DENIED',
  ],
  [
    'a template that is none',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, template: 'constructor' } },
    404,
    'NOT_THERE',
  ],
  [
    'a version that is none',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, template: 'cutout@2' } },
    404,
    'NOT_THERE',
  ],
  [
    'a bucket that is none',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, bucket: 'records' } },
    404,
    'NOT_THERE',
  ],
  ['no body', 'POST', '/v1/runs', { key: SHOP_KEY }, 400, 'JSON_UNREADABLE'],
  ['no JSON', 'POST', '/v1/runs', { key: SHOP_KEY, body: '{' }, 400, 'JSON_UNREADABLE'],
  ['a list', 'POST', '/v1/runs', { key: SHOP_KEY, body: [] }, 400, 'REQUEST_INVALID'],
  [
    'an operation of its own',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, operation: 'goods-matting', with: { centre: true } } },
    400,
    'REQUEST_INVALID',
  ],
  [
    'a key with a slash in front',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, key: '/in/mug.jpg' } },
    400,
    'REQUEST_INVALID',
  ],
  [
    'a key that would end a line',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: { ...RUN, key: 'in/a\r\nhost: b' } },
    400,
    'REQUEST_INVALID',
  ],
  [
    'a body without end',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: `"${'x'.repeat(70_000)}"` },
    413,
    'INPUT_TOO_LARGE',
  ],
  [
    'a body without bottom',
    'POST',
    '/v1/runs',
    { key: SHOP_KEY, body: '['.repeat(5000) },
    413,
    'INPUT_TOO_LARGE',
  ],
  [
    'an upload larger than can be processed',
    'POST',
    '/v1/uploads',
    { key: SHOP_KEY, body: { key: 'in/a.jpg', contentType: 'image/jpeg', size: 33_554_433 } },
    400,
    'REQUEST_INVALID',
  ],
  [
    'an upload of a type with more than a type in it',
    'POST',
    '/v1/uploads',
    { key: SHOP_KEY, body: { key: 'in/a.jpg', contentType: 'image/jpeg\r\nx: y', size: 1 } },
    400,
    'REQUEST_INVALID',
  ],
  ['a run that is none', 'GET', '/v1/runs/x', { key: SHOP_KEY }, 404, 'NOT_THERE'],
  ['a run by a path', 'GET', '/v1/runs/%2e%2e%2fsteps', { key: SHOP_KEY }, 400, 'REQUEST_INVALID'],
  ['half an escape', 'GET', '/v1/render/cutout/in/%E7', { key: SHOP_KEY }, 400, 'URL_UNREADABLE'],
  ['a NUL', 'GET', '/v1/render/cutout/in/%00', { key: SHOP_KEY }, 400, 'REQUEST_INVALID'],
  [
    'output 0',
    'GET',
    '/v1/render/cutout/in/a.jpg',
    { key: SHOP_KEY, query: { output: '0' } },
    400,
    'REQUEST_INVALID',
  ],
  [
    'a host that no rule allows',
    'GET',
    '/v1/render/cutout',
    { key: SHOP_KEY, query: { url: 'https://evil.net/a.jpg' } },
    403,
    'CALLER_DENIED',
  ],
  ['a path that is none', 'GET', '/v1/run', {}, 404, 'NOT_THERE'],
  ['another method', 'DELETE', '/v1/runs', { key: SHOP_KEY }, 405, 'METHOD_REFUSED'],
  ['a word for a method', 'BREW', '/v1/runs', { key: SHOP_KEY }, 405, 'METHOD_REFUSED'],
  ['GET where only POST is', 'GET', '/v1/runs', { key: SHOP_KEY }, 405, 'METHOD_REFUSED'],
  ['POST where only GET is', 'POST', '/v1/health', {}, 405, 'METHOD_REFUSED'],
])('%s is refused by its code', async ([, method, path, asking, status, code]) => {
  const reply = await desk.ask(method, path, asking);
  expect([reply.statusCode, JSON.parse(reply.body).code]).toEqual([status, code]);
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(ProblemReply.parse(JSON.parse(reply.body)).requestId).toBe('request-1');
});

test.for([
  null,
  'text',
  {},
  { Records: [] },
  { httpMethod: 'GET' },
  { httpMethod: 'POST', path: '/v1/runs', body: 7 },
  { httpMethod: 'POST', path: '/v1/runs', body: 'x'.repeat(7 * 1024 * 1024) },
] as const)('an event that is no request is answered all the same: %#', async (event) => {
  const reply = await desk.askWith(event);
  expect([400, 413]).toContain(reply.statusCode);
  expect(JSON.parse(reply.body).code).toMatch(/^(?:EVENT_UNREADABLE|INPUT_TOO_LARGE)$/);
});

test('a key may come in a header of its own, where the platform wants the usual one for itself', async () => {
  const headers = { authorization: 'TC3-HMAC-SHA256 Credential=…', 'x-api-key': SHOP_KEY };
  const reply = await desk.ask('POST', '/v1/runs', { headers, body: RUN });
  expect(reply.statusCode).toBe(202);
});

test('everything wrong with a request is said at once, and nothing of what it held', async () => {
  const body = { template: 'Not one!', key: '', mode: 'later', secret: 'hunter2' };
  const { detail, hint } = JSON.parse(
    (await desk.ask('POST', '/v1/runs', { key: SHOP_KEY, body })).body,
  );
  for (const part of ['template: ', 'key: ', 'mode: ', '"secret"']) expect(detail).toContain(part);
  expect(detail).not.toContain('hunter2');
  expect(hint).toBe('GET /openapi.json says what can be asked');
});

test('a mistake of ours is logged and not shown', async () => {
  const broken = new Desk(nowhere, {
    records: {
      ...desk.suite.records,
      create: () => Promise.reject(new TypeError('x of undefined at /secret/place')),
    },
  });
  const reply = await broken.ask('POST', '/v1/runs', { key: SHOP_KEY, body: RUN });
  expect([reply.statusCode, JSON.parse(reply.body).code]).toEqual([500, 'UNEXPECTED']);
  expect(reply.body).not.toContain('/secret/place');
  expect(JSON.stringify(broken.logged)).toContain('x of undefined');
});

test('what the service fails at may be tried again later', async () => {
  const reply = await desk.ask('POST', '/v1/runs', {
    key: SHOP_KEY,
    body: { ...RUN, mode: 'plan' },
  });
  expect([reply.statusCode, JSON.parse(reply.body).code]).toEqual([503, 'COS_UNREACHABLE']);
  expect(reply.headers['retry-after']).toBe('5');
});

describe('a caller that asks too often', () => {
  test('is told when to come back, and others are not', async () => {
    const ask = (key: string) => desk.ask('GET', '/v1/runs/x', { key });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask('the-key-of-the-slow')).statusCode);
    expect(statuses).toEqual([404, 404, 429, 429]);
    expect(Number((await ask('the-key-of-the-slow')).headers['retry-after'])).toBeGreaterThan(20);
    expect((await ask(SHOP_KEY)).statusCode).toBe(404);
  });

  test('has as many requests back as time has passed, and no more than its limit', () => {
    const limit = new RateLimit();
    const asked = [
      [0, undefined],
      [0, undefined],
      [0, 30],
      [10_000, 20],
      [30_000, undefined],
      [30_000, 30],
      [-5000, 30],
      [600_000, undefined],
      [600_000, undefined],
      [600_000, 30],
    ] as const;
    for (const [now, wait] of asked) expect(limit.take('slow', 2, now)).toBe(wait);
  });
});

describe('a page of another origin', () => {
  const from = (origin: string, more = {}) => ({ headers: { origin, ...more } });
  const preflight = { 'access-control-request-method': 'POST' };

  test('may ask where the rules name its origin', async () => {
    const origin = 'https://studio.example';
    const asked = await desk.ask('OPTIONS', '/v1/runs', from(origin, preflight));
    expect(asked).toMatchObject({ statusCode: 204, body: '' });
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key, x-api-key',
      vary: 'origin',
    });
    const answered = await desk.ask('POST', '/v1/runs', from(origin));
    expect(answered.statusCode).toBe(401);
    expect(answered.headers['access-control-allow-origin']).toBe(origin);
    expect(answered.headers['access-control-expose-headers']).toContain('location');
  });

  test.for(['https://studio.example.evil.net', 'http://studio.example', 'null', ''])(
    'may not from %s',
    async (origin) => {
      const asked = await desk.ask('OPTIONS', '/v1/runs', from(origin, preflight));
      expect(asked.statusCode).toBe(204);
      expect(Object.keys(asked.headers).filter((name) => name.includes('allow-'))).toEqual([]);
      expect(asked.headers['vary']).toBe('origin');
    },
  );
});

test('OPTIONS says what a path takes, and HEAD what GET would, without the body', async () => {
  const options = await desk.ask('OPTIONS', '/v1/health');
  expect([options.statusCode, options.headers['allow']]).toEqual([204, 'GET, OPTIONS, HEAD']);
  const head = await desk.ask('HEAD', '/v1/health');
  expect([head.statusCode, head.body]).toEqual([200, '']);
  const get = await desk.ask('GET', '/v1/health');
  expect([get.statusCode, get.body]).toEqual([200, '{"status":"ok"}']);
  expect((await desk.ask('DELETE', '/v1/health')).headers['allow']).toBe('GET, OPTIONS, HEAD');
});
