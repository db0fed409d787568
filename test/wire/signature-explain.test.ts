import { createHash, createHmac } from 'node:crypto';
import { assert, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePath, percentEncode } from '../../shared/wire/percent.ts';
import { authorization, type Unsigned } from '../../shared/wire/signature.ts';
import { explain, type Hints } from '../../shared/wire/signature-explain.ts';
import { readSignature, type SentRequest } from '../../shared/wire/signature-read.ts';
import { awkwardText } from './percent-text.ts';
import { HOST, KEYS, PIC_OPERATIONS, WINDOW, WITHIN } from './signature-vectors.ts';

const BUCKET = 'examplebucket-1250000000';
const upload: Unsigned = {
  method: 'PUT',
  path: '/in/cat.png',
  query: {},
  headers: { host: HOST },
};

function signed(request: Partial<Unsigned>, keys = KEYS): string {
  return authorization({ ...upload, ...request }, keys, WINDOW);
}

function sent(authorizationSent: string, asSent: Partial<SentRequest> = {}): SentRequest {
  return {
    method: 'PUT',
    rawPath: '/in/cat.png',
    rawQuery: '',
    ...asSent,
    headers: { host: HOST, authorization: authorizationSent, ...asSent.headers },
  };
}

function explained(request: SentRequest, hints?: Hints): string {
  const claimed = readSignature(request);
  if (!claimed) throw new Error('The request is anonymous');
  return explain(request, claimed, KEYS.secretKey, hints);
}

/** A signature over lines that no signer of ours would write. */
function signedByHand(httpString: string, lists: string, keys = KEYS): string {
  const time = '1700000000;1700003600';
  const digest = createHash('sha1').update(httpString).digest('hex');
  const signKey = createHmac('sha1', keys.secretKey).update(time).digest('hex');
  const text = `sha1\n${time}\n${digest}\n`;
  const signature = createHmac('sha1', signKey).update(text).digest('hex');
  return `q-sign-algorithm=sha1&q-ak=${keys.secretId}&q-sign-time=${time}&q-key-time=${time}&${lists}&q-signature=${signature}`;
}

const HOST_ONLY = 'q-header-list=host&q-url-param-list=';

describe('a signature that does not match is explained:', () => {
  test.for([
    [
      'another method',
      { method: 'GET' },
      {},
      'The client signed the method GET, but the request came as PUT.',
    ],
    [
      'a plus in the path',
      { path: '/a+b.png' },
      { rawPath: '/a+b.png' },
      'The client signed a plus where the path has a raw +, which is read as a space: send %2B.',
    ],
    [
      'an encoded path',
      { path: '/a%20b.png' },
      { rawPath: '/a%20b.png' },
      'The client signed the path still encoded, and it has to be signed decoded.',
    ],
    [
      'a path encoded twice',
      { path: '/a b.png' },
      { rawPath: '/a%2520b.png' },
      'The path was encoded twice on its way.',
    ],
    [
      'a bucket in the path',
      { path: '/in/cat.png' },
      { rawPath: `/${BUCKET}/in/cat.png` },
      `The client signed the path without "/${BUCKET}" in front of it.`,
    ],
    [
      'a bucket in the signed path only',
      { path: `/${BUCKET}/in/cat.png` },
      {},
      `The client signed the path with "/${BUCKET}" in front of it.`,
    ],
    [
      'no leading slash',
      { path: 'in/cat.png' },
      {},
      'The client signed the path without its leading slash.',
    ],
    [
      'slashes made one',
      { path: '/in/cat.png' },
      { rawPath: '/in//cat.png' },
      'The client signed one slash where the path has several.',
    ],
    [
      'dots resolved',
      { path: '/cat.png' },
      { rawPath: '/in/../cat.png' },
      'The client resolved the dots in the path.',
    ],
    [
      'accents of macOS',
      { path: '/cafe\u0301.png' },
      { rawPath: '/caf%C3%A9.png' },
      'The client signed the path with its accents apart.',
    ],
    [
      'a host with another port',
      { headers: { host: `${HOST}:443` } },
      {},
      `The client signed the host "${HOST}:443", but the Host header is "${HOST}".`,
    ],
    [
      'the host of CI',
      { headers: { host: HOST.replace('.cos.', '.ci.') } },
      {},
      `The client signed the host "${HOST.replace('.cos.', '.ci.')}", but the Host header is "${HOST}".`,
    ],
    [
      'a host behind a proxy',
      { headers: { host: HOST } },
      { headers: { host: '127.0.0.1:9000' } },
      `The client signed the host "${HOST}", but the Host header is "127.0.0.1:9000".`,
    ],
    [
      'a changed content type',
      { headers: { host: HOST, 'content-type': 'image/png' } },
      { headers: { 'content-type': 'image/png;charset=UTF-8' } },
      'The client signed the header content-type as "image/png", but it came as "image/png;charset=UTF-8".',
    ],
    [
      'a content length that was not sent',
      { headers: { host: HOST, 'content-length': '0' } },
      {},
      'The client signed the header content-length as "0", but the request does not have it.',
    ],
    [
      'an empty header',
      { headers: { host: HOST, 'cache-control': '' } },
      { headers: { 'cache-control': 'no-cache' } },
      'The client signed the header cache-control as empty, but it came as "no-cache".',
    ],
    [
      'Pic-Operations in other words',
      { headers: { host: HOST, 'pic-operations': PIC_OPERATIONS } },
      { headers: { 'pic-operations': PIC_OPERATIONS.replace(',"rules"', ', "rules"') } },
      `The header pic-operations differs at byte 17: the client signed ${JSON.stringify(`${PIC_OPERATIONS.slice(17, 77)}…`)}, but it came as ${JSON.stringify(` ${PIC_OPERATIONS.slice(17, 76)}…`)}.`,
    ],
    [
      'Pic-Operations with its Chinese unescaped',
      { headers: { host: HOST, 'pic-operations': `{"a":"图","b":"${'x'.repeat(60)}"}` } },
      { headers: { 'pic-operations': `{"a":"\\u56fe","b":"${'x'.repeat(60)}"}` } },
      `The header pic-operations differs at byte 6: the client signed "图\\",\\"b\\":\\"${'x'.repeat(52)}…", but it came as "\\\\u56fe\\",\\"b\\":\\"${'x'.repeat(47)}…".`,
    ],
    [
      'a missing header',
      { headers: { host: HOST, 'pic-operations': PIC_OPERATIONS, 'x-cos-acl': 'private' } },
      { headers: { 'x-cos-acl': 'private' } },
      'The signature covers the header pic-operations, which the request does not have.',
    ],
    [
      'a missing parameter and header',
      { headers: { host: HOST, 'content-md5': 'x' }, query: { prefix: 'a' } },
      {},
      'The signature covers the header content-md5 and the parameter prefix, which the request does not have.',
    ],
    [
      'a parameter that was dropped to nothing',
      { query: { prefix: '' } },
      { rawQuery: 'prefix=a' },
      'The client signed the parameter prefix as empty, but it came as "a".',
    ],
    [
      'a raw plus in a parameter',
      { query: { prefix: 'a+b' } },
      { rawQuery: 'prefix=a+b' },
      'The client signed the parameter prefix as "a+b", but it came as "a b".',
    ],
    [
      'another token',
      { headers: { host: HOST, 'x-cos-security-token': '' } },
      { headers: { 'x-cos-security-token': 'secret-token' } },
      'The header x-cos-security-token was signed with another value than it came with.',
    ],
    [
      'two things at once',
      { method: 'POST', path: '/a+b.png' },
      { rawPath: '/a+b.png' },
      'The client signed the method POST, but the request came as PUT; and the client signed a plus where the path has a raw +, which is read as a space: send %2B.',
    ],
    [
      'a proxy that also changed the content type',
      { headers: { host: HOST, 'content-type': 'image/png' } },
      { headers: { host: 'localhost:9000', 'content-type': 'application/octet-stream' } },
      `The client signed the host "${HOST}", but the Host header is "localhost:9000"; and the client signed the header content-type as "image/png", but it came as "application/octet-stream".`,
    ],
  ] as const satisfies readonly (readonly [
    string,
    Partial<Unsigned>,
    Partial<SentRequest>,
    string,
  ])[])('%s', ([, request, asSent, sentence]) => {
    expect(explained(sent(signed(request), asSent), { hosts: [HOST] })).toBe(sentence);
  });

  test.for([
    [
      'a method in upper case',
      `PUT\n/in/cat.png\n\nhost=${HOST}\n`,
      HOST_ONLY,
      {},
      'The client signed the method as PUT, and it has to be signed in lower case.',
    ],
    [
      'no line break at the end',
      `put\n/in/cat.png\n\nhost=${HOST}`,
      HOST_ONLY,
      {},
      'The client left out the line break that ends HttpString.',
    ],
    [
      'a port signed with its colon raw, as PicGo does',
      `put\n/in/cat.png\n\nhost=${HOST}:9000\n`,
      HOST_ONLY,
      { headers: { host: `${HOST}:9000` } },
      'The client signed the host and its port without encoding the colon.',
    ],
    [
      'values that were not encoded',
      `put\n/in/cat.png\n\ncontent-type=image/png&host=${HOST}\n`,
      'q-header-list=content-type;host&q-url-param-list=',
      { headers: { 'content-type': 'image/png' } },
      'The client did not encode the values of its headers.',
    ],
    [
      'values encoded as forms are',
      `put\n/in/cat.png\nprefix=a+b%2Fc\nhost=${HOST}\n`,
      'q-header-list=host&q-url-param-list=prefix',
      { rawQuery: 'prefix=a+b/c' },
      'The client wrote spaces as + in the values of its parameters.',
    ],
    [
      'escapes in lower case',
      `put\n/in/cat.png\nprefix=a%2fb\nhost=${HOST}\n`,
      'q-header-list=host&q-url-param-list=prefix',
      { rawQuery: 'prefix=a/b' },
      'The client wrote the escapes in lower case in the values of its parameters.',
    ],
    [
      'header names in mixed case',
      `put\n/in/cat.png\n\nContent-Type=image%2Fpng&Host=${HOST}\n`,
      'q-header-list=content-type;host&q-url-param-list=',
      { headers: { 'content-type': 'image/png' } },
      'The client signed the names of its headers in mixed case, and they are signed in lower case.',
    ],
    [
      'parameter names in mixed case',
      `put\n/in/cat.png\nPrefix=a\nhost=${HOST}\n`,
      'q-header-list=host&q-url-param-list=prefix',
      { rawQuery: 'Prefix=a' },
      'The client signed the names of its parameters in mixed case, and they are signed in lower case.',
    ],
    [
      'lists in another order',
      `put\n/in/cat.png\na=1&b=2\nhost=${HOST}\n`,
      'q-header-list=host&q-url-param-list=b;a',
      { rawQuery: 'a=1&b=2' },
      'The client signed its parameters in alphabetical order, and q-url-param-list has another.',
    ],
    [
      'a parameter that is not listed',
      `put\n/in/cat.png\nacl=\nhost=${HOST}\n`,
      HOST_ONLY,
      { rawQuery: 'acl' },
      'The client signed the parameter acl, but q-url-param-list does not name it.',
    ],
    [
      'several parameters that are not listed',
      `put\n/in/cat.png\na=1&b=2\nhost=${HOST}\n`,
      HOST_ONLY,
      { rawQuery: 'b=2&a=1' },
      'The client signed parameters that q-url-param-list does not name: b, a.',
    ],
    [
      'a header that is listed only',
      `put\n/in/cat.png\n\nhost=${HOST}\n`,
      'q-header-list=content-type;host&q-url-param-list=',
      { headers: { 'content-type': 'image/png' } },
      'q-header-list names the header content-type, but the client did not sign it.',
    ],
    [
      'parameters that are listed only',
      `put\n/in/cat.png\n\nhost=${HOST}\n`,
      'q-header-list=host&q-url-param-list=a;b',
      { rawQuery: 'a=1&b=2' },
      'q-url-param-list names parameters, but the client signed none.',
    ],
  ] as const satisfies readonly (readonly [
    string,
    string,
    string,
    Partial<SentRequest>,
    string,
  ])[])('%s', ([, httpString, lists, asSent, sentence]) => {
    const said = explained(sent(signedByHand(httpString, lists), asSent));
    expect(said).toBe(sentence);
  });
});

describe('a wrong key is named:', () => {
  const other = { secretId: 'other-id', secretKey: 'other-secret-key' };

  test.for([
    [other, 'The client names the key test-secret-id, but signed with the SecretKey of other-id.'],
    [
      { ...KEYS, secretKey: `${KEYS.secretKey}\n` },
      "The client's SecretKey ends with a line break.",
    ],
    [
      { ...KEYS, secretKey: KEYS.secretId },
      'The client signed with its SecretId in place of the SecretKey.',
    ],
    [{ ...KEYS, secretKey: '' }, 'The client signed with an empty SecretKey.'],
  ] as const)('%j', ([{ secretKey }, sentence]) => {
    const request = sent(signed({}, { ...KEYS, secretKey }));
    expect(explained(request, { otherKeys: [other] })).toBe(sentence);
  });

  test('SignKey used as bytes', () => {
    const right = signed({});
    const signKey = createHmac('sha1', KEYS.secretKey).update('1700000000;1700003600').digest();
    const digest = createHash('sha1').update(`put\n/in/cat.png\n\nhost=${HOST}\n`).digest('hex');
    const signature = createHmac('sha1', signKey)
      .update(`sha1\n1700000000;1700003600\n${digest}\n`)
      .digest('hex');
    const wrong = right.replace(/q-signature=.*/, `q-signature=${signature}`);
    expect(explained(sent(wrong))).toBe(
      'The client used the bytes of SignKey as the key, and it has to be its hex text.',
    );
  });

  test('or the text to compare with is shown', () => {
    expect(explained(sent(signed({}, { ...KEYS, secretKey: 'unknown' })))).toBe(
      `The client signed with another SecretKey than that of "test-secret-id", or something we did not guess: compare its HttpString with ours, ${JSON.stringify(`put\n/in/cat.png\n\nhost=${HOST}\n`)}.`,
    );
  });
});

test('what is shown has no token in it and is not without end', () => {
  const headers = {
    host: HOST,
    'x-cos-security-token': 'hidden',
    'x-cos-meta-a': 'y'.repeat(5000),
  };
  const request = sent(signed({ headers }, { ...KEYS, secretKey: 'unknown' }), { headers });
  const said = explained(request);
  expect(said).toContain('SecretKey');
  expect(said).not.toContain('hidden');
  expect(said.length).toBeLessThan(1000);
});

describe('how a signature is written is explained:', () => {
  const [before, signature = ''] = signed({}).split('q-signature=');

  test.for([
    ['right', signature, 'The signature is right.'],
    [
      'upper case',
      signature.toUpperCase(),
      'The signature is right but for its writing: it has to be 40 hex digits in lower case.',
    ],
    [
      'Base64',
      Buffer.from(signature, 'hex').toString('base64'),
      'The signature is right but written in Base64: it has to be 40 hex digits in lower case.',
    ],
  ] as const)('%s', ([, text, sentence]) => {
    expect(explained(sent(`${before}q-signature=${text}`))).toBe(sentence);
  });
});

describe('the time of a signature is explained:', () => {
  const at = (fromSeconds: number, untilSeconds: number) =>
    sent(authorization(upload, KEYS, { fromSeconds, untilSeconds }));

  test.for([
    [
      'expired',
      at(1_600_000_000, 1_600_000_900),
      'The signature was valid until 2020-09-13T12:41:40.000Z, and it is 2023-11-14T22:13:21.000Z.',
    ],
    [
      'not yet valid',
      at(1_800_000_000, 1_800_000_900),
      'The signature is valid from 2027-01-15T08:00:00.000Z, and it is 2023-11-14T22:13:21.000Z.',
    ],
    [
      'in milliseconds',
      at(1_700_000_000_000, 1_700_000_900_000),
      'q-sign-time is in milliseconds, and it has to be in seconds.',
    ],
    ['back to front', at(1_700_000_900, 1_700_000_000), 'q-sign-time ends before it begins.'],
  ] as const)('%s', ([, request, sentence]) => {
    expect(explained(request, { nowMs: WITHIN })).toBe(sentence);
  });
});

test('a plain request is never explained by anything but what was changed in it', () => {
  const text = awkwardText(12);
  assert(
    property(record({ path: text, prefix: text, meta: text }), ({ path, prefix, meta }) => {
      const request = {
        method: 'PUT',
        path: `/${path}`,
        query: { prefix },
        headers: { host: HOST, 'x-cos-meta-a': meta },
      };
      const arrived = sent(signed({ ...request, method: 'DELETE' }), {
        rawPath: encodePath(request.path),
        rawQuery: `prefix=${percentEncode(prefix)}`,
        headers: { 'x-cos-meta-a': Buffer.from(meta).toString('latin1') },
      });
      expect(explained(arrived)).toBe(
        'The client signed the method DELETE, but the request came as PUT.',
      );
    }),
    { numRuns: 30 },
  );
});

test('a request made to be expensive is explained within seconds', () => {
  const names = Array.from({ length: 400 }, (_, at) => `p${at}`);
  const request = sent(signed({}), {
    rawPath: `/${'a/'.repeat(4000)}`,
    rawQuery: names.map((name) => `${name}=${'%2B'.repeat(20)}`).join('&'),
    headers: { 'pic-operations': `[${'['.repeat(5000)}`, 'x-cos-meta-a': 'a+ '.repeat(2000) },
  });
  const claimed = readSignature(request);
  if (!claimed) throw new Error('The request is anonymous');
  const lists = {
    headerList: 'host;pic-operations;x-cos-meta-a',
    parameterList: names.join(';'),
  };
  const started = Date.now();
  expect(explain(request, { ...claimed, ...lists }, 'k', {})).toContain('another SecretKey');
  expect(Date.now() - started).toBeLessThan(5000);
});
