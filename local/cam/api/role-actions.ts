import type { ApiAction, ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import type { Fields } from '../../api/fields.ts';
import { roleResource, uinOf } from '../account.ts';
import { readPolicy } from '../policy.ts';
import type { StoredRole } from '../stored-identity.ts';
import { serviceTime } from './service-time.ts';

const ROLE_NAME = {
  fits: /^[\w+=,.@-]{1,128}$/,
  code: 'InvalidParameter.RoleNameError',
} as const;
const LONGEST_SESSION = 43_200;
const MOST_TAGS = 50;

export const ROLE_ACTIONS: readonly ApiAction[] = [
  {
    name: 'GetRole',
    fields: ['RoleName', 'RoleId'],
    permission: 'cam:GetRole',
    resourceOf: roleOfCall,
    run: (call) => ({ RoleInfo: roleInfo(call, needRole(call)) }),
  },
  {
    name: 'DescribeRoleList',
    fields: ['Page', 'Rp', 'Tags'],
    permission: 'cam:DescribeRoleList',
    run(call) {
      const roles = call.service.identities.roles();
      return {
        List: pageOf(roles, call.fields).map((role) => roleInfo(call, role)),
        TotalNum: roles.length,
      };
    },
  },
  {
    name: 'CreateRole',
    fields: [
      'RoleName',
      'PolicyDocument',
      'Description',
      'ConsoleLogin',
      'SessionDuration',
      'Tags',
    ],
    permission: 'cam:CreateRole',
    resourceOf: roleOfCall,
    async run({ service: { identities }, fields }) {
      const name = fields.needText('RoleName', ROLE_NAME);
      const trust = trustIn(fields);
      const description = fields.text('Description', { most: 1000 }) ?? '';
      const sessionSeconds = fields.whole('SessionDuration', { min: 0, max: LONGEST_SESSION });
      const tags = fields.objects('Tags', MOST_TAGS)?.map((tag) => ({
        Key: tag.needText('Key', { most: 127 }),
        Value: tag.needText('Value', { most: 255 }),
      }));
      if (identities.role(name)) {
        throw new ApiError('InvalidParameter.RoleNameInUse', `There is a role "${name}" already.`);
      }
      const role = { name, trust, description, policies: [] };
      const more = { ...(sessionSeconds ? { sessionSeconds } : {}), ...(tags ? { tags } : {}) };
      const { id } = await identities.putRole({ ...role, ...more });
      return { RoleId: id };
    },
  },
  {
    name: 'UpdateAssumeRolePolicy',
    fields: ['RoleName', 'RoleId', 'PolicyDocument'],
    permission: 'cam:UpdateAssumeRolePolicy',
    resourceOf: roleOfCall,
    async run(call) {
      const trust = trustIn(call.fields);
      await call.service.identities.changeRole(needRole(call).name, () => ({ trust }));
      return {};
    },
  },
  {
    name: 'UpdateRoleDescription',
    fields: ['RoleName', 'RoleId', 'Description'],
    permission: 'cam:UpdateRoleDescription',
    resourceOf: roleOfCall,
    async run(call) {
      const description = call.fields.needText('Description', { most: 1000 });
      await call.service.identities.changeRole(needRole(call).name, () => ({ description }));
      return {};
    },
  },
  {
    name: 'DeleteRole',
    fields: ['RoleName', 'RoleId'],
    permission: 'cam:DeleteRole',
    resourceOf: roleOfCall,
    async run(call) {
      await call.service.identities.removeRole(needRole(call).name);
      return {};
    },
  },
];

/** A role by its name or by its id; the calls that attach policies have fields of their own. */
export function needRole(
  { service: { identities }, fields }: ApiCall,
  [nameField, idField]: readonly [string, string] = ['RoleName', 'RoleId'],
): StoredRole {
  const id = fields.text(idField);
  const name = id === undefined ? fields.needText(nameField, ROLE_NAME) : undefined;
  const role =
    name === undefined ? identities.roles().find((each) => each.id === id) : identities.role(name);
  if (role) return role;
  throw new ApiError('InvalidParameter.RoleNotExist', `There is no role "${name ?? id}".`);
}

/** The part of a list that `Page` (from 1) and `Rp` (how many on one) ask for. */
export function pageOf<T>(all: readonly T[], fields: Fields): readonly T[] {
  const page = fields.whole('Page', { min: 1, max: 10_000 }) ?? 1;
  const size = fields.whole('Rp', { min: 1, max: 200 }) ?? 20;
  return all.slice((page - 1) * size, page * size);
}

function roleOfCall({ service: { appid }, fields }: ApiCall): string {
  return roleResource(appid, fields.text('RoleName') ?? '*');
}

/** A document that nobody could assume the role by is a mistake. */
function trustIn(fields: Fields): string {
  const trust = fields.needText('PolicyDocument', { most: 4096 });
  const { statements } = readPolicy(trust);
  if (statements.some(({ services, accounts }) => services.length + accounts.length === 0)) {
    throw new ApiError('InvalidParameter.StatementError', 'A statement names no principal.');
  }
  return trust;
}

function roleInfo({ service: { appid } }: ApiCall, role: StoredRole) {
  const { id, name, trust, description, tags = [], sessionSeconds = 7200 } = role;
  return {
    RoleId: id,
    RoleName: name,
    PolicyDocument: trust,
    Description: description,
    AddTime: serviceTime(role.added ?? 0),
    UpdateTime: serviceTime(role.changed ?? 0),
    ConsoleLogin: 0,
    RoleType: 'user',
    SessionDuration: sessionSeconds,
    RoleArn: `qcs::cam::uin/${uinOf(appid)}:roleName/${name}`,
    Tags: tags,
  };
}
