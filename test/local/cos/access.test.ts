import { expect, test } from 'vitest';
import { aclInHeaders, isPublic } from '../../../local/cos/access.ts';

const EVERYBODY = 'http://cam.qcloud.com/groups/global/AllUsers';

test('a header grants to accounts, by either name of them, and to groups', () => {
  const acl = aclInHeaders({
    'x-cos-grant-read': 'id="qcs::cam::uin/1:uin/2", uin="100000000011"',
    'x-cos-grant-full-control': `uri="${EVERYBODY}"`,
  });
  expect(acl?.grants.map(({ to, permission }) => [to.is, permission])).toEqual([
    ['account', 'READ'],
    ['account', 'READ'],
    ['group', 'FULL_CONTROL'],
  ]);
  expect(acl?.grants[1]).toMatchObject({
    to: { account: { id: 'qcs::cam::uin/100000000011:uin/100000000011' } },
  });
});

test('what is granted to everybody in a header, everybody may', () => {
  const acl = aclInHeaders({ 'x-cos-grant-read': `uri="${EVERYBODY}"` });
  expect(acl && isPublic(acl, 'read')).toBe(true);
  expect(acl && isPublic(acl, 'write')).toBe(false);
});

test.for(['1250000000', 'id=1', 'id="1",', 'id=""', 'email="a@example.com"', 'id="1" uin="2"'])(
  'a grant to %s is refused, not forgotten',
  (grant) => {
    expect(() => aclInHeaders({ 'x-cos-grant-write': grant })).toThrow(
      'x-cos-grant-write is id="…", uin="…" or uri="…"',
    );
  },
);

test('an empty header grants nothing', () => {
  expect(aclInHeaders({ 'x-cos-grant-read': '' })).toBeUndefined();
});
