import { createHash } from 'node:crypto';
import { assert, constantFrom, dictionary, property, record, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { encodePath, percentEncode } from '../../shared/wire/percent.ts';
import { authorization, presign, type Unsigned } from '../../shared/wire/signature.ts';
import { readSignature, type SentRequest } from '../../shared/wire/signature-read.ts';
import { verify } from '../../shared/wire/signature-verify.ts';
import { awkwardText } from './percent-text.ts';
import { AWKWARD } from './signature-awkward.ts';
import { HOST, KEYS, PIC_OPERATIONS, VECTORS, WINDOW, WITHIN } from './signature-vectors.ts';

/** The request on the wire, signed in its header. */
function send(request: Unsigned, asSent: Partial<SentRequest> = {}): SentRequest {
  const headers = Object.entries(request.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    Buffer.from(value, 'utf8').toString('latin1'),
  ]);
  return {
    method: request.method,
    rawPath: encodePath(request.path),
    rawQuery: queryOf(request.query ?? {}),
    ...asSent,
    headers: {
      ...Object.fromEntries(headers),
      authorization: authorization(request, KEYS, WINDOW),
      ...asSent.headers,
    },
  };
}

function queryOf(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

function check(request: SentRequest, nowMs = WITHIN, secretKey = KEYS.secretKey) {
  const claimed = readSignature(request);
  if (!claimed) throw new Error('The request is anonymous');
  return verify(request, claimed, secretKey, nowMs);
}

const plain: Unsigned = { method: 'GET', path: '/in/cat.png', headers: { host: HOST } };

describe('a request is accepted', () => {
  test.for(VECTORS)('as in the vector $name', ({ request }) => {
    expect(check(send(request)).status).toBe('ok');
  });

  test.for(AWKWARD)('with $what', ({ request }) => {
    expect(check(send(request)).status).toBe('ok');
  });

  test.for(AWKWARD)('with $what, from its address alone', ({ request }) => {
    const { method, path, query = {} } = request;
    const url = presign(`http://${HOST}`, { method, path, query }, KEYS, WINDOW);
    const [rawPath = '', rawQuery = ''] = url.slice(`http://${HOST}`.length).split('?');
    expect(check({ method, rawPath, rawQuery, headers: { host: HOST } }).status).toBe('ok');
  });

  test('and says what of it is protected', () => {
    const signed = { ...plain, query: { acl: '' } };
    expect(check(send(signed, { rawQuery: 'acl&versionId=1' }))).toEqual({
      status: 'ok',
      rawPath: '/in/cat.png',
      headers: ['host'],
      parameters: ['acl'],
    });
  });

  test.for([
    ['its host was signed without the port', {}, { headers: { host: `${HOST}:9000` } }],
    ['slashes of its key come escaped', {}, { rawPath: '/in%2Fcat.png' }],
    ['letters of its key come escaped', {}, { rawPath: '/%69n/%63at.png' }],
    ['a raw + in its path was signed as a space', { path: '/a b' }, { rawPath: '/a+b' }],
    ['sub-delimiters come raw', { path: "/a!*'()b" }, { rawPath: "/a!*'()b" }],
    ['./ comes as .%2F', { path: '/./a' }, { rawPath: '/.%2Fa' }],
    ['raw UTF-8 comes on the line', { path: '/图' }, { rawPath: '/\xe5\x9b\xbe' }],
    ['a space of its query comes as +', { query: { prefix: 'a b' } }, { rawQuery: 'prefix=a+b' }],
    ['unsigned parameters were added', {}, { rawQuery: 'ci-process=GoodsMatting' }],
    ['unsigned headers were added', {}, { headers: { 'cache-control': '' } }],
    [
      'a value it signed is missing where it was empty',
      { query: { acl: '' } },
      { rawQuery: 'acl' },
    ],
    [
      'the bucket stands in its path but was not signed',
      {},
      { rawPath: '/examplebucket-1250000000/in/cat.png', otherPaths: ['/in/cat.png'] },
    ],
    [
      'bucket in the path and port in the host were both not signed',
      {},
      { rawPath: '/b-1/in/cat.png', otherPaths: ['/in/cat.png'], headers: { host: `${HOST}:1` } },
    ],
    [
      'a header comes twice',
      { headers: { 'x-cos-meta-a': '1, 2' } },
      { headers: { 'x-cos-meta-a': ['1', '2'] } },
    ],
  ] as const satisfies readonly (readonly [string, Partial<Unsigned>, Partial<SentRequest>])[])(
    'when %s',
    ([, signed, asSent]) => {
      expect(check(send({ ...plain, ...signed }, asSent)).status).toBe('ok');
    },
  );

  test('when the bucket was not signed, and says which path was', () => {
    const request = send(plain, { rawPath: '/b-1/in/cat.png', otherPaths: ['/in/cat.png'] });
    expect(check(request)).toMatchObject({ status: 'ok', rawPath: '/in/cat.png' });
  });

  test.for([
    ['sorted, as the Go SDK signs them', ['2', '10', '1'], ['1', '10', '2']],
    ['in the order they are sent in', ['2', '10', '1'], ['2', '10', '1']],
  ] as const)(
    'when a parameter comes three times, its values %s',
    ([, sentValues, signedValues]) => {
      // A record cannot say a name twice but in two cases, which is the same to the signature.
      const query = Object.fromEntries(
        signedValues.map((value, at) => [['part', 'Part', 'PART'][at], value]),
      );
      const rawQuery = sentValues.map((value) => `part=${value}`).join('&');
      expect(check(send({ ...plain, query }, { rawQuery })).status).toBe('ok');
    },
  );
});

describe('the lists of a presigned address are read', () => {
  const query = { 'ci-process': 'GoodsMatting', 'imageMogr2/rotate/90': '' };
  const headers = { host: HOST, 'content-type': 'image/png' };
  const url = presign('', { method: 'GET', path: '/a', query, headers }, KEYS, WINDOW);
  const list = 'ci-process;imagemogr2%2frotate%2f90';

  test.for([
    ['as they are', url],
    ['with escaped semicolons', url.replaceAll(';', '%3B')],
    ['escaped once', url.replace(list, encodeURIComponent(list))],
    ['escaped once in lower case', url.replace(list, encodeURIComponent(list).toLowerCase())],
    ['escaped twice', url.replace(list, encodeURIComponent(encodeURIComponent(list)))],
    ['not escaped at all', url.replace(list, decodeURIComponent(list))],
    ['in upper case', url.replace(list, 'CI-Process;imageMogr2%2Frotate%2F90')],
  ] as const)('%s', ([, address]) => {
    const [rawPath = '', rawQuery = ''] = address.split('?');
    expect(check({ method: 'GET', rawPath, rawQuery, headers }).status).toBe('ok');
  });

  test('wrapped whole into the parameter sign', () => {
    const signed = authorization({ method: 'GET', path: '/a', query, headers }, KEYS, WINDOW);
    const rawQuery = `${queryOf(query)}&sign=${encodeURIComponent(signed)}`;
    expect(check({ method: 'GET', rawPath: '/a', rawQuery, headers }).status).toBe('ok');
  });
});

describe('a token', () => {
  test.for(['x-cos-security-token', 'x-ci-security-token'])(
    'in %s may be signed or not',
    (name) => {
      const token = { [name]: 'tok+/==' };
      const signed = send({ ...plain, headers: { host: HOST, ...token } });
      const unsigned = send(plain, { headers: token });
      expect([check(signed).status, check(unsigned).status]).toEqual(['ok', 'ok']);
    },
  );

  test('may be a signed parameter with a raw plus', () => {
    const query = { 'x-cos-security-token': 'tok+/==' };
    const request = send({ ...plain, query }, { rawQuery: 'x-cos-security-token=tok+/==' });
    expect(check(request).status).toBe('ok');
  });
});

describe('the time of a signature', () => {
  const from = WINDOW.fromSeconds * 1000;
  const until = WINDOW.untilSeconds * 1000;

  test.for([
    ['in its window', from, 'ok'],
    ['in its last second', until + 999, 'ok'],
    ['a second later', until + 1000, 'expired'],
    ['a quarter of an hour early', from - 900_000, 'ok'],
    ['earlier than that', from - 901_000, 'not-yet'],
  ] as const)('%s is %s', ([, now, status]) => {
    expect(check(send(plain), now).status).toBe(status);
  });

  test('is q-sign-time, while the key is made from q-key-time', () => {
    const request = send(plain);
    const times = (name: string, value: string): SentRequest => ({
      ...request,
      headers: {
        ...request.headers,
        authorization: `${request.headers['authorization']}`.replace(
          `${name}=1700000000;1700003600`,
          `${name}=${value}`,
        ),
      },
    });
    expect(check(times('q-sign-time', '1;2')).status).toBe('expired');
    expect(check(times('q-key-time', '1;2')).status).toBe('mismatch');
  });
});

describe('a request is refused', () => {
  test('with the two texts the server made', () => {
    const request = send(VECTORS[1]?.request ?? plain, { rawPath: '/in/dog.jpg' });
    const formatString = `post\n/in/dog.jpg\nimage_process=\ncontent-length=0&host=${HOST}&pic-operations=${percentEncode(PIC_OPERATIONS)}\n`;
    const digest = createHash('sha1').update(formatString).digest('hex');
    expect(check(request)).toEqual({
      status: 'mismatch',
      stringToSign: `sha1\n1700000000;1700003600\n${digest}\n`,
      formatString,
    });
  });

  test.for(VECTORS)('with the text of the vector $name, when its key is another', (vector) => {
    const verdict = check(send(vector.request), WITHIN, 'other-secret-key');
    expect(verdict).toMatchObject({
      status: 'mismatch',
      stringToSign: `sha1\n1700000000;1700003600\n${vector.hash}\n`,
    });
  });

  test.for([
    ['another method', { method: 'PUT' }],
    ['another path', { rawPath: '/in/cat.pn' }],
    ['another host', { headers: { host: 'other-1250000000.cos.ap-guangzhou.myqcloud.com' } }],
    ['no host', { headers: { host: undefined } }],
    ['another value of a parameter', { rawQuery: 'prefix=b' }],
    ['another value of a parameter first', { rawQuery: 'prefix=b&prefix=a' }],
    ['a parameter less', { rawQuery: '' }],
    ['another path allowed that was not signed', { rawPath: '/x', otherPaths: ['/y'] }],
  ] as const satisfies readonly (readonly [string, Partial<SentRequest>])[])(
    'with %s',
    ([, asSent]) => {
      const signed = { ...plain, query: { prefix: 'a' } };
      expect(check(send(signed)).status).toBe('ok');
      expect(check(send(signed, asSent)).status).toBe('mismatch');
    },
  );

  test.for([
    ['empty', ''],
    ['short', 'x'],
    ['in other letters', 'ü'.repeat(40)],
    ['of 40 digits', '0'.repeat(40)],
    ['very long', '0'.repeat(10_000)],
  ] as const)('for a signature that is %s', ([, signature]) => {
    const request = send(plain);
    const claimed = readSignature(request);
    if (!claimed) throw new Error('The request is anonymous');
    const verdict = verify(request, { ...claimed, signature }, KEYS.secretKey, WITHIN);
    expect(verdict.status).toBe('mismatch');
  });

  test('for headers that only every object has', () => {
    const request = send({ ...plain, headers: { host: HOST, constructor: '' } });
    const { constructor: _, ...headers } = request.headers;
    expect(check({ ...request, headers }).status).toBe('ok'); // absent, and signed as empty
    const named = send({ ...plain, headers: { host: HOST, constructor: 'function' } });
    const { constructor: __, ...others } = named.headers;
    expect(check({ ...named, headers: others }).status).toBe('mismatch');
  });

  test('with a fault when its path cannot be decoded', () => {
    expect(() => check(send(plain, { rawPath: '/%E5' }))).toThrow(Fault);
  });
});

const text = awkwardText(20);
const requests = record({
  method: constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
  path: text.map((path) => `/${path}`),
  query: dictionary(stringMatching(/^[a-zA-Z0-9/!;%+ -]{1,12}$/), text, { maxKeys: 5 }),
  headers: dictionary(stringMatching(/^[a-z][a-z0-9-]{0,11}$/), text, { maxKeys: 5 }),
});

test('whatever is signed is accepted, and with another path or method refused', () => {
  assert(
    property(requests, (request) => {
      const sent = send(request);
      expect(check(sent).status).toBe('ok');
      expect(check({ ...sent, rawPath: `${sent.rawPath}x` }).status).toBe('mismatch');
      expect(check({ ...sent, method: 'PATCH' }).status).toBe('mismatch');

      const address = presign('', request, KEYS, WINDOW);
      const end = address.indexOf('?');
      const { authorization: _, ...headers } = sent.headers;
      const { method } = request;
      const rawPath = address.slice(0, end);
      const rawQuery = address.slice(end + 1);
      expect(check({ method, rawPath, rawQuery, headers }).status).toBe('ok');
    }),
  );
});

test('a signature over very many names is checked quickly', () => {
  const query = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`p${at}`, '%2B']));
  const request = send({ ...plain, query });
  const started = Date.now();
  for (let times = 0; times < 20; times++) expect(check(request).status).toBe('ok');
  const lists = '%2525253B;'.repeat(6000);
  const hostile = { ...plain, query: {} };
  const claimed = readSignature(send(hostile));
  if (!claimed) throw new Error('The request is anonymous');
  const answer = verify(
    send(hostile),
    { ...claimed, headerList: lists, parameterList: lists },
    KEYS.secretKey,
    WITHIN,
  );
  expect(answer.status).toBe('mismatch');
  expect(Date.now() - started).toBeLessThan(5000);
});
