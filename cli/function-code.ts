import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, pack } from '../infra/pack.ts';
import { placesOf } from '../shared/config/settings.ts';
import { Fault } from '../shared/core/fault.ts';
import { DEPLOYED_FILE, writeDeployed } from '../shared/plan/deployed.ts';
import type { FunctionName } from '../shared/plan/request-actions.ts';
import type { DeployInput } from './deploy-input.ts';
import { projectRoot } from './project-root.ts';

/** The zips of all functions of a deployment: the built code, and beside it what is deployed with it. */
export async function packagesFor({
  model,
  rules,
  settings,
  deployment,
  code,
}: Omit<DeployInput, 'env'>): Promise<ReadonlyMap<FunctionName, Package>> {
  const folder = code ?? join(projectRoot(), 'dist', 'functions');
  const encoder = new TextEncoder();
  const deployed = writeDeployed(rules, placesOf(settings), deployment);
  const files = { [DEPLOYED_FILE]: encoder.encode(deployed) };
  const names = [...new Set(model.functions.map((spec) => spec.function))];
  return new Map(
    names.map((name) => [name, pack({ ...files, 'index.js': codeOf(name, folder) })] as const),
  );
}

function codeOf(name: FunctionName, folder: string): Uint8Array {
  const path = join(folder, name, 'index.js');
  if (existsSync(path)) return readFileSync(path);
  throw new Fault('DEPLOYMENT_INVALID', `${path}: the function is not built`, {
    hint: 'npm run build',
  });
}
