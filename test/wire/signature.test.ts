import COS from 'cos-nodejs-sdk-v5';
import { describe, expect, test } from 'vitest';
import { authorization, headersToSign, presign } from '../../shared/wire/signature.ts';
import { AWKWARD } from './signature-awkward.ts';
import {
  DOCUMENTED,
  DOCUMENTED_VECTORS,
  HOST,
  KEYS,
  VECTORS,
  WINDOW,
} from './signature-vectors.ts';

const KEY_TIME = `${WINDOW.fromSeconds};${WINDOW.untilSeconds}`;

describe('the signature', () => {
  test.for(DOCUMENTED_VECTORS)('of the documented sample $name is the documented one', (sample) => {
    const signed = authorization(sample.request, DOCUMENTED, sample.window);
    expect(signed.split('q-signature=')[1]).toBe(sample.signature);
  });

  test.for(VECTORS)('of the vector $name is right', ({ request, signature }) => {
    expect(authorization(request, KEYS, WINDOW).split('q-signature=')[1]).toBe(signature);
  });

  test('stands in one line, with the lists of what it covers', () => {
    const signed = authorization(VECTORS[1]?.request ?? { method: '', path: '' }, KEYS, WINDOW);
    expect(signed).toBe(
      'q-sign-algorithm=sha1&q-ak=test-secret-id&q-sign-time=1700000000;1700003600&q-key-time=1700000000;1700003600' +
        '&q-header-list=content-length;host;pic-operations&q-url-param-list=image_process&q-signature=4732b475071be75efca47055d0230367e044ce4a',
    );
  });

  test.for(AWKWARD)('of a request with $what is the one of the Node SDK', ({ request }) => {
    const { method, path, query = {}, headers = {} } = request;
    const theirs = COS.getAuthorization({
      SecretId: KEYS.secretId,
      SecretKey: KEYS.secretKey,
      KeyTime: KEY_TIME,
      Method: method as 'GET',
      Pathname: path,
      Query: query,
      Headers: headers,
    });
    const ours = authorization(
      { method, path, query, headers: headersToSign(headers) },
      KEYS,
      WINDOW,
    );
    expect(ours).toBe(theirs);
  });

  test.for(['', 'x'.repeat(64), 'x'.repeat(65), 'geheim-ü', '图'.repeat(40)])(
    'with the secret key "%s" is the one of the Node SDK',
    (secretKey) => {
      const request = { method: 'GET', path: '/a', headers: { host: HOST } };
      const ours = authorization(request, { secretId: 'id', secretKey: `k${secretKey}` }, WINDOW);
      const theirs = COS.getAuthorization({
        SecretId: 'id',
        SecretKey: `k${secretKey}`,
        KeyTime: KEY_TIME,
        Method: 'GET',
        Pathname: '/a',
        Headers: { host: HOST },
      });
      expect(ours).toBe(theirs);
    },
  );

  test('covers every header given to it, and headersToSign leaves out what proxies may change', () => {
    const headers = { Host: HOST, 'User-Agent': 'x', Accept: '*/*', 'X-Cos-Acl': 'private' };
    expect(Object.keys(headersToSign(headers))).toEqual(['Host', 'X-Cos-Acl']);
    const signed = authorization({ method: 'GET', path: '/', headers }, KEYS, WINDOW);
    expect(signed).toContain('q-header-list=accept;host;user-agent;x-cos-acl&');
  });
});

describe('a presigned address', () => {
  const base = `https://${HOST}`;

  /** The Node SDK takes the time itself, so its window is read from its own answer. */
  function bySdk(what: {
    path: string;
    method: string;
    query?: Record<string, string>;
    headers?: Record<string, string>;
    token?: string;
  }) {
    const cos = new COS({
      SecretId: KEYS.secretId,
      SecretKey: KEYS.secretKey,
      ...(what.token === undefined ? {} : { SecurityToken: what.token }),
      UseRawKey: true,
    });
    const url = cos.getObjectUrl(
      {
        Bucket: 'examplebucket-1250000000',
        Region: 'ap-guangzhou',
        Key: what.path.slice(1),
        Method: what.method as 'GET',
        Query: what.query ?? {},
        Headers: what.headers ?? {},
        Sign: true,
        Expires: 600,
      },
      () => {},
    );
    const [, from, until] = /q-sign-time=(\d+);(\d+)/.exec(url) ?? [];
    return { url, window: { fromSeconds: Number(from), untilSeconds: Number(until) } };
  }

  test('is the documented one for an object', () => {
    const request = { method: 'GET', path: '/exampleobject', headers: { host: HOST } };
    expect(presign(base, request, KEYS, WINDOW)).toBe(
      `https://${HOST}/exampleobject?q-sign-algorithm=sha1&q-ak=test-secret-id&q-sign-time=1700000000;1700003600` +
        '&q-key-time=1700000000;1700003600&q-header-list=host&q-url-param-list=&q-signature=8b87515278ab9157458ffafa4e19c6863af58d19',
    );
  });

  test.for(AWKWARD.filter(({ request }) => request.path !== '/'))(
    'of a request with $what is the one of the Node SDK',
    ({ request }) => {
      const { method, path, query = {} } = request;
      const { url, window } = bySdk({ method, path, query });
      const ours = presign(base, { method, path, query, headers: { host: HOST } }, KEYS, window);
      expect(ours).toBe(url);
    },
  );

  test('of an upload covers the content type, as the Node SDK does', () => {
    const headers = { 'Content-Type': 'image/png' };
    const { url, window } = bySdk({ method: 'PUT', path: '/a.png', headers });
    const request = { method: 'PUT', path: '/a.png', headers: { ...headers, host: HOST } };
    expect(presign(base, request, KEYS, window)).toBe(url);
  });

  test('carries the token of a temporary key, escaped', () => {
    const request = { method: 'GET', path: '/a', headers: { host: HOST } };
    const url = presign(base, request, { ...KEYS, token: 'tok+/=' }, WINDOW);
    expect(url).toMatch(/&q-signature=[0-9a-f]{40}&x-cos-security-token=tok%2B%2F%3D$/);
    const plain = bySdk({ method: 'GET', path: '/a', token: 'token' });
    expect(presign(base, request, { ...KEYS, token: 'token' }, plain.window)).toBe(plain.url);
  });
});
