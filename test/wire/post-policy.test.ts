import { assert, constantFrom, jsonValue, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type PostForm,
  postPolicyFields,
  readPostSignature,
  sizeVerdict,
  verifyPostPolicy,
} from '../../shared/wire/post-policy.ts';
import { awkwardText } from './percent-text.ts';
import { DOCUMENTED } from './signature-vectors.ts';

/** The sample of the service's own page; its spaces and lines are part of what is signed. */
const POLICY = `{
    "expiration": "2019-08-30T09:38:12.414Z",
    "conditions": [
        { "acl": "default" },
        { "bucket": "examplebucket-1250000000" },
        [ "starts-with", "$key", "folder/subfolder/" ],
        [ "starts-with", "$Content-Type", "image/" ],
        [ "starts-with", "$success_action_redirect", "https://my.website/" ],
        [ "eq", "$x-cos-server-side-encryption", "AES256" ],
        { "q-sign-algorithm": "sha1" },
        { "q-ak": "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q" },
        { "q-sign-time": "1567150692;1567157892" }
    ]
}`;
const WINDOW = { fromSeconds: 1567150692, untilSeconds: 1567157892 };
const NOW = 1567150700_000;

const FILLED = {
  acl: 'default',
  'content-type': 'image/png',
  success_action_redirect: 'https://my.website/done',
  'x-cos-server-side-encryption': 'AES256',
};

/** A policy whose conditions on the key are in order. */
function policy(conditions: readonly unknown[], expiration: unknown = '2030-01-01T00:00:00.000Z') {
  return JSON.stringify({
    expiration,
    conditions: [
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': DOCUMENTED.secretId },
      { 'q-sign-time': '1567150692;1567157892' },
      ...conditions,
    ],
  });
}

function form(
  policyText: string,
  fields: Readonly<Record<string, string>> = {},
  key = 'folder/subfolder/cat.png',
): PostForm {
  const signed = postPolicyFields(policyText, DOCUMENTED, WINDOW);
  return {
    fields: new Map(Object.entries({ ...signed, ...fields })),
    bucket: 'examplebucket-1250000000',
    key,
  };
}

function check(sent: PostForm, nowMs = NOW, secretKey = DOCUMENTED.secretKey) {
  const claimed = readPostSignature(sent.fields);
  if (!claimed) throw new Error('The form is anonymous');
  return verifyPostPolicy(sent, claimed, secretKey, nowMs);
}

describe('a signed form', () => {
  test('carries the documented signature of the documented policy', () => {
    expect(postPolicyFields(POLICY, DOCUMENTED, WINDOW)).toEqual({
      policy: Buffer.from(POLICY).toString('base64'),
      'q-sign-algorithm': 'sha1',
      'q-ak': DOCUMENTED.secretId,
      'q-key-time': '1567150692;1567157892',
      'q-signature': '7758dc9a832e9d301dca704cacbf9d9f8172fdef',
    });
  });

  test('carries the token of a temporary key', () => {
    const fields = postPolicyFields(POLICY, { ...DOCUMENTED, token: 'tok' }, WINDOW);
    expect(fields['x-cos-security-token']).toBe('tok');
    expect(readPostSignature(new Map(Object.entries(fields)))?.token).toBe('tok');
  });

  test('is accepted when it holds what its policy asks for', () => {
    expect(check(form(POLICY, FILLED)).status).toBe('ok');
  });

  test('without a policy is anonymous', () => {
    expect(readPostSignature(new Map([['key', 'a']]))).toBeUndefined();
  });

  test('signed with another key is refused, with the text the server made', () => {
    expect(check(form(POLICY, FILLED), NOW, 'other')).toEqual({
      status: 'mismatch',
      stringToSign: 'd5d903b8360468bc81c1311f134989bc8c8b5b89',
    });
  });

  test('whose policy was changed is refused', () => {
    const changed = Buffer.from(POLICY.replace('default', 'private')).toString('base64');
    expect(check(form(POLICY, { ...FILLED, policy: changed })).status).toBe('mismatch');
  });

  test.for(['', 'x', 'ü'.repeat(40), '0'.repeat(40)])(
    'with the signature "%s" is refused',
    (text) => {
      const sent = form(POLICY, FILLED);
      const claimed = readPostSignature(sent.fields);
      if (!claimed) throw new Error('The form is anonymous');
      const verdict = verifyPostPolicy(
        sent,
        { ...claimed, signature: text },
        DOCUMENTED.secretKey,
        NOW,
      );
      expect(verdict.status).toBe('mismatch');
    },
  );

  test.for([
    ['no key', 'q-ak', '', 'A form has no field q-ak'],
    ['no signature', 'q-signature', '', 'A form has no field q-signature'],
    ['no policy', 'policy', '', 'A form has no field policy'],
    ['no times', 'q-key-time', '', 'A form has no field q-key-time'],
    ['half a time', 'q-key-time', '1567150692', 'A form has the q-key-time "1567150692"'],
    ['another algorithm', 'q-sign-algorithm', 'md5', 'A form has the q-sign-algorithm "md5"'],
  ] as const)('with %s cannot be read', ([, name, value, message]) => {
    const { fields } = form(POLICY, { [name]: value });
    expect(() => readPostSignature(fields)).toThrow(
      expect.objectContaining({ code: 'SIGNATURE_UNREADABLE', message }),
    );
  });
});

describe('a condition', () => {
  test.for([
    ['an object', { acl: 'default' }, { acl: 'default' }],
    [
      'an object of two',
      { acl: 'default', 'x-cos-meta-a': 'b' },
      { acl: 'default', 'x-cos-meta-a': 'b' },
    ],
    ['eq', ['eq', '$acl', 'default'], { acl: 'default' }],
    ['starts-with', ['starts-with', '$acl', 'def'], { acl: 'default' }],
    ['starts-with of anything', ['starts-with', '$acl', ''], { acl: '' }],
    ['a number', { success_action_status: 201 }, { success_action_status: '201' }],
    ['a name in upper case', ['eq', '$Content-Type', 'image/png'], { 'content-type': 'image/png' }],
    ['the bucket, which no field names', { bucket: 'examplebucket-1250000000' }, {}],
    [
      'the key, as it is after its file name was put in',
      ['eq', '$key', 'folder/subfolder/cat.png'],
      { key: 'folder/subfolder/' },
    ],
  ] as const)('that is %s holds', ([, condition, fields]) => {
    expect(check(form(policy([condition]), fields)).status).toBe('ok');
  });

  test.for([
    ['another value', { acl: 'default' }, { acl: 'private' }, 'acl', 'private'],
    ['another beginning', ['starts-with', '$key', 'other/'], {}, 'key', 'folder/subfolder/cat.png'],
    ['no such field', ['starts-with', '$acl', ''], {}, 'acl', ''],
    ['another bucket', { bucket: 'other-1' }, {}, 'bucket', 'examplebucket-1250000000'],
    ['another case', ['eq', '$acl', 'Default'], { acl: 'default' }, 'acl', 'default'],
    ['another key', { 'q-ak': 'other' }, {}, 'q-ak', DOCUMENTED.secretId],
    ['another time', { 'q-sign-time': '1;2' }, {}, 'q-sign-time', '1567150692;1567157892'],
    ['a property every object has', { constructor: 'x' }, {}, 'constructor', ''],
  ] as const)(
    'on a form with %s is named with the value',
    ([, condition, fields, field, value]) => {
      const verdict = check(form(policy([condition]), fields));
      expect(verdict).toEqual({ status: 'refused', field, value });
    },
  );
});

describe('the size of a file', () => {
  const range = (...conditions: readonly unknown[]) => {
    const verdict = check(form(policy(conditions)));
    if (verdict.status !== 'ok') throw new Error(verdict.status);
    return verdict.policy;
  };

  test.for([
    [9, 'too-small'],
    [10, 'ok'],
    [20, 'ok'],
    [21, 'too-large'],
  ] as const)('of %s bytes is %s for 10 to 20', ([bytes, verdict]) => {
    expect(sizeVerdict(range(['content-length-range', 10, 20]), bytes)).toBe(verdict);
    expect(sizeVerdict(range(['content-length-range', '10', '20']), bytes)).toBe(verdict);
  });

  test('has to fit every range', () => {
    const two = range(['content-length-range', 0, 20], ['content-length-range', 10, 100]);
    expect([9, 10, 20, 21].map((bytes) => sizeVerdict(two, bytes))).toEqual([
      'too-small',
      'ok',
      'ok',
      'too-large',
    ]);
  });

  test('is free without a range', () => {
    expect(sizeVerdict(range(), 5 * 2 ** 40)).toBe('ok');
  });
});

describe('the time of a policy', () => {
  test('is up when it says so', () => {
    const expiration = '2019-08-30T09:38:12.414Z';
    const at = Date.parse(expiration);
    const later = { ...WINDOW, untilSeconds: WINDOW.untilSeconds + 86_400 };
    const text = policy([], expiration).replace('1567157892', `${later.untilSeconds}`);
    const fields = postPolicyFields(text, DOCUMENTED, later);
    const sent = { ...form(text), fields: new Map(Object.entries(fields)) };
    expect(check(sent, at).status).toBe('ok');
    expect(check(sent, at + 1)).toEqual({ status: 'expired', expiration });
  });

  test('is up when that of its key is', () => {
    const at = WINDOW.untilSeconds * 1000;
    expect(check(form(policy([])), at + 999).status).toBe('ok');
    expect(check(form(policy([])), at + 1000)).toEqual({
      status: 'expired',
      expiration: '2019-08-30T09:38:12.000Z',
    });
  });
});

describe('a policy is invalid', () => {
  test.for([
    ['when it is not JSON', 'policy', 'it is not a JSON object'],
    ['when it is a list', '[]', 'its expiration is not a time such as 2030-01-01T00:00:00.000Z'],
    ['when it is null', 'null', 'it is not a JSON object'],
    ['without an expiration', policy([], 1), /expiration is not a time/],
    ['with a time in words', policy([], 'tomorrow'), /expiration is not a time/],
    ['with a day that is none', policy([], '2030-02-77T00:00:00Z'), /no day of the calendar/],
    ['without conditions', '{"expiration":"2030-01-01T00:00:00Z"}', 'it has no list of conditions'],
    ['with a condition of two', policy([['eq', '$acl']]), /^its condition \["eq","\$acl"\] is of/],
    ['with another comparison', policy([['gt', '$acl', 'a']]), /of no known form/],
    ['with a field that has no dollar', policy([['eq', 'acl', 'a']]), /of no known form/],
    ['with an empty condition', policy([{}]), /of no known form/],
    ['with a condition that is text', policy(['acl']), /of no known form/],
    ['with a value that is a list', policy([{ acl: [] }]), /of no known form/],
    ['with a range in words', policy([['content-length-range', 'a', 'b']]), /of no known form/],
    ['with a negative range', policy([['content-length-range', -1, 5]]), /of no known form/],
    ['with very many conditions', policy(Array(1001).fill({ a: '' })), /more than 1000 conditions/],
    ['with 10 MB of it', policy(['x'.repeat(10_000_000)]), 'it is longer than 65536'],
    ['when it is very deep', '['.repeat(40_000), 'it is not a JSON object'],
    [
      'when it does not bind its key',
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[]}',
      'it has no condition on q-sign-algorithm',
    ],
  ] as const)('%s', ([, text, because]) => {
    const verdict = check(form(text));
    expect(verdict).toEqual({
      status: 'invalid-policy',
      because: typeof because === 'string' ? because : expect.stringMatching(because),
    });
  });

  test('when it is not Base64', () => {
    const sent = form(policy([]));
    const broken = new Map(sent.fields).set('policy', `${sent.fields.get('policy')}#`);
    expect(check({ ...sent, fields: broken })).toEqual({
      status: 'invalid-policy',
      because: 'it is not Base64',
    });
  });
});

test('a form filled as its policy asks is accepted, and filled otherwise refused', () => {
  const filled = record({
    title: awkwardText(10),
    link: awkwardText(20).map((text) => `https://${text}`),
    match: constantFrom('eq', 'starts-with'),
  });
  assert(
    property(filled, ({ title, link, match }) => {
      const text = policy([[match, '$x-cos-meta-title', title], { success_action_redirect: link }]);
      const fields = { 'x-cos-meta-title': title, success_action_redirect: link };
      expect(check(form(text, fields)).status).toBe('ok');
      expect(check(form(text, { ...fields, success_action_redirect: '' })).status).toBe('refused');
    }),
  );
});

test('whatever a policy says, it is answered with a word', () => {
  assert(
    property(jsonValue({ maxDepth: 3 }), jsonValue({ maxDepth: 3 }), (one, other) => {
      const text = JSON.stringify({ expiration: '2030-01-01T00:00:00Z', conditions: [one, other] });
      expect(['invalid-policy', 'refused']).toContain(check(form(text)).status);
    }),
  );
});
