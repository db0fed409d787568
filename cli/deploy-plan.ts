import type { DeployWork } from '../infra/deploy.ts';
import {
  ACCOUNT_FLAGS,
  type AccountFlags,
  givenSecrets,
  openAccount,
  regionsOf,
} from './account.ts';
import { defineCommand } from './command.ts';
import { DEPLOY_FLAGS, type DeployInput, readDeployInput } from './deploy-input.ts';
import { packagesFor } from './function-code.ts';

/** What a person can agree to beforehand. */
export const CONSENT_FLAGS = {
  adopt: {
    type: 'switch',
    says: 'takes over functions, roles and policies of our names that we did not make',
  },
  replaceRuntime: {
    type: 'switch',
    says: 'deletes functions and makes them anew where their runtime is to be another',
  },
} as const;

interface ConsentFlags extends AccountFlags {
  readonly adopt: boolean;
  readonly replaceRuntime: boolean;
}

/** What the flags and files ask for, ready to be planned. */
export async function deployWork(input: DeployInput, flags: ConsentFlags): Promise<DeployWork> {
  return {
    model: input.model,
    packages: await packagesFor(input),
    regions: regionsOf(input),
    secrets: givenSecrets(input),
    consent: { adopt: flags.adopt, replaceRuntime: flags.replaceRuntime },
    cloud: await openAccount(input, flags),
  };
}

export const deployPlan = defineCommand({
  name: 'deploy plan',
  summary: 'Shows what a deployment would change in the account, and changes nothing',
  flags: { ...DEPLOY_FLAGS, ...ACCOUNT_FLAGS, ...CONSENT_FLAGS },
  async run(flags, _args, io) {
    const input = await readDeployInput(flags, io);
    if (!input) return 1;
    const { planFor } = await import('../infra/deploy.ts');
    const { explainPlan } = await import('../infra/explain-plan.ts');
    const { plan } = await planFor(await deployWork(input, flags));
    io.out(explainPlan(plan));
    return plan.refusals.length === 0 ? 0 : 1;
  },
});
