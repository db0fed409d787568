import { defineCommand } from './command.ts';
import { DEPLOY_FLAGS, type DeployInput, readDeployInput } from './deploy-input.ts';

const VIEWS: Readonly<Record<string, (input: DeployInput) => Promise<string>>> = {
  model: async ({ model }) => json(model),
  policies: async ({ model }) => {
    const { permissionPolicy, TRUST_POLICY } = await import('../infra/render/policies.ts');
    const roles = model.roles.map(({ name, statements }) => [name, permissionPolicy(statements)]);
    return json({ trust: TRUST_POLICY, roles: Object.fromEntries(roles) });
  },
  'deployer-policy': async ({ model, settings }) => {
    const { deployerPolicy } = await import('../infra/render/policies.ts');
    return json(deployerPolicy(model, settings));
  },
  'serverless-yml': async ({ model }) => {
    const { serverlessYml } = await import('../infra/render/serverless-yml.ts');
    return serverlessYml(model);
  },
  terraform: async ({ model }) => {
    const { terraformJson } = await import('../infra/render/terraform.ts');
    return json(terraformJson(model));
  },
  lifecycle: async ({ settings }) => {
    const { lifecycleXml } = await import('../infra/render/lifecycle.ts');
    return lifecycleXml(settings.state);
  },
  picture: async ({ model }) => {
    const { mermaidPicture } = await import('../infra/render/mermaid.ts');
    return mermaidPicture(model);
  },
};

export const deployRender = defineCommand({
  name: 'deploy render',
  summary: 'Prints a deployment in another form; asks nobody',
  flags: {
    ...DEPLOY_FLAGS,
    what: {
      type: 'text',
      or: 'model',
      value: 'view',
      says: Object.keys(VIEWS).join(', '),
    },
  },
  async run({ what, ...flags }, _args, io) {
    const view = Object.hasOwn(VIEWS, what) ? VIEWS[what] : undefined;
    if (!view) {
      io.err(`--what knows ${Object.keys(VIEWS).join(', ')}, not "${what}"`);
      return 2;
    }
    const input = await readDeployInput(flags, io);
    if (!input) return 1;
    io.out(await view(input));
    return 0;
  },
});

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
