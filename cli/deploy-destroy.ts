import { ACCOUNT_FLAGS, openAccount, regionsOf } from './account.ts';
import { carryOut, YES_FLAG } from './carry-out.ts';
import { defineCommand } from './command.ts';
import { PLACE_FLAGS, readDeployPlace } from './deploy-input.ts';

export const deployDestroy = defineCommand({
  name: 'deploy destroy',
  summary: 'Removes from the account what a deployment made, and no object',
  flags: {
    ...PLACE_FLAGS,
    ...ACCOUNT_FLAGS,
    ...YES_FLAG,
    purgeState: { type: 'switch', says: 'deletes the records as well, and then nothing is known' },
  },
  async run({ purgeState, yes, ...flags }, _args, io) {
    const place = await readDeployPlace(flags, io);
    if (!place) return 1;
    const { planFor, nothingIn } = await import('../infra/deploy.ts');
    const work = {
      model: nothingIn(place.settings, place.deployment),
      packages: new Map(),
      regions: regionsOf(place),
      cloud: await openAccount(place, flags),
    };
    const failed = await carryOut(work, await planFor(work), { yes, io });
    if (failed !== 0 || !purgeState) return failed;
    const { purgeState: purge } = await import('./purge-state.ts');
    return purge(place, flags, { yes, io });
  },
});
