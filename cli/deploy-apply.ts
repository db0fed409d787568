import { ACCOUNT_FLAGS } from './account.ts';
import { carryOut, YES_FLAG } from './carry-out.ts';
import { defineCommand } from './command.ts';
import { DEPLOY_FLAGS, readDeployInput } from './deploy-input.ts';
import { CONSENT_FLAGS, deployWork } from './deploy-plan.ts';
import { publishRules } from './published-rules.ts';

export const deployApply = defineCommand({
  name: 'deploy apply',
  summary: 'Makes the account as the rules ask for: shows the plan, asks, and carries it out',
  flags: { ...DEPLOY_FLAGS, ...ACCOUNT_FLAGS, ...CONSENT_FLAGS, ...YES_FLAG },
  async run(flags, _args, io) {
    const input = await readDeployInput(flags, io);
    if (!input) return 1;
    const { addressesIn, planFor } = await import('../infra/deploy.ts');
    const work = await deployWork(input, flags);
    const failed = await carryOut(work, await planFor(work), { yes: flags.yes, io });
    if (failed !== 0) return failed;

    // Published rules go before those that came with the code, so they would undo what was deployed.
    const published = await publishRules(input, flags, { onlyOver: true });
    if (published === 'published') io.err('update published rules');

    // What the platform made of it may differ from what it was asked for.
    const { plan, account } = await planFor(work);
    for (const [name, address] of Object.entries(addressesIn(input.model, account))) {
      io.out(`${name}: ${address}`);
    }
    for (const { subject } of plan.changes) io.err(`still not as it was asked for: ${subject}`);
    return plan.changes.length === 0 ? 0 : 1;
  },
});
