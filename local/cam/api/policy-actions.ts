import type { ApiAction, ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import { roleResource, uinOf } from '../account.ts';
import { readPolicy } from '../policy.ts';
import { PRESET_POLICIES, presetId } from '../presets.ts';
import type { StoredPolicy, StoredRole } from '../stored-identity.ts';
import { needRole, pageOf } from './role-actions.ts';
import { serviceTime } from './service-time.ts';

const POLICY_NAME = {
  fits: /^[\w+=,.@-]{1,128}$/,
  code: 'InvalidParameter.PolicyNameError',
} as const;
const POLICY_ID = { min: 1, max: 2 ** 47, code: 'InvalidParameter.PolicyIdError' } as const;
const ATTACH_FIELDS = ['AttachRoleName', 'AttachRoleId'] as const;
const MOST_DELETED = 100;
/** What an account's own policies are; those that every account has are of the other type. */
const [OWN, PRESET] = [1, 2];

export const POLICY_ACTIONS: readonly ApiAction[] = [
  {
    name: 'ListPolicies',
    fields: ['Rp', 'Page', 'Scope', 'Keyword'],
    permission: 'cam:ListPolicies',
    run(call) {
      const { fields } = call;
      const scope = fields.oneOf('Scope', ['All', 'QCS', 'Local']) ?? 'All';
      const keyword = fields.text('Keyword', { most: 128 }) ?? '';
      const own = scope === 'QCS' ? [] : call.service.identities.policies();
      const all = [...own, ...(scope === 'Local' ? [] : presets())];
      const found = all.filter(
        ({ name, description }) => name.includes(keyword) || description.includes(keyword),
      );
      return {
        TotalNum: found.length,
        List: pageOf(found, fields).map((policy) => ({
          PolicyId: policy.id,
          PolicyName: policy.name,
          Description: policy.description,
          Type: typeOf(policy),
          AddTime: serviceTime(policy.added ?? 0),
          UpdateTime: serviceTime(policy.changed ?? 0),
          CreateMode: 2,
          Attachments: holdersOf(call, policy).length,
        })),
      };
    },
  },
  {
    name: 'GetPolicy',
    fields: ['PolicyId'],
    permission: 'cam:GetPolicy',
    resourceOf: policyOfCall,
    run(call) {
      const policy = needPolicy(call);
      return {
        PolicyName: policy.name,
        PolicyDocument: policy.document,
        Description: policy.description,
        Type: typeOf(policy),
        AddTime: serviceTime(policy.added ?? 0),
        UpdateTime: serviceTime(policy.changed ?? 0),
        PresetAlias: '',
        IsServiceLinkedRolePolicy: 0,
        Tags: [],
      };
    },
  },
  {
    name: 'CreatePolicy',
    fields: ['PolicyName', 'PolicyDocument', 'Description'],
    permission: 'cam:CreatePolicy',
    async run({ service: { identities }, fields }) {
      const name = fields.needText('PolicyName', POLICY_NAME);
      const document = fields.needText('PolicyDocument', { most: 6144 });
      const description = fields.text('Description', { most: 300 }) ?? '';
      readPolicy(document);
      if (isPreset(name) || identities.policies().some((policy) => policy.name === name)) {
        throw new ApiError(
          'FailedOperation.PolicyNameInUse',
          `There is a policy "${name}" already.`,
        );
      }
      const { id } = await identities.putPolicy(name, document, description);
      return { PolicyId: id };
    },
  },
  {
    name: 'UpdatePolicy',
    fields: ['PolicyId', 'PolicyName', 'PolicyDocument', 'Description'],
    permission: 'cam:UpdatePolicy',
    resourceOf: policyOfCall,
    async run(call) {
      const { service, fields } = call;
      const policy = needOwnPolicy(call);
      if ((fields.text('PolicyName') ?? policy.name) !== policy.name) {
        throw new ApiError('UnsupportedOperation', 'The Darkroom engine does not rename policies.');
      }
      const document = fields.text('PolicyDocument', { most: 6144 }) ?? policy.document;
      const description = fields.text('Description', { most: 300 }) ?? policy.description;
      const { id } = await service.identities.putPolicy(policy.name, document, description);
      return { PolicyId: id };
    },
  },
  {
    name: 'DeletePolicy',
    fields: ['PolicyId'],
    permission: 'cam:DeletePolicy',
    async run({ service: { identities }, fields }) {
      const ids = fields.list('PolicyId', MOST_DELETED) ?? [];
      const policies = ids.map((id) => {
        const policy = typeof id === 'number' ? identities.policyWithId(id) : undefined;
        if (policy && !isPreset(policy.name)) return policy;
        throw noPolicy(id);
      });
      for (const { name } of policies) await identities.removePolicy(name);
      return {};
    },
  },
  {
    name: 'ListAttachedRolePolicies',
    fields: ['Page', 'Rp', 'RoleName', 'RoleId', 'PolicyType', 'Keyword'],
    permission: 'cam:ListAttachedRolePolicies',
    resourceOf: ({ service: { appid }, fields }) =>
      roleResource(appid, fields.text('RoleName') ?? '*'),
    run(call) {
      const { identities } = call.service;
      const all = [...identities.policies(), ...presets()];
      const attached = needRole(call).policies.flatMap(
        (name) => all.find((policy) => policy.name === name) ?? [],
      );
      return {
        TotalNum: attached.length,
        List: pageOf(attached, call.fields).map((policy) => ({
          PolicyId: policy.id,
          PolicyName: policy.name,
          AddTime: serviceTime(policy.added ?? 0),
          PolicyType: typeOf(policy) === OWN ? 'User' : 'QCS',
          CreateMode: 2,
          Deactived: 0,
          DeactivedDetail: [],
          Description: policy.description,
        })),
      };
    },
  },
  {
    name: 'AttachRolePolicy',
    fields: ['PolicyId', 'PolicyName', ...ATTACH_FIELDS],
    permission: 'cam:AttachRolePolicy',
    resourceOf: attachedRole,
    async run(call) {
      const { name } = needPolicy(call);
      let already = false;
      await call.service.identities.changeRole(needRole(call, ATTACH_FIELDS).name, (role) => {
        already = role.policies.includes(name);
        return already ? {} : { policies: [...role.policies, name] };
      });
      if (!already) return {};
      throw new ApiError(
        'InvalidParameter.AttachmentRoleAlreadyExist',
        `The policy "${name}" is attached to the role already.`,
      );
    },
  },
  {
    name: 'DetachRolePolicy',
    fields: ['PolicyId', 'PolicyName', 'DetachRoleName', 'DetachRoleId'],
    permission: 'cam:DetachRolePolicy',
    resourceOf: ({ service: { appid }, fields }) =>
      roleResource(appid, fields.text('DetachRoleName') ?? '*'),
    async run(call) {
      const { name } = needPolicy(call);
      const role = needRole(call, ['DetachRoleName', 'DetachRoleId']);
      await call.service.identities.changeRole(role.name, ({ policies }) => ({
        policies: policies.filter((each) => each !== name),
      }));
      return {};
    },
  },
];

function needPolicy({ service: { identities }, fields }: ApiCall): StoredPolicy {
  const name = fields.has('PolicyId') ? undefined : fields.text('PolicyName');
  if (name !== undefined) {
    const named = [...identities.policies(), ...presets()].find((policy) => policy.name === name);
    if (named) return named;
    throw noPolicy(name);
  }
  const id = fields.needWhole('PolicyId', POLICY_ID);
  const policy = identities.policyWithId(id);
  if (policy) return policy;
  throw noPolicy(id);
}

function needOwnPolicy(call: ApiCall): StoredPolicy {
  const policy = needPolicy(call);
  if (!isPreset(policy.name)) return policy;
  throw new ApiError('InvalidParameter.ParamError', `"${policy.name}" is not this account's own.`);
}

function noPolicy(id: unknown): ApiError {
  const shown = JSON.stringify(id)?.slice(0, 150);
  return new ApiError('InvalidParameter.PolicyIdNotExist', `There is no policy ${shown} of yours.`);
}

function isPreset(name: string): boolean {
  return Object.hasOwn(PRESET_POLICIES, name);
}

function presets(): readonly StoredPolicy[] {
  return Object.entries(PRESET_POLICIES).map(([name, document]) => ({
    ...{ id: presetId(name), name, document, description: '' },
  }));
}

function typeOf({ name }: StoredPolicy) {
  return isPreset(name) ? PRESET : OWN;
}

function holdersOf({ service: { identities } }: ApiCall, { name }: StoredPolicy) {
  const holders: readonly Pick<StoredRole, 'policies'>[] = [
    ...identities.roles(),
    ...identities.users(),
  ];
  return holders.filter(({ policies }) => policies.includes(name));
}

function policyOfCall({ service: { appid }, fields }: ApiCall): string {
  return `qcs::cam::uin/${uinOf(appid)}:policyid/${fields.whole('PolicyId', POLICY_ID) ?? '*'}`;
}

function attachedRole({ service: { appid }, fields }: ApiCall): string {
  return roleResource(appid, fields.text('AttachRoleName') ?? '*');
}
