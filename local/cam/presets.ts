import type { StoredRole } from './stored-identity.ts';

function allowing(...actions: readonly string[]): string {
  return JSON.stringify({
    version: '2.0',
    statement: [{ effect: 'allow', action: actions, resource: '*' }],
  });
}

/** Policies that every account has. */
export const PRESET_POLICIES: Readonly<Record<string, string>> = {
  AdministratorAccess: allowing('*'),
  QcloudCOSFullAccess: allowing('cos:*'),
  QcloudCOSDataFullControl: allowing('cos:*'),
  QcloudCOSReadOnlyAccess: allowing('cos:Get*', 'cos:List*', 'cos:Head*', 'cos:OptionsObject'),
  QcloudCOSDataWriteOnly: allowing(
    'cos:PutObject',
    'cos:PostObject',
    'cos:AppendObject',
    'cos:InitiateMultipartUpload',
    'cos:UploadPart',
    'cos:CompleteMultipartUpload',
    'cos:AbortMultipartUpload',
    'cos:ListMultipartUploads',
    'cos:ListParts',
  ),
  QcloudCIFullAccess: allowing('ci:*'),
  QcloudAccessForCIRole: allowing('ci:*', 'cos:*'),
  QcloudPartAccessForCIRole: allowing('ci:*'),
  QcloudAccessForScfRole: allowing('cos:*', 'scf:*', 'cls:*'),
};

/** Ids below those of an account's own policies, by their place in the list. */
export function presetId(name: string): number {
  return Object.keys(PRESET_POLICIES).indexOf(name) + 1;
}

function trusting(service: string): string {
  const statement = {
    effect: 'allow',
    action: 'name/sts:AssumeRole',
    principal: { service: [service] },
  };
  return JSON.stringify({ version: '2.0', statement: [statement] });
}

/** Roles that a console makes when a service is first opened. */
export const SERVICE_ROLES: readonly Omit<StoredRole, 'id'>[] = [
  {
    name: 'CI_QCSRole',
    trust: trusting('ci.qcloud.com'),
    description: 'Cloud Infinite reads and writes objects for asynchronous jobs',
    policies: ['QcloudCOSDataFullControl', 'QcloudAccessForCIRole', 'QcloudPartAccessForCIRole'],
  },
  {
    name: 'SCF_QcsRole',
    trust: trusting('scf.qcloud.com'),
    description: 'The function service binds triggers and reads code',
    policies: ['QcloudAccessForScfRole'],
  },
];
