import type { ApiAction, ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import { roleResource, uinOf } from '../account.ts';
import type { TemporaryKey } from '../identities.ts';
import { readPolicy } from '../policy.ts';
import type { StoredRole } from '../stored-identity.ts';

const USUAL_SECONDS = 7200;
const FEDERATION_SECONDS = 1800;
const SESSION_NAME = /^[\w=,.@-]{2,128}$/;

/** What the engine has of the API that gives out temporary keys. */
export const STS_ACTIONS: readonly ApiAction[] = [
  {
    name: 'AssumeRole',
    fields: [
      ...['RoleArn', 'RoleSessionName', 'DurationSeconds', 'Policy', 'ExternalId', 'Tags'],
      ...['SourceIdentity', 'SerialNumber', 'TokenCode'],
    ],
    permission: 'sts:AssumeRole',
    resourceOf: (call) => roleResource(call.service.appid, roleNameIn(call)),
    async run(call) {
      const { service, fields } = call;
      fields.needText('RoleSessionName', { fits: SESSION_NAME });
      const role = service.identities.role(roleNameIn(call));
      if (!role || !isTrusted(call, role)) {
        throw new ApiError('ResourceNotFound.RoleNotFound', 'There is no such role for you.');
      }
      const seconds = secondsIn(call, role.sessionSeconds ?? USUAL_SECONDS, USUAL_SECONDS);
      const key = await service.identities.temporaryKey(
        { role: role.name },
        seconds,
        policyIn(call),
      );
      return credentialsOf(key);
    },
  },
  {
    name: 'GetFederationToken',
    fields: ['Name', 'Policy', 'DurationSeconds'],
    permission: 'sts:GetFederationToken',
    async run(call) {
      const { service, fields, caller } = call;
      fields.needText('Name', { fits: SESSION_NAME });
      const policy = policyIn(call);
      if (policy === undefined) {
        throw new ApiError(
          'MissingParameter',
          'The request is missing a required parameter `Policy`.',
        );
      }
      const seconds = secondsIn(call, USUAL_SECONDS, FEDERATION_SECONDS);
      const user = caller.is === 'limited' ? /^user\/(.+)$/.exec(caller.name)?.[1] : undefined;
      if (caller.is !== 'owner' && user === undefined) {
        throw new ApiError('UnsupportedOperation', 'Temporary keys give out no temporary keys.');
      }
      const of = user === undefined ? ({ owner: true } as const) : { user };
      return credentialsOf(await service.identities.temporaryKey(of, seconds, policy));
    },
  },
  {
    name: 'GetCallerIdentity',
    fields: [],
    run({ service: { appid }, caller }) {
      const uin = uinOf(appid);
      const [, kind, name = ''] =
        (caller.is === 'limited' && /^(\w+)\/(.+)$/.exec(caller.name)) || [];
      if (kind === 'role') {
        const arn = `qcs::sts:${uin}:assumed-role/${name}`;
        return { Arn: arn, AccountId: uin, UserId: name, PrincipalId: name, Type: 'CAMRole' };
      }
      if (kind === 'user') {
        const arn = `qcs::cam::uin/${uin}:uin/${name}`;
        return { Arn: arn, AccountId: uin, UserId: name, PrincipalId: name, Type: 'CAMUser' };
      }
      const arn = `qcs::cam::uin/${uin}:root`;
      return { Arn: arn, AccountId: uin, UserId: uin, PrincipalId: uin, Type: 'RootAccount' };
    },
  },
];

function roleNameIn({ fields, service: { appid } }: ApiCall): string {
  const arn = fields.needText('RoleArn', { most: 300 });
  const [, uin, name] = /^qcs::cam::uin\/(\d+):roleName\/([\w+=,.@-]{1,128})$/.exec(arn) ?? [];
  if (name === undefined || uin !== uinOf(appid)) {
    throw new ApiError(
      'InvalidParameter.ParamError',
      `RoleArn is qcs::cam::uin/${uinOf(appid)}:roleName/<name> here, not "${arn.slice(0, 100)}".`,
    );
  }
  return name;
}

/** The trust policy has to name the account. */
function isTrusted({ service: { appid } }: ApiCall, { trust }: StoredRole): boolean {
  const account = `qcs::cam::uin/${uinOf(appid)}:`;
  return readPolicy(trust).statements.some(
    ({ effect, accounts }) =>
      effect === 'allow' && accounts.some((each) => each.startsWith(account)),
  );
}

function secondsIn({ fields }: ApiCall, most: number, otherwise: number): number {
  const limits = { min: 1, max: most, code: 'InvalidParameter.OverTimeError' } as const;
  return fields.whole('DurationSeconds', limits) ?? Math.min(otherwise, most);
}

/** Clients send it percent-encoded, as its page asks. */
function policyIn({ fields }: ApiCall): string | undefined {
  const text = fields.text('Policy', { most: 16_384 });
  if (text === undefined) return undefined;
  try {
    const policy = text.startsWith('{') ? text : decodeURIComponent(text);
    readPolicy(policy);
    return policy;
  } catch (cause) {
    throw new ApiError('InvalidParameter.StrategyFormatError', 'The Policy cannot be read.', {
      cause,
    });
  }
}

function credentialsOf({ secretId, secretKey, token, expires }: TemporaryKey) {
  const at = Math.floor(expires / 1000);
  return {
    Credentials: { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey },
    ExpiredTime: at,
    Expiration: new Date(at * 1000).toISOString().replace('.000', ''),
  };
}
