import { ACCOUNT_FLAGS, openAccount, regionsOf } from './account.ts';
import { defineCommand } from './command.ts';
import { PLACE_FLAGS, readDeployInput } from './deploy-input.ts';
import { publishRules } from './published-rules.ts';
import { RULES_FLAG } from './rules-file.ts';

export const deployRules = defineCommand({
  name: 'deploy rules',
  summary: 'Puts rules in force without a deployment, where what is deployed suffices for them',
  flags: { rules: RULES_FLAG, ...PLACE_FLAGS, ...ACCOUNT_FLAGS },
  async run(flags, _args, io) {
    const input = await readDeployInput({ ...flags, code: undefined }, io);
    if (!input) return 1;
    const { readAccount } = await import('../infra/read-account.ts');
    const { deployedIn } = await import('../infra/deployed-in.ts');
    const { missingFor } = await import('../shared/plan/deployed.ts');
    const { placesOf } = await import('../shared/config/settings.ts');
    const { model, rules, settings } = input;
    const cloud = await openAccount(input, flags);
    const account = await readAccount(cloud, { ...model, regions: regionsOf(input) });
    const deployed = { rules, ...deployedIn(account, model) };
    const missing = missingFor(rules, placesOf(settings), deployed);
    if (missing.length > 0) {
      io.err('These rules need what is not deployed:');
      for (const what of missing) io.err(`  ${what}`);
      io.err('Deploy them instead: darkroom deploy apply');
      return 1;
    }
    const { bucket, prefix } = settings.state;
    const said = await publishRules(input, flags);
    io.out(
      said === 'same'
        ? `These rules are in ${bucket}/${prefix} already.`
        : `Published in ${bucket}/${prefix}: in force within half a minute.`,
    );
    return 0;
  },
});
