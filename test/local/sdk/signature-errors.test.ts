import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, KEYS, REGION } from '../engine-for-tests.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';
import { errorOf } from './error-of.ts';
import { escaped, type Oddities, sendByHand, signByHand, type ToSend } from './signed-by-hand.ts';

const started = await engineForTests();
const { engine } = started;
const { port } = engine;
afterAll(() => started.stop());

beforeAll(async () => {
  await engine.storage.objects.put(BUCKET, 'in/cat.png', Buffer.from('cat'));
});

const get = { method: 'GET', path: '/in/cat.png' };
const send = (sent: Partial<ToSend>, odd?: Oddities) => sendByHand(port, { ...get, ...sent }, odd);

/** Signed for one thing and sent as another. */
async function sentAs(line: string, signed: Parameters<typeof signByHand>[0], more = {}) {
  const { text } = signByHand(signed);
  const headers = { Host: HOST, Authorization: text, ...more };
  return rawRequest(port, { line, headers, ...(/^PUT/.test(line) && { body: 'x' }) });
}

test('a refused signature comes with the two texts that the service made', async () => {
  const query = { 'response-content-type': 'a/b', 'x y': '' };
  const headers = { 'x-cos-meta-owner': "it's (me)*" };
  const sent = { method: 'PUT', path: '/in/a b+图&<c>.png', query, headers, body: 'x' };
  const answer = await send({ ...sent, keys: { ...KEYS, secretKey: 'wrong' } });
  const error = errorOf(answer);
  expect(error).toMatchObject({
    status: 403,
    Code: 'SignatureDoesNotMatch',
    Message: 'The Signature you specified is invalid.',
    Resource: '/in/a%20b%2B%E5%9B%BE%26%3Cc%3E.png',
  });
  const { httpString } = signByHand({ ...sent, headers: { host: HOST, ...headers } });
  // Read from the body itself: the client's reader of XML trims what the texts end with.
  const texts = textsIn(answer);
  expect(texts['FormatString']).toBe(httpString);
  const [algorithm, , digest, ...rest] = texts['StringToSign']?.split('\n') ?? [];
  expect([algorithm, digest, rest]).toEqual([
    'sha1',
    createHash('sha1').update(httpString).digest('hex'),
    [''],
  ]);
});

function textsIn({ body }: RawAnswer): Record<string, string> {
  const found = body.toString().matchAll(/<(StringToSign|FormatString)>([^<]*)</g);
  return Object.fromEntries(
    [...found].map(([, name = '', text = '']) => [
      name,
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&apos;', "'")
        .replaceAll('&amp;', '&'),
    ]),
  );
}

const MISTAKES: readonly (readonly [what: string, says: RegExp, send: () => Promise<RawAnswer>])[] =
  [
    [
      'another method',
      /method PUT, but the request came as GET/,
      () => sentAs('GET /in/cat.png', { ...get, method: 'PUT' }),
    ],
    [
      'a path that was still encoded',
      /path still encoded/,
      () => sentAs('GET /in/a%20b.png', { ...get, path: '/in/a%20b.png' }),
    ],
    [
      'a plus that arrives as a space',
      /raw \+, which is read as a space: send %2B/,
      () => sentAs('GET /in/a+b.png', { ...get, path: '/in/a+b.png' }),
    ],
    [
      'a path without its slash',
      /without its leading slash/,
      () => sentAs('GET /in/cat.png', { ...get, path: 'in/cat.png' }),
    ],
    [
      'one slash of several',
      /one slash where the path has several/,
      () => sentAs('GET /in//cat.png', get),
    ],
    [
      'a content type that was changed on the way',
      /content-type/,
      () =>
        sentAs(
          'PUT /in/cat.png',
          { ...get, method: 'PUT', headers: { 'content-type': 'image/png' } },
          { 'Content-Type': 'application/octet-stream' },
        ),
    ],
    [
      'a header that is not there',
      /covers the header x-cos-meta-owner, which the request does not have/,
      () => sentAs('GET /in/cat.png', { ...get, headers: { 'x-cos-meta-owner': 'me' } }),
    ],
    [
      'a header that the list does not name',
      /signed the header date, but q-header-list does not name it/,
      () => send({ headers: { date: 'Thu, 16 May 2019 06:45:51 GMT' } }, { headerList: 'host' }),
    ],
    [
      'the bytes of SignKey',
      /bytes of SignKey as the key/,
      () => send({}, { signKey: (key) => Buffer.from(key, 'hex') }),
    ],
    [
      'the SecretKey itself',
      /SecretKey itself, without making SignKey/,
      () => send({}, { signKey: (_key, _time, secretKey) => secretKey }),
    ],
    [
      'no line break at the end of HttpString',
      /line break that ends HttpString/,
      () => send({}, { httpString: (text) => text.slice(0, -1) }),
    ],
    [
      'no line break at the end of StringToSign',
      /line break that ends StringToSign/,
      () => send({}, { stringToSign: (text) => text.slice(0, -1) }),
    ],
    [
      'a SecretKey with a line break behind it',
      /SecretKey ends with a line break/,
      () => send({ keys: { ...KEYS, secretKey: `${KEYS.secretKey}\n` } }),
    ],
    [
      'values that were not encoded',
      /did not encode the values of its headers/,
      () =>
        send(
          { headers: { 'x-cos-meta-a': 'b c' } },
          { httpString: (text) => text.replace('b%20c', 'b c') },
        ),
    ],
    [
      'the names of the headers in capitals',
      /mixed case/,
      () => send({}, { httpString: (text) => text.replace('host=', 'Host=') }),
    ],
    [
      'the host of the processing service',
      new RegExp(`host .*\\.ci\\.${REGION}.*Host header is`),
      () => sentAs('GET /in/cat.png', { ...get, headers: { host: HOST.replace('.cos.', '.ci.') } }),
    ],
    [
      'a parameter that was changed',
      /response-content-type/,
      () => {
        const query = { 'response-content-type': 'image/png' };
        return sentAs('GET /in/cat.png?response-content-type=image%2Fpng+', { ...get, query });
      },
    ],
  ];

test.for(MISTAKES)('a client that signed %s hears of it: %s', async ([, says, sent]) => {
  const answer = await sent();
  expect(errorOf(answer)).toMatchObject({ status: 403, Code: 'SignatureDoesNotMatch' });
  expect(answer.headers['x-darkroom-difference']).toMatch(says);
  const [logged] = engine.requests.list(1);
  expect(logged?.difference).toMatch(says);
});

test('a client that came by the address but signed the real name hears which it was', async () => {
  const { text } = signByHand({ ...get, headers: { host: HOST } });
  const address = `127.0.0.1:${port}`;
  for (const line of [`GET /${BUCKET}/in/cat.png`, 'GET /in/cat.png']) {
    const answer = await rawRequest(port, {
      line,
      headers: { Host: address, Authorization: text },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-darkroom-difference']).toContain(
      `The client signed the host "${HOST}", but the Host header is "${address}"`,
    );
  }
});

test('a client that mixed up two keys hears which it was', async () => {
  const user = await engine.identities.putUser('editor', ['AdministratorAccess']);
  const mixed = { secretId: KEYS.secretId, secretKey: user.secretKey };
  const difference = (answer: RawAnswer) => answer.headers['x-darkroom-difference'];
  expect(difference(await send({ keys: mixed }))).toContain(`SecretKey of ${user.secretId}`);
  const other = { secretId: user.secretId, secretKey: KEYS.secretKey };
  expect(difference(await send({ keys: other }))).toContain(`SecretKey of ${KEYS.secretId}`);
});

test('what cannot be guessed shows what the service would have signed', async () => {
  const answer = await send({ keys: { ...KEYS, secretKey: 'another altogether' } });
  expect(answer.headers['x-darkroom-difference']).toMatch(/compare its HttpString with ours/);
  expect(answer.headers['x-darkroom-difference']).toContain(escaped(HOST));
});

test('the explanation and the log never show a token or a key', async () => {
  const keys = await engine.identities.temporaryKey({ owner: true }, 600);
  const headers = { 'x-cos-security-token': keys.token };
  const wrong = { ...keys, secretKey: 'wrong' };
  const answer = await send({ keys: wrong, headers });
  expect(answer.status).toBe(403);
  const shown = JSON.stringify([answer.headers, engine.requests.list(1)]);
  expect(shown).not.toContain(keys.token);
  expect(shown).not.toContain(keys.secretKey);
});
