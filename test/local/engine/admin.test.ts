import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { ADMIN, admin, BUCKET, HOST, send } from './asking.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
});
afterAll(() => engine.stop());

describe('who may use the admin API', () => {
  test('a program with the token', async () => {
    const { status, is } = await admin(engine, 'GET /');
    expect(status).toBe(200);
    expect(is).toMatchObject({ engine: 'darkroom', url: engine.url, buckets: [BUCKET] });
  });

  const token = () => ({ 'x-darkroom-token': engine.adminToken });
  const refusals: readonly (readonly [who: string, headers: () => Record<string, string>])[] = [
    ['nobody without a token', () => ({})],
    ['nobody with another token', () => ({ 'x-darkroom-token': 'f'.repeat(48) })],
    [
      'nobody with the beginning of the token',
      () => ({ 'x-darkroom-token': engine.adminToken.slice(0, -1) }),
    ],
    ['no page of another origin', () => ({ ...token(), Origin: 'http://evil.example' })],
    ['no page without an origin', () => ({ ...token(), Origin: 'null' })],
    ['no page of a bucket', () => ({ ...token(), Origin: `http://${HOST}` })],
  ];

  test.for(refusals)('%s', async ([, headers]) => {
    const sent = { host: ADMIN, path: '/requests', headers: headers() };
    const { status, text } = await send(engine, sent);
    expect(status).toBe(403);
    expect(JSON.parse(text).error.code).toBe('ADMIN_DENIED');
    expect(text).not.toContain(engine.adminToken);
  });

  test('what is refused changes nothing', async () => {
    const headers = { ...token(), Origin: 'http://evil.example' };
    await send(engine, { host: ADMIN, method: 'POST', path: '/clock/freeze', headers });
    await send(engine, { host: ADMIN, method: 'DELETE', path: `/buckets/${BUCKET}` });
    expect(engine.clock.frozen).toBe(false);
    expect(engine.storage.buckets.get(BUCKET)).toBeDefined();
  });

  test('a browser that asks first hears nothing that lets a page go on', async () => {
    const { status, headers } = await send(engine, {
      ...{ host: ADMIN, method: 'OPTIONS', path: '/clock' },
      headers: {
        Origin: 'http://evil.example',
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'x-darkroom-token',
      },
    });
    expect(status).toBe(403);
    expect(Object.keys(headers).filter((name) => /^access-control/.test(name))).toEqual([]);
  });

  test.for([
    HOST,
    `${BUCKET}.ci.ap-guangzhou.myqcloud.com`,
    'cos.ap-guangzhou.myqcloud.com',
    `admin.cos.ap-guangzhou.localhost`,
    `${ADMIN}.evil.example`,
    `x.${ADMIN}`,
    '127.0.0.1',
    'localhost',
    '',
  ])('the host "%s" does not lead there, token or not', async (host) => {
    for (const path of ['/clock', '/admin/clock', `/${ADMIN}/clock`]) {
      const { status, text } = await send(engine, { host, path, headers: token() });
      expect(status).toBeGreaterThanOrEqual(300);
      expect(text).not.toMatch(/frozen/);
    }
  });

  test('its name may be written with a port, in capitals and with a dot', async () => {
    for (const host of [`${ADMIN}:9000`, ADMIN.toUpperCase(), `${ADMIN}.:80`]) {
      expect((await send(engine, { host, path: '/clock', headers: token() })).status).toBe(200);
    }
  });
});

describe('what it makes of a request it cannot carry out', () => {
  test('an unknown route is answered with those there are', async () => {
    const { status, is } = await admin(engine, 'GET /nowhere');
    expect(status).toBe(404);
    expect(is.error.message).toBe('There is no GET /nowhere');
    expect(is.error.there).toContain('PUT /clock');
    expect(is.error.there).toContain('DELETE /faults/{id}');
  });

  test('every field that is wrong is named, all at once', async () => {
    const { status, is } = await admin(engine, 'POST /faults', {
      effect: 'slow',
      ms: -1,
      percent: 101,
      operations: ['PutObject', 'PutObjekt'],
      colour: 'red',
    });
    expect(status).toBe(400);
    expect(is.error.problems).toEqual([
      'colour is no field here: there are id, effect, operations, bucket, keyPrefix, percent, times, after',
      'operations[1] has to be the name of an operation, such as PutObject',
      'percent has to be a number from 0 to 100',
      'ms has to be a whole number from 0 to 600000',
    ]);
    expect(engine.faults.rules).toEqual([]);
  });

  test.for([
    ['PUT /clock', {}, 'to is missing: it has to be an ISO 8601 time or milliseconds since 1970'],
    ['PUT /clock', { to: 'tomorrow' }, 'to has to be an ISO 8601 time'],
    ['PUT /clock', { to: -1 }, 'to has to be'],
    ['PUT /clock', [], 'the body has to be an object'],
    ['POST /clock/advance', { ms: 1.5 }, 'ms has to be a whole number'],
    ['POST /clock/freeze', { now: true }, 'this takes no body'],
    ['GET /requests?limit=0', undefined, 'limit has to be a whole number from 1 to 1000'],
    ['GET /requests?limit=many', undefined, 'limit has to be a whole number from 1 to 1000'],
    ['GET /requests?order=up', undefined, 'the query has no order'],
    ['GET /events?state=lost', undefined, 'state has to be one of waiting, delivered, dead'],
    ['POST /faults', { effect: 'flood', ms: 1 }, 'effect has to be one of status, slow, cut'],
    ['POST /faults', { effect: 'cut', ms: 1 }, 'ms is no field here'],
    ['POST /faults', { effect: 'cut', ms: 1 }, 'afterBytes is missing'],
    ['POST /faults', { effect: 'status', status: 200 }, 'status has to be'],
    ['POST /faults', { effect: 'status', status: 503, code: 'Oops' }, 'code has to be an error'],
    ['PUT /snapshots/..%2Fout', undefined, 'No snapshot can be called "../out"'],
    ['PUT /buckets/Shop', {}, '"Shop" cannot name a bucket'],
    ['PUT /buckets/a-12345', { acl: 'default' }, 'acl has to be one of'],
    ['PUT /buckets/a-12345', { cors: [{ allowedOrigins: ['*'] }] }, 'cors[0].allowedMethods is m'],
    ['POST /users/__proto__', { policies: [] }, 'the name has to be'],
    ['POST /users/x', { policies: ['__proto__'] }, 'policies[0] has to be'],
    ['PUT /policies/AdministratorAccess', { document: {} }, 'a policy that every account has'],
    ['PUT /policies/mine', { document: {} }, 'its version is not "2.0"'],
    ['PUT /policies/mine', { document: '{}' }, 'document has to be a JSON object'],
    ['POST /temporary-keys', { seconds: 0 }, 'seconds has to be a whole number from 1 to 129600'],
    ['POST /temporary-keys', { role: 'a', user: 'b' }, 'role and user exclude each other'],
  ] as const)('%s %j: %s', async ([what, body, says]) => {
    const { status, is } = await admin(engine, what, body);
    expect(status).toBe(400);
    expect(is.error.message).toContain(says);
  });

  test.for([
    ['DELETE /faults/none', 'fault "none"'],
    ['POST /snapshots/none/load', 'snapshot "none"'],
    ['DELETE /snapshots/none', 'snapshot "none"'],
    ['POST /events/none/replay', 'event "none"'],
    ['POST /events/none/duplicate', 'event "none"'],
    [`DELETE /notifications/${BUCKET}/none`, `notification "none" of "${BUCKET}"`],
    ['DELETE /buckets/none-12345', 'bucket "none-12345"'],
    ['DELETE /users/none', 'user "none"'],
    ['DELETE /roles/toString', 'role "toString"'],
    ['DELETE /policies/AdministratorAccess', 'policy "AdministratorAccess"'],
  ] as const)('%s: there is none', async ([what, missing]) => {
    const { status, is } = await admin(engine, what);
    expect(status).toBe(404);
    expect(is.error.message).toBe(`There is no ${missing}`);
  });

  const hostile: readonly (readonly [what: string, body: string, status: number])[] = [
    ['more than a megabyte', `{"ms":${'1'.repeat(1024 * 1024)}}`, 413],
    ['a hundred thousand brackets', '['.repeat(100_000), 413],
    ['no JSON', '{"ms":', 400],
    ['NUL', '{"ms":"\\u0000"}', 400],
    ['half a character', '{"ms":"\\ud800"}', 400],
    ['__proto__', '{"__proto__":{"ms":5},"constructor":1}', 400],
    ['a hundred thousand fields', `{${'"a":1,'.repeat(100_000)}"ms":1}`, 400],
  ];

  test.for(hostile)('a body of %s is refused', async ([, body, status]) => {
    const before = engine.clock.now();
    const headers = { 'x-darkroom-token': engine.adminToken };
    const sent = { host: ADMIN, method: 'POST', path: '/clock/advance', headers, body };
    const answer = await send(engine, sent);
    expect(answer.status).toBe(status);
    expect(answer.text.length).toBeLessThan(2000);
    expect(engine.clock.now() - before).toBeLessThan(60_000);
  });
});
