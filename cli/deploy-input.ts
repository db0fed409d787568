import { existsSync, readFileSync } from 'node:fs';
import type { Deployment } from '../infra/deployment.ts';
import type { Model } from '../infra/model.ts';
import type { Environment, Settings } from '../shared/config/settings.ts';
import { Fault } from '../shared/core/fault.ts';
import type { Rules } from '../shared/plan/rules.ts';
import type { Io } from './command.ts';
import { RULES_FLAG, readRulesFile } from './rules-file.ts';

/** Flags that say which deployment a command is about. */
export const PLACE_FLAGS = {
  stage: { type: 'text', value: 'name', says: 'which stage; `prod` unless deploy.yaml says so' },
  file: {
    type: 'text',
    value: 'file',
    says: 'how it shall be deployed; `deploy.yaml` where there is one',
  },
  envFile: {
    type: 'text',
    value: 'file',
    says: 'more of the environment; `.env` where there is one',
  },
} as const;

/** Flags of every command that is about the rules of a deployment as well. */
export const DEPLOY_FLAGS = {
  rules: RULES_FLAG,
  ...PLACE_FLAGS,
  code: {
    type: 'text',
    value: 'folder',
    says: 'the built functions; `dist/functions` of Darkroom itself unless given',
  },
} as const;

export interface PlaceFlags {
  readonly stage: string | undefined;
  readonly file: string | undefined;
  readonly envFile: string | undefined;
}

export interface DeployFlags extends PlaceFlags {
  readonly rules: string;
  readonly code: string | undefined;
}

/** Where a deployment is, and how. */
export interface DeployPlace {
  readonly settings: Settings;
  readonly deployment: Deployment;
  /** With what the file adds. */
  readonly env: Environment;
}

export interface DeployInput extends DeployPlace {
  readonly rules: Rules;
  readonly model: Model;
  /** Where the built functions are, if not where Darkroom itself has them. */
  readonly code: string | undefined;
}

/** What is wrong goes to standard error. */
export async function readDeployPlace(flags: PlaceFlags, io: Io): Promise<DeployPlace | undefined> {
  const { withEnvFile } = await import('../infra/env-file.ts');
  const env = withEnvFile(io.env, flags.envFile);
  const { readSettings } = await import('../shared/config/settings.ts');
  const read = readSettings(env);
  if (read.ok) return { settings: read.settings, deployment: await readDeployment(flags), env };
  for (const { message, hint } of read.problems) io.err(hint ? `${message}. ${hint}` : message);
  return undefined;
}

/** All that a deployment is made from; what is wrong with it goes to standard error. */
export async function readDeployInput(
  flags: DeployFlags,
  io: Io,
): Promise<DeployInput | undefined> {
  const place = await readDeployPlace(flags, io);
  if (!place) return undefined;
  const read = await readRulesFile(flags.rules, { ...io, env: place.env });
  if (!read) return undefined;
  const { modelFor } = await import('../infra/model-for.ts');
  const model = modelFor(read.rules, place.settings, place.deployment);
  return { ...place, rules: read.rules, model, code: flags.code };
}

async function readDeployment({ file, stage }: PlaceFlags): Promise<Deployment> {
  const { Deployment } = await import('../infra/deployment.ts');
  const path = file ?? 'deploy.yaml';
  if (file !== undefined && !existsSync(path)) throw wrong(`${path}: there is no such file`);
  const given = existsSync(path) ? await readYamlFile(path) : {};
  const parsed = Deployment.safeParse(stage === undefined ? given : { ...given, stage });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`${path}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
}

async function readYamlFile(path: string): Promise<object> {
  const { readYaml } = await import('../shared/config/yaml-text.ts');
  const yaml = readYaml(readFileSync(path, 'utf8'));
  const flaw = yaml.flaws[0];
  if (!yaml.ok || flaw) throw wrong(`${path}: ${flaw?.message}`);
  if (yaml.value === null || yaml.value === undefined) return {};
  if (typeof yaml.value !== 'object') throw wrong(`${path}: it holds no settings`);
  return yaml.value;
}

function wrong(message: string): Fault {
  return new Fault('DEPLOYMENT_INVALID', message, {
    hint: 'What can stand there is in docs/deploy.md',
  });
}
