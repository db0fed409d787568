import type { Cloud } from '../infra/cloud.ts';
import { SECRETS } from '../infra/model.ts';
import type { Secrets } from '../infra/plan-environment.ts';
import type { DeployPlace } from './deploy-input.ts';

/** Flags of every command that asks the account. */
export const ACCOUNT_FLAGS = {
  profile: {
    type: 'text',
    value: 'name',
    says: 'a profile of tccli that holds the keys, instead of the environment',
  },
} as const;

export interface AccountFlags {
  readonly profile: string | undefined;
}

/** The account that the keys of a profile or of the environment open. */
export async function openAccount(
  { env, settings }: DeployPlace,
  { profile }: AccountFlags,
): Promise<Cloud> {
  const { accountKeys } = await import('../infra/account-keys.ts');
  const { tc3Cloud } = await import('../infra/tc3-cloud.ts');
  const keys = accountKeys(env, profile === undefined ? {} : { profile });
  const { endpoint } = settings;
  return tc3Cloud({ keys, ...(endpoint === undefined ? {} : { endpoint }) });
}

/** Secrets that a person set instead of having them made. */
export function givenSecrets({ env }: DeployPlace): Secrets {
  return Object.fromEntries(
    SECRETS.flatMap((name) => {
      const value = env[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

/** Regions in which something of the deployment may be. */
export function regionsOf({ settings }: DeployPlace): readonly string[] {
  return [settings.state, ...settings.buckets].map(({ region }) => region);
}
