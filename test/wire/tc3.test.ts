import { assert, constantFrom, integer, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { readTc3, type Tc3Call, tc3Authorization, verifyTc3 } from '../../shared/wire/tc3.ts';
import { awkwardText } from './percent-text.ts';

/** The worked example of the service's signature page, with the pair printed there. */
const EXAMPLE: Tc3Call = {
  method: 'POST',
  rawPath: '/',
  rawQuery: '',
  headers: {
    'content-type': 'application/json; charset=utf-8',
    host: 'cvm.tencentcloudapi.com',
  },
  body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
};
const KEYS = {
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
};
const SECONDS = 1551113065;
const NOW = SECONDS * 1000;
const SIGNED =
  'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168';

function sent(authorization: string, headers: Tc3Call['headers'] = {}): Tc3Call {
  return {
    ...EXAMPLE,
    headers: { ...EXAMPLE.headers, 'x-tc-timestamp': `${SECONDS}`, authorization, ...headers },
  };
}

function check(call: Tc3Call, nowMs = NOW, secretKey = KEYS.secretKey) {
  const claimed = readTc3(call);
  if (!claimed) throw new Error('The call is anonymous');
  return verifyTc3(call, claimed, secretKey, nowMs);
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

describe('a call to an account API', () => {
  test('is signed as in the worked example', () => {
    const scope = { service: 'cvm', timestampSeconds: SECONDS };
    expect(tc3Authorization(EXAMPLE, KEYS, scope)).toBe(SIGNED);
  });

  test('is accepted as in the worked example', () => {
    expect(readTc3(sent(SIGNED))).toEqual({
      secretId: KEYS.secretId,
      date: '2019-02-25',
      service: 'cvm',
      timestampSeconds: SECONDS,
      signedHeaders: ['content-type', 'host'],
      signature: '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
      token: undefined,
    });
    expect(check(sent(SIGNED))).toEqual({ status: 'ok' });
  });

  test('is accepted without the spaces after the commas, and with its token', () => {
    const call = sent(SIGNED.replaceAll(', ', ','), { 'x-tc-token': 'token' });
    expect(check(call).status).toBe('ok');
    expect(readTc3(call)?.token).toBe('token');
  });

  test('may sign its action, whose letters are made small', () => {
    const headers = { ...EXAMPLE.headers, 'x-tc-action': 'ListFunctions' };
    const scope = { service: 'scf', timestampSeconds: SECONDS };
    const authorization = tc3Authorization({ ...EXAMPLE, headers }, KEYS, scope);
    expect(authorization).toContain('SignedHeaders=content-type;host;x-tc-action,');
    expect(check(sent(authorization, { 'x-tc-action': 'listfunctions' })).status).toBe('ok');
    expect(check(sent(authorization, { 'x-tc-action': 'other' })).status).toBe('mismatch');
  });

  test('without a signature is anonymous', () => {
    expect(readTc3(EXAMPLE)).toBeUndefined();
  });
});

describe('a call is refused', () => {
  test('with the two texts the server made', () => {
    const verdict = check(sent(SIGNED, { host: 'scf.tencentcloudapi.com' }));
    const canonicalRequest = [
      'POST',
      '/',
      '',
      'content-type:application/json; charset=utf-8',
      'host:scf.tencentcloudapi.com',
      '',
      'content-type;host',
      '35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064',
    ].join('\n');
    expect(verdict).toMatchObject({ status: 'mismatch', canonicalRequest });
  });

  test('with the hash of the worked example, when its key is another', () => {
    expect(check(sent(SIGNED), NOW, 'other')).toMatchObject({
      status: 'mismatch',
      stringToSign:
        'TC3-HMAC-SHA256\n1551113065\n2019-02-25/cvm/tc3_request\n5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031',
    });
  });

  test('when its body was changed', () => {
    expect(check({ ...sent(SIGNED), body: '{}' }).status).toBe('mismatch');
    const bytes = new TextEncoder().encode(`${EXAMPLE.body}`);
    expect(check({ ...sent(SIGNED), body: bytes }).status).toBe('ok');
  });

  test.for([
    ['five minutes late', 300, 'ok'],
    ['later', 301, 'skewed'],
    ['five minutes early', -300, 'ok'],
    ['earlier', -301, 'skewed'],
  ] as const)('or not, %s', ([, seconds, status]) => {
    expect(check(sent(SIGNED), NOW + seconds * 1000).status).toBe(status);
  });

  test('when its date is not the one of its timestamp', () => {
    const call = sent(SIGNED.replace('2019-02-25', '2019-02-24'));
    expect(check(call)).toEqual({ status: 'other-date', expected: '2019-02-25' });
  });

  test('when it leaves its host unsigned', () => {
    const call = sent(SIGNED.replace('content-type;host', 'content-type'));
    expect(check(call)).toEqual({ status: 'unsigned-headers', missing: ['host'] });
  });

  test.for([
    ['another scheme', 'Bearer x'],
    ['no credential', SIGNED.replace('Credential', 'X')],
    ['a credential without a service', SIGNED.replace('/cvm', '')],
    ['no headers', SIGNED.replace('SignedHeaders', 'X')],
    ['no signature', SIGNED.replace('Signature=', 'X=')],
    ['the scheme alone', 'TC3-HMAC-SHA256 '],
  ] as const)('as unreadable with %s', ([, authorization]) => {
    expect(faultOf(() => readTc3(sent(authorization)))).toBe('SIGNATURE_UNREADABLE');
  });

  test.for(['', 'now', '1e9', '-1', '9'.repeat(100)])(
    'as unreadable with the timestamp "%s"',
    (timestamp) => {
      const call = sent(SIGNED, { 'x-tc-timestamp': timestamp });
      expect(faultOf(() => readTc3(call))).toBe('SIGNATURE_UNREADABLE');
    },
  );

  test('when its signature is 10 MB', () => {
    const call = sent(`TC3-HMAC-SHA256 ${','.repeat(10_000_000)}`);
    expect(faultOf(() => readTc3(call))).toBe('INPUT_TOO_LARGE');
  });
});

test('whatever call is signed is accepted, and with its body changed refused', () => {
  const calls = record({
    method: constantFrom('POST', 'GET'),
    body: awkwardText(40),
    service: constantFrom('scf', 'cam'),
    action: string({ maxLength: 10 }),
    at: integer({ min: 0, max: 4_000_000_000 }),
  });
  assert(
    property(calls, ({ method, body, service, action, at }) => {
      const headers = { ...EXAMPLE.headers, 'x-tc-action': action };
      const call = { ...EXAMPLE, method, body, headers };
      const authorization = tc3Authorization(call, KEYS, { service, timestampSeconds: at });
      const arrived = {
        ...call,
        headers: { ...headers, authorization, 'x-tc-timestamp': `${at}` },
      };
      expect(check(arrived, at * 1000).status).toBe('ok');
      expect(check({ ...arrived, body: `${body}x` }, at * 1000).status).toBe('mismatch');
    }),
  );
});

test('whatever is sent, nothing but a Fault is thrown', () => {
  assert(
    property(awkwardText(60), (text) => {
      const call = sent(`TC3-HMAC-SHA256 Credential=${text}, SignedHeaders=${text}, Signature=x`);
      expect(['no fault', 'SIGNATURE_UNREADABLE']).toContain(faultOf(() => check(call)));
    }),
  );
});
