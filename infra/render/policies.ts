import type { Places } from '../../shared/plan/places.ts';
import type { Statement } from '../../shared/plan/statement.ts';
import { prefixOf } from '../deployment.ts';
import type { Model } from '../model.ts';

/** A policy document as CAM takes it; its keys are in lower case. */
export interface PolicyDocument {
  readonly version: '2.0';
  readonly statement: readonly {
    readonly effect: 'allow';
    readonly action: string | readonly string[];
    readonly resource?: readonly string[];
    readonly principal?: { readonly service: readonly string[] };
  }[];
}

/** Who may act as the role of a function: the function platform, and nobody else. */
export const TRUST_POLICY: PolicyDocument = {
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action: 'name/sts:AssumeRole',
      principal: { service: ['scf.qcloud.com'] },
    },
  ],
};

/** What a function may do, exactly as the rules ask for. */
export function permissionPolicy(statements: readonly Statement[]): PolicyDocument {
  return {
    version: '2.0',
    statement: statements.map(({ action, resource }) => ({ effect: 'allow', action, resource })),
  };
}

/** Actions that CAM knows for single functions; the others are allowed on everything or not at all. */
const ON_FUNCTIONS = [
  'scf:CreateFunction',
  'scf:DeleteFunction',
  'scf:DeleteReservedConcurrencyConfig',
  'scf:DeleteTrigger',
  'scf:GetFunction',
  'scf:GetFunctionEventInvokeConfig',
  'scf:GetReservedConcurrencyConfig',
  'scf:ListTriggers',
  'scf:PutReservedConcurrencyConfig',
  'scf:UpdateFunctionCode',
  'scf:UpdateFunctionConfiguration',
  'scf:UpdateFunctionEventInvokeConfig',
  'scf:UpdateTrigger',
];

const ON_THE_ACCOUNT = [
  'cam:AttachRolePolicy',
  'cam:CreatePolicy',
  'cam:CreateRole',
  'cam:DeletePolicy',
  'cam:DeleteRole',
  'cam:DetachRolePolicy',
  'cam:GetPolicy',
  'cam:GetRole',
  'cam:GetUserAppId',
  'cam:ListAttachedRolePolicies',
  'cam:ListPolicies',
  'cam:UpdateAssumeRolePolicy',
  'cam:UpdatePolicy',
  'cam:UpdateRoleDescription',
  'scf:BindTrigger',
  'scf:CreateNamespace',
  'scf:CreateTrigger',
  'scf:DeleteNamespace',
  'scf:ListNamespaces',
];

/** To publish rules, and to delete records where somebody wants that. */
const ON_RECORDS = [
  'DeleteMultipleObjects',
  'DeleteObject',
  'GetObject',
  'HeadObject',
  'PutObject',
];
const ON_THEIR_BUCKET = ['GetBucket', 'GetBucketVersioning'];

/** What whoever deploys has to be allowed. Without an account number it is that of the policy's owner. */
export function deployerPolicy(
  model: Pick<Model, 'suite' | 'stage' | 'namespace'>,
  { appid, uin, state }: Pick<Places, 'appid' | 'uin' | 'state'>,
): PolicyDocument {
  const account = uin === undefined ? '' : `uin/${uin}`;
  const bucket = `qcs::cos:${state.region}:uid/${appid}:${state.bucket}/`;
  const prefix = prefixOf(model);
  const namespace = `qcs::scf::${account}:namespace/${model.namespace}`;
  return {
    version: '2.0',
    statement: [
      {
        effect: 'allow',
        action: ON_FUNCTIONS,
        // Functions are made in the namespace, before there is one of that name.
        resource: [namespace, `${namespace}/function/${prefix}-*`],
      },
      { effect: 'allow', action: ON_THE_ACCOUNT, resource: ['*'] },
      {
        effect: 'allow',
        action: ['cam:PassRole'],
        resource: [`qcs::cam::${account}:roleName/${prefix}-*`],
      },
      {
        effect: 'allow',
        action: ON_RECORDS.map((name) => `name/cos:${name}`),
        resource: [`${bucket}${state.prefix}*`],
      },
      {
        effect: 'allow',
        action: ON_THEIR_BUCKET.map((name) => `name/cos:${name}`),
        resource: [`${bucket}*`],
      },
    ],
  };
}
