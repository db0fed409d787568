import { ACCOUNT_FLAGS } from './account.ts';
import { defineCommand, type Io } from './command.ts';
import { DEPLOY_FLAGS, type DeployInput, readDeployInput } from './deploy-input.ts';
import { deployWork } from './deploy-plan.ts';
import { packagesFor } from './function-code.ts';
import { stateVersioning } from './state-bucket.ts';

export const deployCheck = defineCommand({
  name: 'deploy check',
  summary: 'Looks for everything that would keep a deployment from going well',
  flags: {
    ...DEPLOY_FLAGS,
    ...ACCOUNT_FLAGS,
    live: { type: 'switch', says: 'asks the account as well, and changes nothing' },
  },
  async run({ live, ...flags }, _args, io) {
    const input = await readDeployInput(flags, io);
    if (!input) return 1;
    const { functions, roles } = input.model;
    const packages = await packagesFor(input);
    for (const { function: name, region, triggers } of functions) {
      const size = packages.get(name)?.zip.length ?? 0;
      io.out(`${name} in ${region}: ${size} bytes of zip, ${triggers.length} triggers`);
    }
    io.out(`${functions.length} functions, ${roles.length} roles, ready`);
    return live ? checkLive(input, flags, io) : 0;
  },
});

async function checkLive(
  input: DeployInput,
  flags: { readonly profile: string | undefined },
  io: Io,
): Promise<number> {
  const { planFor } = await import('../infra/deploy.ts');
  const { liveFindings } = await import('../infra/live-findings.ts');
  const work = await deployWork(input, { ...flags, adopt: false, replaceRuntime: false });
  const { plan, account } = await planFor(work);
  const { bucket } = input.settings.state;
  const versioning = await stateVersioning(input, flags);
  const findings = [
    ...liveFindings(input.model, account, plan),
    {
      fine: versioning === 'never',
      says: `${bucket} ${versioning === 'never' ? 'never kept versions' : `has versioning ${versioning}, and records need a bucket that never had`}`,
    },
  ];
  for (const { fine, says } of findings) io.out(`${fine ? 'ok ' : 'NOT'} ${says}`);
  return findings.every(({ fine }) => fine) ? 0 : 1;
}
