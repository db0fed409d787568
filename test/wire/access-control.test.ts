import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type AccessControl,
  type Permission,
  readAccessControl,
  writeAccessControl,
} from '../../shared/wire/access-control.ts';
import { json2xml, xml2json } from './official-xml.ts';
import { anyName, anyOwner, describeFormat } from './wire-format.ts';

const ID = 'qcs::cam::uin/100000000001:uin/100000000001';
const ALL_USERS = 'http://cam.qcloud.com/groups/global/AllUsers';

const policy: AccessControl = {
  owner: { id: ID, displayName: '100000000001' },
  grants: [
    { to: { is: 'account', account: { id: ID } }, permission: 'FULL_CONTROL' },
    { to: { is: 'group', uri: ALL_USERS }, permission: 'READ' },
  ],
};

const POLICY =
  `<AccessControlPolicy><Owner><ID>${ID}</ID><DisplayName>100000000001</DisplayName></Owner>` +
  `<AccessControlList><Grant><Grantee><ID>${ID}</ID></Grantee>` +
  '<Permission>FULL_CONTROL</Permission></Grant>' +
  `<Grant><Grantee><URI>${ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant>` +
  '</AccessControlList></AccessControlPolicy>';

describeFormat<AccessControl>({
  root: 'AccessControlPolicy',
  read: readAccessControl,
  write: writeAccessControl,
  examples: [
    ['an owner, and everybody who may read', policy, POLICY],
    ['no grant', { grants: [] }, '<AccessControlPolicy><AccessControlList/></AccessControlPolicy>'],
  ],
  values: fc.record(
    {
      owner: anyOwner,
      grants: fc.array(
        fc.record({
          to: fc.oneof(
            fc.record({ is: fc.constant('account' as const), account: anyOwner }),
            fc.record({ is: fc.constant('group' as const), uri: anyName }),
          ),
          permission: fc.constantFrom<Permission[]>('READ', 'WRITE_ACP', 'FULL_CONTROL'),
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['grants'] },
  ),
});

describe('policies of others', () => {
  test('the kind of a grantee is told by what it holds, with its attribute or without', () => {
    const body = POLICY.replace(
      '<Grantee>',
      '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="RootAccount">',
    );

    expect(readAccessControl(body)).toEqual(policy);
  });

  test('the official SDK writes what we read, and reads what we write', () => {
    const grants = [
      { Grantee: { ID }, Permission: 'FULL_CONTROL' },
      { Grantee: { URI: ALL_USERS }, Permission: 'READ' },
    ];
    const written = {
      AccessControlPolicy: {
        Owner: { ID, DisplayName: '100000000001' },
        AccessControlList: { Grant: grants },
      },
    };

    expect(readAccessControl(json2xml(written))).toEqual(policy);
    expect(xml2json(writeAccessControl(policy))).toMatchObject(written);
  });

  test.for([
    ['nobody', '<Grantee/><Permission>READ</Permission>'],
    ['a permission there is not', `<Grantee><ID>${ID}</ID></Grantee><Permission>ALL</Permission>`],
    ['no permission', `<Grantee><ID>${ID}</ID></Grantee>`],
  ] as const)('a grant with %s is refused', ([, grant]) => {
    const list = `<AccessControlList><Grant>${grant}</Grant></AccessControlList>`;

    expect(() => readAccessControl(`<AccessControlPolicy>${list}</AccessControlPolicy>`)).toThrow(
      'A grant does not say who may do what',
    );
  });
});
