import { defineCommand } from './command.ts';
import { DEPLOY_FLAGS, readDeployInput } from './deploy-input.ts';
import { packagesFor } from './function-code.ts';

export const deployCheck = defineCommand({
  name: 'deploy check',
  summary: 'Looks for everything that would keep a deployment from going well',
  flags: DEPLOY_FLAGS,
  async run(flags, _args, io) {
    const input = await readDeployInput(flags, io);
    if (!input) return 1;
    const { functions, roles, alarms } = input.model;
    const packages = await packagesFor(input);
    for (const { function: name, region, triggers } of functions) {
      const size = packages.get(name)?.zip.length ?? 0;
      io.out(`${name} in ${region}: ${size} bytes of zip, ${triggers.length} triggers`);
    }
    io.out(`${functions.length} functions, ${roles.length} roles, ${alarms.length} alarms, ready`);
    return 0;
  },
});
