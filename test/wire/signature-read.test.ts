import { assert, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { readSignature, type SentRequest } from '../../shared/wire/signature-read.ts';
import { HOST } from './signature-vectors.ts';

const TIME = '1700000000;1700003600';
const SIGNATURE = '8b87515278ab9157458ffafa4e19c6863af58d19';
const SIGNED = `q-sign-algorithm=sha1&q-ak=test-secret-id&q-sign-time=${TIME}&q-key-time=${TIME}&q-header-list=host&q-url-param-list=&q-signature=${SIGNATURE}`;
const ESCAPED = SIGNED.replaceAll(';', '%3B');

function sent(rawQuery: string, headers: SentRequest['headers'] = {}): SentRequest {
  return { method: 'GET', rawPath: '/a', rawQuery, headers: { host: HOST, ...headers } };
}

function faultOf(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  }
  return 'no fault';
}

describe('a signature is found', () => {
  test.for([
    ['in the header', sent('', { authorization: SIGNED }), 'header'],
    ['in the header, beside a query', sent('acl', { authorization: SIGNED }), 'header'],
    ['in the header, before one in the query', sent(SIGNED, { authorization: SIGNED }), 'header'],
    ['in the query', sent(SIGNED), 'query'],
    ['in the query, escaped', sent(ESCAPED), 'query'],
    ['in the query, after other parameters', sent(`acl&prefix=a&${SIGNED}`), 'query'],
    ['in the query, before others nobody signed', sent(`${SIGNED}&ci-process=x`), 'query'],
    ['in the query, with a stray &', sent(`${SIGNED}&`), 'query'],
    ['in the query, with two stray &', sent(`${SIGNED}&&`), 'query'],
    ['in the query, under a foreign Authorization', sent(SIGNED, { authorization: 'x' }), 'query'],
    ['in the parameter sign', sent(`sign=${encodeURIComponent(SIGNED)}`), 'sign-parameter'],
    [
      'in the parameter sign, encoded twice',
      sent(`sign=${encodeURIComponent(encodeURIComponent(SIGNED))}&acl`),
      'sign-parameter',
    ],
  ] as const)('%s', ([, request, place]) => {
    const claimed = readSignature(request);
    expect(claimed).toMatchObject({
      place,
      secretId: 'test-secret-id',
      signTime: TIME,
      keyTime: TIME,
      fromSeconds: 1_700_000_000,
      untilSeconds: 1_700_003_600,
      headerList: 'host',
      parameterList: '',
      signature: SIGNATURE,
      token: undefined,
    });
  });

  test.for([
    ['no query and no header', sent('')],
    ['an ordinary query', sent('acl&prefix=a')],
    ['a parameter sign of its own', sent('sign=abc')],
    ['an empty Authorization', sent('', { authorization: '' })],
  ] as const)('not in a request with %s, which is anonymous', ([, request]) => {
    expect(readSignature(request)).toBeUndefined();
  });
});

describe('the token of a temporary key is found', () => {
  test.for([
    ['in its header', sent('', { authorization: SIGNED, 'x-cos-security-token': 'a+/=' }), 'a+/='],
    ['in its CI header', sent('', { authorization: SIGNED, 'x-ci-security-token': 'tok' }), 'tok'],
    ['raw in the query, its plus kept', sent(`${SIGNED}&x-cos-security-token=tok+/=`), 'tok+/='],
    ['escaped in the query', sent(`${SIGNED}&x-cos-security-token=tok%2B%2F%3D`), 'tok+/='],
    [
      'in the query of a signed header',
      sent('x-cos-security-token=t', { authorization: SIGNED }),
      't',
    ],
    [
      'within the parameter sign',
      sent(`sign=${encodeURIComponent(`${SIGNED}&x-cos-security-token=tok`)}`),
      'tok',
    ],
  ] as const)('%s', ([, request, token]) => {
    expect(readSignature(request)?.token).toBe(token);
  });
});

describe('what cannot be a signature is refused', () => {
  test.for([
    ['another scheme', 'AWS4-HMAC-SHA256 Credential=x', 'SIGNATURE_UNREADABLE'],
    ['another algorithm', SIGNED.replace('sha1', 'sha256'), 'SIGNATURE_UNREADABLE'],
    ['no key', SIGNED.replace('q-ak', 'q-bk'), 'SIGNATURE_UNREADABLE'],
    ['no signature', SIGNED.replace('q-signature', 'q-x'), 'SIGNATURE_UNREADABLE'],
    ['no time', SIGNED.replace('q-sign-time', 'q-x'), 'SIGNATURE_UNREADABLE'],
    ['half a time', SIGNED.replace(TIME, '1700000000'), 'SIGNATURE_UNREADABLE'],
    ['words for times', SIGNED.replace(TIME, 'now;later'), 'SIGNATURE_UNREADABLE'],
    ['a time of a hundred digits', SIGNED.replace('17', '1'.repeat(100)), 'SIGNATURE_UNREADABLE'],
    ['10 MB', SIGNED + '&a'.repeat(5_000_000), 'INPUT_TOO_LARGE'],
  ] as const)('%s', ([, text, code]) => {
    expect(faultOf(() => readSignature(sent('', { authorization: text })))).toBe(code);
    if (code === 'INPUT_TOO_LARGE') expect(faultOf(() => readSignature(sent(text)))).toBe(code);
  });

  test('headers with the names of object properties are not taken for real ones', () => {
    const headers = JSON.parse('{"__proto__": {"authorization": "q-sign-algorithm=sha1"}}');
    expect(readSignature({ method: 'GET', rawPath: '/', rawQuery: '', headers })).toBeUndefined();
  });

  test('whatever is sent, nothing but a Fault is thrown', () => {
    assert(
      property(record({ header: string(), query: string() }), ({ header, query }) => {
        const request = sent(`${query}&q-sign-algorithm=sha1&${query}`, {
          authorization: `${header}q-sign-algorithm=${header}`,
        });
        expect(['no fault', 'SIGNATURE_UNREADABLE']).toContain(
          faultOf(() => readSignature(request)),
        );
      }),
    );
  });
});
