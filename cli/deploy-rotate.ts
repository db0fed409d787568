import { randomBytes } from 'node:crypto';
import { ACCOUNT_FLAGS } from './account.ts';
import { carryOut, YES_FLAG } from './carry-out.ts';
import { defineCommand } from './command.ts';
import { DEPLOY_FLAGS, readDeployInput } from './deploy-input.ts';
import { deployWork } from './deploy-plan.ts';

export const deployRotate = defineCommand({
  name: 'deploy rotate',
  summary: 'Gives secrets a successor; what was signed before is believed until the next time',
  flags: {
    ...DEPLOY_FLAGS,
    ...ACCOUNT_FLAGS,
    ...YES_FLAG,
    links: { type: 'switch', says: 'the keys that sign links and upload tickets' },
    callbacks: { type: 'switch', says: 'what the tokens in callback addresses are made from' },
    notices: { type: 'switch', says: 'the secret that signs notices; shown once' },
    key: { type: 'list', value: 'caller', says: 'the key of a caller; shown once' },
  },
  async run({ links, callbacks, notices, key: keys, ...flags }, _args, io) {
    if (!links && !callbacks && !notices && keys.length === 0) {
      io.err('Say what: --links, --callbacks, --notices or --key <caller>');
      return 2;
    }
    const input = await readDeployInput(flags, io);
    if (!input) return 1;
    const callers = input.rules.http.callers.map(({ name }) => name);
    const unknown = keys.find((name) => !callers.includes(name));
    if (unknown !== undefined) {
      io.err(`http.callers of the rules names no "${unknown}"`);
      return 1;
    }
    const fixed = [
      ...(links ? ['DARKROOM_LINK_KEYS'] : []),
      ...(callbacks ? ['DARKROOM_CALLBACK_SECRETS'] : []),
      ...(notices ? ['DARKROOM_NOTICE_SECRET'] : []),
      ...(keys.length > 0 ? ['DARKROOM_API_KEYS'] : []),
    ].find((name) => input.env[name]?.trim());
    if (fixed !== undefined) {
      io.err(`${fixed} is set in the environment, which says what it is: change it there`);
      return 1;
    }
    const work = await deployWork(input, { ...flags, adopt: false, replaceRuntime: false });
    const { planFor } = await import('../infra/deploy.ts');
    const { rotated } = await import('../infra/rotate.ts');
    const { account } = await planFor(work);
    const { secrets, tell } = rotated(
      { links, callbacks, notices, keys },
      { model: input.model, account, given: work.secrets ?? {} },
      () => randomBytes(32).toString('hex'),
    );
    const next = { ...work, secrets };
    const failed = await carryOut(next, await planFor(next), { yes: flags.yes, io });
    if (failed !== 0) return failed;
    // Shown now and never again: the functions know keys of callers by their hash alone.
    for (const { whom, secret } of tell) io.out(`for ${whom}: ${secret}`);
    return 0;
  },
});
