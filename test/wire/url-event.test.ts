import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readUrlEvent,
  readUrlReply,
  type UrlEvent,
  writeUrlEvent,
} from '../../shared/wire/url-event.ts';
import { anyJsonText } from './any-characters.ts';
import { refusedOrRead } from './wire-format.ts';

const EVENT = {
  httpMethod: 'POST',
  path: '/process',
  queryString: { rule: 'goods-matting', dryRun: '1' },
  headers: { 'content-type': 'application/json', 'x-scf-remote-addr': '203.0.113.24' },
  body: '{"bucket":"studio-1300001234","key":"incoming/a.jpg"}',
};

const REQUEST: UrlEvent = {
  method: 'POST',
  path: '/process',
  query: { rule: 'goods-matting', dryRun: '1' },
  headers: { 'content-type': 'application/json', 'x-scf-remote-addr': '203.0.113.24' },
  body: '{"bucket":"studio-1300001234","key":"incoming/a.jpg"}',
};

describe('a request to the address of a function', () => {
  test('is read and written', () => {
    expect(readUrlEvent(EVENT)).toEqual(REQUEST);
    expect(writeUrlEvent(REQUEST)).toStrictEqual(EVENT);
  });

  test('needs no more than a method and a path', () => {
    const event = { httpMethod: 'get', path: '/', body: null, headers: null };
    expect(readUrlEvent(event)).toEqual({
      method: 'GET',
      path: '/',
      query: {},
      headers: {},
      body: '',
    });
  });

  test('has its headers in lower case and all values as text', () => {
    const event = {
      httpMethod: 'GET',
      path: '/%E7%8C%AB',
      queryString: { n: 1, on: true, list: ['a', 2, null], none: null, deep: { a: 1 } },
      headers: { 'X-Request-ID': 'r', Accept: ['text/html', '*/*'] },
    };
    expect(readUrlEvent(event)).toEqual({
      method: 'GET',
      path: '/%E7%8C%AB',
      query: { n: '1', on: 'true', list: 'a, 2, ' },
      headers: { 'x-request-id': 'r', accept: 'text/html, */*' },
      body: '',
    });
    expect(writeUrlEvent({ ...REQUEST, headers: { ETag: 'e' } })).toMatchObject({
      headers: { etag: 'e' },
    });
  });

  test('may have its body in Base64, when it says so in either type', () => {
    const body = 'eyJhIjoi54yrIn0=';
    expect(readUrlEvent({ ...EVENT, body, isBase64Encoded: true }).body).toBe('{"a":"猫"}');
    expect(readUrlEvent({ ...EVENT, body, isBase64Encoded: 'true' }).body).toBe('{"a":"猫"}');
    expect(readUrlEvent({ ...EVENT, body, isBase64Encoded: false }).body).toBe(body);
  });

  test('may come from the retired gateway, which says more', () => {
    const event = {
      ...EVENT,
      requestContext: { path: '/process', httpMethod: 'POST', stage: 'release' },
      pathParameters: {},
      queryStringParameters: {},
      headerParameters: {},
      stageVariables: { stage: 'release' },
    };
    expect(readUrlEvent(event)).toEqual(REQUEST);
  });

  test('cannot name what every object has', () => {
    const text =
      '{"httpMethod":"GET","path":"/","queryString":{"__proto__":"a","constructor":"b"},"headers":{"__proto__":{"x":"y"}}}';
    const { query, headers } = readUrlEvent(JSON.parse(text));
    expect(Object.entries(query)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(query.toString).toBeUndefined();
    expect(headers.x).toBeUndefined();
  });
});

test.for([
  ['nothing', undefined],
  ['an event of COS', { Records: [] }],
  ['a request without a path', { httpMethod: 'GET' }],
  ['a request without a method', { path: '/' }],
  ['a body that is an object', { ...EVENT, body: { a: 1 } }],
  ['a body that is not its Base64', { ...EVENT, body: '{"a":1}', isBase64Encoded: true }],
  ['bytes that are no text', { ...EVENT, body: '/w==', isBase64Encoded: true }],
] as const)('%s is refused', ([, event]) => {
  expect(() => readUrlEvent(event)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(?:EVENT|JSON)_UNREADABLE$/) }),
  );
});

const many = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`x-${at}`, '1']));

test.for([
  ['seven megabytes', { ...EVENT, body: 'a'.repeat(7_000_000) }],
  ['ten megabytes of Base64', { ...EVENT, body: 'A'.repeat(10_000_000), isBase64Encoded: true }],
  ['a thousand and one headers', { ...EVENT, headers: many }],
  ['a thousand and one parameters', { ...EVENT, queryString: many }],
] as const)('%s are more than is read', ([, event]) => {
  expect(() => readUrlEvent(event)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
});

test.for([
  [
    { statusCode: 202, headers: { 'Content-Type': 'text/plain' }, body: 'ok' },
    { statusCode: 202, headers: { 'content-type': 'text/plain' }, body: 'ok' },
  ],
  [
    { statusCode: 303, headers: { Location: 'https://a' } },
    { statusCode: 303, headers: { location: 'https://a' }, body: '' },
  ],
  [
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: {}, body: '{"a":1}' },
  ],
  ['hello', { statusCode: 200, headers: {}, body: 'hello' }],
  [
    { jobId: 'a1' },
    { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"jobId":"a1"}' },
  ],
  [
    { statusCode: 99 },
    { statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"statusCode":99}' },
  ],
  [undefined, { statusCode: 200, headers: { 'content-type': 'application/json' }, body: 'null' }],
] as const)('a function that returned %j answers %j', ([returned, reply]) => {
  expect(readUrlReply(returned)).toEqual(reply);
});

test('every request comes back as it was, and whatever else comes only faults are thrown', () => {
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const request: fc.Arbitrary<UrlEvent> = fc.record({
    method: fc.constantFrom('GET', 'POST', 'OPTIONS'),
    path: fc.stringMatching(/^\/[a-z0-9%/.-]{0,20}$/),
    query: fc.dictionary(names, anyJsonText),
    headers: fc.dictionary(names, anyJsonText),
    body: anyJsonText,
  });
  fc.assert(
    fc.property(request, fc.jsonValue(), (value, other) => {
      expect(readUrlEvent(JSON.parse(JSON.stringify(writeUrlEvent(value))))).toEqual(value);
      refusedOrRead(() => readUrlEvent(other));
      refusedOrRead(() => readUrlReply(other));
      refusedOrRead(() => readUrlEvent({ ...EVENT, headers: other, queryString: other }));
    }),
  );
});
