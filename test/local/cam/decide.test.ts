import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, statementThatAllows } from '../../../local/cam/decide.ts';
import { readPolicy } from '../../../local/cam/policy.ts';
import { matchesWildcard } from '../../../local/cam/wildcard.ts';

const OWNER = ['uid/1250000000', 'uin/100000000001'];
const MUG = 'qcs::cos:ap-guangzhou:uid/1250000000:shop-1250000000/in/mug.jpg';

function policy(...statements: object[]) {
  return readPolicy(JSON.stringify({ version: '2.0', statement: statements }));
}

function decisionOn(
  statements: object[],
  wish: { action?: string; resource?: string; facts?: Record<string, string> } = {},
) {
  const { action = 'cos:GetObject', resource = MUG, facts = {} } = wish;
  const decision = decide([policy(...statements)], { action, resource, facts }, OWNER);
  return decision.allowed ? 'allowed' : decision.because;
}

const allow = (resource: string, action = 'name/cos:GetObject', condition?: object) => ({
  effect: 'allow',
  action: [action],
  resource: [resource],
  ...(condition ? { condition } : {}),
});

test('what no statement allows is denied', () => {
  expect(decisionOn([allow('*', 'cos:PutObject')])).toBe('not-allowed');
});

test('a deny wins over every allow, wherever it stands', () => {
  const deny = { effect: 'deny', action: '*', resource: '*' };
  expect(decisionOn([deny, allow('*')])).toBe('denied-by-statement');
  expect(decisionOn([allow('*'), deny])).toBe('denied-by-statement');
});

test.for([
  ['*', 'allowed'],
  ['qcs::cos:ap-guangzhou:uid/1250000000:shop-1250000000/in/*', 'allowed'],
  ['qcs::cos::uid/1250000000:shop-1250000000/in/mug.jpg', 'allowed'],
  ['qcs::cos:ap-guangzhou::shop-1250000000/*', 'allowed'],
  ['qcs::cos:*:uid/1250000000:*', 'allowed'],
  ['qcs::cos:ap-beijing:uid/1250000000:shop-1250000000/in/*', 'not-allowed'],
  ['qcs::cos:ap-guangzhou:uid/1250000001:shop-1250000000/in/*', 'not-allowed'],
  ['qcs::cos:ap-guangzhou:uid/1250000000:shop-1250000000/out/*', 'not-allowed'],
  ['qcs::ci:ap-guangzhou:uid/1250000000:shop-1250000000/in/*', 'not-allowed'],
] as const)('the resource %s is %s', ([resource, expected]) => {
  expect(decisionOn([allow(resource)])).toBe(expected);
});

test.for([
  ['name/cos:GetObject', 'allowed'],
  ['cos:GetObject', 'allowed'],
  ['cos:getobject', 'allowed'],
  ['name/cos:Get*', 'allowed'],
  ['cos:*', 'allowed'],
  ['*', 'allowed'],
  ['name/cos:GetObjectAcl', 'not-allowed'],
  ['name/ci:GetObject', 'not-allowed'],
] as const)('the action %s is %s', ([action, expected]) => {
  expect(decisionOn([allow('*', action)])).toBe(expected);
});

test('an action without a resource of its own is allowed by * alone', () => {
  const wish = { action: 'cos:GetService', resource: '*' };
  expect(decisionOn([allow('*', 'cos:GetService')], wish)).toBe('allowed');
  expect(decisionOn([allow(MUG, 'cos:GetService')], wish)).toBe('not-allowed');
});

test('a key with colons is still one resource', () => {
  const resource = `${MUG}:a:b`;
  expect(decisionOn([allow(resource)], { resource })).toBe('allowed');
  expect(decisionOn([allow(resource)])).toBe('not-allowed');
});

describe('conditions', () => {
  test.for([
    [{ string_equal: { 'cos:x-cos-acl': 'private' } }, { 'cos:x-cos-acl': 'private' }, 'allowed'],
    [
      { string_equal: { 'cos:x-cos-acl': ['a', 'private'] } },
      { 'cos:x-cos-acl': 'private' },
      'allowed',
    ],
    [{ string_equal: { 'cos:x-cos-acl': 'private' } }, {}, 'not-allowed'],
    [{ string_equal_if_exist: { 'cos:x-cos-acl': 'private' } }, {}, 'allowed'],
    [
      { string_not_equal: { 'cos:x-cos-acl': ['a', 'b'] } },
      { 'cos:x-cos-acl': 'b' },
      'not-allowed',
    ],
    [{ string_like: { 'cos:prefix': 'in/*' } }, { 'cos:prefix': 'in/shoes/' }, 'allowed'],
    [{ ip_equal: { 'qcs:ip': '10.0.0.0/8' } }, { 'qcs:ip': '10.1.2.3' }, 'allowed'],
    [{ ip_equal: { 'qcs:ip': ['10.0.0.0/8', '::1'] } }, { 'qcs:ip': '::1' }, 'allowed'],
    [{ ip_equal: { 'qcs:ip': '10.0.0.0/99' } }, { 'qcs:ip': '10.1.2.3' }, 'not-allowed'],
    [{ ip_not_equal: { 'qcs:ip': '10.0.0.0/8' } }, { 'qcs:ip': '10.1.2.3' }, 'not-allowed'],
    [
      { bool_equal: { 'cos:secure-transport': 'true' } },
      { 'cos:secure-transport': 'false' },
      'not-allowed',
    ],
    [
      { numeric_less_than_equal: { 'cos:content-length': 10 } },
      { 'cos:content-length': '10' },
      'allowed',
    ],
    [
      { numeric_less_than: { 'cos:content-length': 10 } },
      { 'cos:content-length': '' },
      'not-allowed',
    ],
    [{ null_equal: { 'cos:x-cos-acl': 'true' } }, {}, 'allowed'],
    [
      { date_greater_than: { 'qcs:current_time': '2026-01-01T00:00:00Z' } },
      { 'qcs:current_time': '2026-06-01T00:00:00Z' },
      'allowed',
    ],
    ...(
      [
        ['date_equal', 'allowed'],
        ['date_not_equal', 'not-allowed'],
        ['date_less_than', 'not-allowed'],
        ['date_less_than_equal', 'allowed'],
        ['date_greater_than', 'not-allowed'],
        ['date_greater_than_equal', 'allowed'],
      ] as const
    ).map(([operator, expected]) => {
      const noon = { 'qcs:current_time': '2026-06-01T12:00:00Z' };
      return [{ [operator]: noon }, noon, expected] as const;
    }),
  ] as const)('%j of %j: %s', ([condition, facts, expected]) => {
    expect(decisionOn([allow('*', 'cos:GetObject', condition)], { facts })).toBe(expected);
  });
});

test.for([
  ['{', 'it is not JSON'],
  ['[]', 'the document is not an object'],
  ['{"Version":"2.0","Statement":[]}', 'the document has a key "Version"; CAM writes "version"'],
  ['{"version":"1","statement":[]}', 'its version is not "2.0"'],
  ['{"version":"2.0","statement":[]}', 'it has no statement'],
  [
    '{"version":"2.0","statement":{"effect":"Allow"}}',
    'the effect of statement 1 is neither "allow" nor "deny"',
  ],
  ['{"version":"2.0","statement":{"effect":"allow"}}', 'statement 1 names no action'],
  [
    '{"version":"2.0","statement":{"effect":"allow","action":"a"}}',
    'statement 1 names no resource',
  ],
  [
    '{"version":"2.0","statement":{"effect":"allow","action":"a","resource":"b"}}',
    '"b" in statement 1 is no resource: six parts, the first of them "qcs"',
  ],
  [
    '{"version":"2.0","statement":{"effect":"allow","action":"a","resource":"*","condition":{"maybe":{}}}}',
    'the operator "maybe" is not known in statement 1',
  ],
] as const)('the policy %s is refused: %s', ([text, why]) => {
  expect(() => readPolicy(text)).toThrow(`The policy cannot be used: ${why}`);
});

test('the statement a denial proposes would have allowed it', () => {
  const wish = { action: 'cos:PutObject', resource: MUG };
  const proposed = JSON.parse(statementThatAllows(wish));
  expect(decisionOn([proposed], wish)).toBe('allowed');
  expect(decisionOn([proposed], { ...wish, action: 'cos:DeleteObject' })).toBe('not-allowed');
});

test('wildcards agree with the plain expression they stand for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (wild, plain) => {
      const source = wild.replace(/\*+/g, '[^]*').replace(/\?/g, '[^]');
      expect(matchesWildcard(wild, plain)).toBe(new RegExp(`^${source}$`).test(plain));
    }),
  );
});

test('a hostile wildcard ends', () => {
  expect(matchesWildcard('*a'.repeat(200), `${'a'.repeat(4000)}b`)).toBe(false);
});
