import { createHash } from 'node:crypto';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST } from '../engine-for-tests.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';
import { escaped, sendByHand, signByHand } from './signed-by-hand.ts';

// What clients in other languages put on the wire, as recorded from them, byte for byte.

const started = await engineForTests();
const { engine } = started;
const { port } = engine;
afterAll(() => started.stop());

const stored = (key: string) => engine.storage.objects.head(BUCKET, key);
const keysIn = ({ body }: RawAnswer): string[] => {
  const { Contents = [] } = COS.util.xml2json(body.toString()).ListBucketResult;
  return [Contents].flat().map(({ Key }: { Key: string }) => Key);
};

beforeAll(async () => {
  for (const key of ['in/cat.png', 'in/a b.png']) {
    await engine.storage.objects.put(BUCKET, key, Buffer.from(key));
  }
});

describe('Go', () => {
  test('sends the slashes of a key as %2F, and leaves sub-delimiters as they are', async () => {
    const key = "go/a!*'()b.png";
    const { text } = signByHand({ method: 'PUT', path: `/${key}`, headers: { host: HOST } });
    const answer = await rawRequest(port, {
      line: "PUT /go%2Fa!*'()b.png",
      headers: { Host: HOST, Authorization: text },
      body: 'hello',
    });
    expect(answer.status).toBe(200);
    expect(stored(key)?.size).toBe(5);
    // It computes this itself and fails the upload where it differs.
    expect(answer.headers['x-cos-hash-crc64ecma']).toBe('11177612005948864433');
  });

  test('writes a space in the query as +, and signs it as %20', async () => {
    const query = { prefix: 'in/a b', delimiter: '', marker: '' };
    const signature = signByHand({ method: 'GET', path: '/', query, headers: { host: HOST } });
    const answer = await rawRequest(port, {
      line: 'GET /?delimiter=&marker=&prefix=in%2Fa+b',
      headers: { Host: HOST, Authorization: signature.text },
    });
    expect(keysIn(answer)).toEqual(['in/a b.png']);
  });

  test('sends options that were not set as empty ones, and they count as absent', async () => {
    const names = ['prefix', 'delimiter', 'marker', 'encoding-type', 'max-keys'];
    const query = Object.fromEntries(names.map((name) => [name, '']));
    const answer = await sendByHand(port, { method: 'GET', path: '/', query });
    expect(answer.status).toBe(200);
    expect(keysIn(answer)).toContain('in/cat.png');
    expect(answer.body.toString()).toContain('<MaxKeys>1000</MaxKeys>');
    expect(answer.body.toString()).not.toContain('EncodingType');
  });

  test('signs the values of a parameter that comes twice in their order', async () => {
    const { text } = signByHand(
      { method: 'GET', path: '/in/cat.png', headers: { host: HOST } },
      {
        parameterList: 'tag;tag',
        httpString: (lines) => lines.replace('\n\nhost', '\ntag=a&tag=b\nhost'),
      },
    );
    const answer = await rawRequest(port, {
      line: 'GET /in%2Fcat.png?tag=b&tag=a',
      headers: { Host: HOST, Authorization: text },
    });
    expect(answer.status).toBe(200);
  });

  test('names the source of a copy with its slashes escaped', async () => {
    const source = { 'x-cos-copy-source': `${HOST}/in%2Fa%20b.png` };
    const put = { method: 'PUT', path: '/go/copy.png', headers: source };
    expect(await sendByHand(port, { ...put, body: '' })).toMatchObject({ status: 200 });
    expect(stored('go/copy.png')?.size).toBe(10);
  });
});

describe('Python', () => {
  test('signs the host without its port', async () => {
    const { text } = signByHand({ method: 'GET', path: '/in/cat.png', headers: { host: HOST } });
    for (const sent of [`${HOST}:${port}`, `${HOST}:80`, HOST]) {
      const answer = await rawRequest(port, {
        line: 'GET /in/cat.png',
        headers: { Host: sent, Authorization: text },
      });
      expect(answer.status).toBe(200);
    }
  });

  test('sends dots of a key as .%2F', async () => {
    const { text } = signByHand({ method: 'PUT', path: '/a/./b/../c', headers: { host: HOST } });
    const answer = await rawRequest(port, {
      line: 'PUT /a/.%2Fb/..%2Fc',
      headers: { Host: HOST, Authorization: text },
      body: 'dots',
    });
    expect(answer.status).toBe(200);
    expect(stored('a/./b/../c')?.size).toBe(4);
  });

  test('sends metadata as bytes of UTF-8, and gets the same bytes back', async () => {
    const asBytes = (text: string) => Buffer.from(text).toString('latin1');
    const headers = { host: HOST, 'x-cos-meta-title': '猫 à la carte' };
    const { text } = signByHand({ method: 'PUT', path: '/titled', headers });
    const title = asBytes(headers['x-cos-meta-title']);
    const answer = await rawRequest(port, {
      line: 'PUT /titled',
      headers: { Host: HOST, 'x-cos-meta-title': title, Authorization: text },
      body: 'x',
    });
    expect(answer.status).toBe(200);
    const got = await sendByHand(port, { method: 'HEAD', path: '/titled' });
    expect(got.headers['x-cos-meta-title']).toBe(title);
  });

  test('always asks for escaped keys, with an empty marker', async () => {
    const query = { prefix: 'in/a', 'encoding-type': 'url', marker: '', 'max-keys': '1000' };
    const answer = await sendByHand(port, { method: 'GET', path: '/', query });
    expect(keysIn(answer)).toEqual(['in/a%20b.png']);
  });

  test('reads an error by its four texts, none of them empty', async () => {
    const answer = await sendByHand(port, { method: 'GET', path: '/missing' });
    const { Error: said } = COS.util.xml2json(answer.body.toString());
    for (const name of ['Code', 'Message', 'Resource', 'RequestId'])
      expect(said[name]).toBeTruthy();
  });
});

describe('Java', () => {
  test('compares the ETag of an upload and of each part with its own MD5', async () => {
    const body = 'part of an upload';
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const headers = { 'content-type': 'application/octet-stream' };
    const put = await sendByHand(port, { method: 'PUT', path: '/java', headers, body });
    expect(put.headers['etag']).toBe(etag);
    const upload = { path: '/java', headers, query: { uploads: '' } };
    const begun = await sendByHand(port, { method: 'POST', ...upload, body: '' });
    const { UploadId: uploadId } = COS.util.xml2json(
      begun.body.toString(),
    ).InitiateMultipartUploadResult;
    const query = { partNumber: '1', uploadId };
    const part = await sendByHand(port, { method: 'PUT', ...upload, query, body });
    expect(part.headers['etag']).toBe(etag);
  });

  test('sends its token under the name of the object service, unsigned', async () => {
    const keys = await engine.identities.temporaryKey({ owner: true }, 600);
    const unsigned = { 'x-cos-security-token': keys.token };
    const get = { method: 'GET', path: '/in/cat.png', keys };
    expect(await sendByHand(port, { ...get, unsigned })).toMatchObject({ status: 200 });
    expect(await sendByHand(port, get)).toMatchObject({ status: 403 });
  });
});

describe('PHP', () => {
  test('sends its token under both names', async () => {
    const keys = await engine.identities.temporaryKey({ owner: true }, 600);
    const unsigned = { 'x-cos-security-token': keys.token, 'x-ci-security-token': keys.token };
    const get = { method: 'GET', path: '/in/cat.png', keys, unsigned };
    expect(await sendByHand(port, get)).toMatchObject({ status: 200 });
  });
});

test.for(['x-cos-security-token', 'x-ci-security-token'])(
  'a token may be signed as %s, as Go and Python do',
  async (name) => {
    const keys = await engine.identities.temporaryKey({ owner: true }, 600);
    const get = { method: 'GET', path: '/in/cat.png', keys, headers: { [name]: keys.token } };
    expect(await sendByHand(port, get)).toMatchObject({ status: 200 });
  },
);

describe('a presigned URL', () => {
  const query = { 'response-cache-control': 'no-cache', 'x y': '1' };
  const { text } = signByHand({
    method: 'GET',
    path: '/in/cat.png',
    headers: { host: HOST },
    query,
  });
  const asked = 'response-cache-control=no-cache&x%20y=1';
  const list = 'response-cache-control;x%20y';

  test.for([
    ['Node, with raw semicolons', `${text}&${asked}`],
    ['Go and Python, with escaped ones', `${text.replaceAll(';', '%3B')}&${asked}`],
    [
      'Node, with the list of its parameters encoded twice',
      `${text.replace(list, encodeURIComponent(list).toLowerCase())}&${asked}`,
    ],
    ['Go and PHP, whole in one parameter', `sign=${encodeURIComponent(text)}&${asked}`],
    ['PHP, with a stray & at its end', `${text}&${asked}&`],
    ['PHP, with two of them in the middle', `${text}&&${asked}`],
    ['PHP, with a parameter appended by hand', `${text}&${asked}&anything=else`],
  ] as const)('of %s opens the object', async ([, written]) => {
    expect(text).toContain(`q-url-param-list=${list}&`);
    const answer = await rawRequest(port, {
      line: `GET /in%2Fcat.png?${written}`,
      headers: { Host: HOST },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.body.toString()).toBe('in/cat.png');
  });
});

describe('what every client may do', () => {
  test('both lists of a signature may be empty', async () => {
    const { text } = signByHand({ method: 'GET', path: '/in/cat.png' });
    expect(text).toContain('q-header-list=&q-url-param-list=&');
    const headers = { Host: HOST, Authorization: text };
    const answer = await rawRequest(port, { line: 'GET /in/cat.png', headers });
    expect(answer.status).toBe(200);
  });

  test.for(['HEAD', 'DELETE', 'GET'])('%s may say that it has no body', async (method) => {
    const headers = { 'content-length': '0' };
    const answer = await sendByHand(port, { method, path: '/in/none.png', headers });
    expect(answer.status).toBe(method === 'DELETE' ? 204 : 404);
  });

  test('headers may be empty, and count as absent', async () => {
    const unsigned = {
      'Cache-Control': '',
      'Content-Type': '',
      'Content-Encoding': '',
      'x-cos-acl': '',
      'x-cos-storage-class': '',
      'x-cos-meta-empty': '',
      'Content-MD5': '',
      Range: '',
      'If-Match': '',
    };
    const put = { method: 'PUT', path: '/empty-headers', unsigned, body: 'x' };
    expect(await sendByHand(port, put)).toMatchObject({ status: 200 });
    const get = await sendByHand(port, { method: 'GET', path: '/empty-headers', unsigned });
    expect(get).toMatchObject({ status: 200 });
    expect(get.headers).not.toHaveProperty('x-cos-meta-empty');
    expect(get.headers).not.toHaveProperty('cache-control');
  });

  test('the mark of a retry is ignored, signed or not', async () => {
    const mark = { 'x-cos-sdk-retry': 'true' };
    const get = { method: 'GET', path: '/in/cat.png' };
    expect(await sendByHand(port, { ...get, headers: mark })).toMatchObject({ status: 200 });
    expect(await sendByHand(port, { ...get, unsigned: mark })).toMatchObject({ status: 200 });
  });

  test('the official samples sign the date and the host', async () => {
    const headers = { date: new Date().toUTCString() };
    const get = { method: 'GET', path: '/in/cat.png', headers };
    expect(await sendByHand(port, get)).toMatchObject({ status: 200 });
  });

  test('XML comes with any content type or none', async () => {
    const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';
    const put = { method: 'PUT', path: '/in/cat.png', query: { tagging: '' }, body };
    expect(await sendByHand(port, put)).toMatchObject({ status: 200 });
    const headers = { 'content-type': 'text/plain' };
    expect(await sendByHand(port, { ...put, headers })).toMatchObject({ status: 200 });
  });

  test('the order of a list is the client’s own', async () => {
    const type = 'image/png';
    const { text } = signByHand(
      { method: 'GET', path: '/in/cat.png' },
      {
        headerList: 'x-cos-meta-b;host;content-type',
        httpString: (lines) =>
          lines.replace(/\n$/, `x-cos-meta-b=2&host=${HOST}&content-type=${escaped(type)}\n`),
      },
    );
    const answer = await rawRequest(port, {
      line: 'GET /in/cat.png',
      headers: { Host: HOST, 'Content-Type': type, 'X-COS-Meta-B': '2', Authorization: text },
    });
    expect(answer.status).toBe(200);
  });
});

test('a browser that asks first hears what it may send, and may read ETag and request id', async () => {
  const rule = {
    allowedOrigins: ['*'],
    allowedMethods: ['PUT', 'POST'],
    allowedHeaders: ['*'],
    exposeHeaders: [],
  };
  await engine.storage.buckets.setDocument(BUCKET, 'cors', { rules: [rule] });
  const headers = {
    Host: HOST,
    Origin: 'http://localhost:5173',
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'authorization,cache-control,pic-operations,x-cos-meta-owner',
  };
  const answer = await rawRequest(port, { line: 'OPTIONS /in%2Fcat.png', headers });
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization,cache-control,pic-operations,x-cos-meta-owner',
      'access-control-expose-headers': 'ETag,x-cos-request-id',
    },
  });
  await engine.storage.buckets.setDocument(BUCKET, 'cors', undefined);
});

test('PicGo, which signs the colon of a port as it is, hears of that', async () => {
  const host = `${HOST}:${port}`;
  const { text } = signByHand(
    { method: 'GET', path: '/in/cat.png', headers: { host } },
    { httpString: (lines) => lines.replace('%3A', ':') },
  );
  const headers = { Host: host, Authorization: text };
  const answer = await rawRequest(port, { line: 'GET /in/cat.png', headers });
  expect(answer.status).toBe(403);
  expect(answer.headers['x-darkroom-difference']).toContain('without encoding the colon');
});
