import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionPolicy, TRUST_POLICY } from '../../infra/render/policies.ts';
import { DEPLOYED_FILE, writeDeployed } from '../../shared/plan/deployed.ts';
import { permissionsFor } from '../../shared/plan/permissions-for.ts';
import { BUCKET, PLACES, REGION, ROLE, RULES, STATE } from './account.ts';
import type { EngineProcess } from './engine-process.ts';

/** The code with its rules, a role with just its permissions, and the settings of the function. */
export async function deployFunction(
  engine: EngineProcess,
  folder: string,
): Promise<Record<string, string>> {
  mkdirSync(folder);
  copyFileSync('dist/functions/reprocess/index.js', join(folder, 'index.js'));
  writeFileSync(join(folder, DEPLOYED_FILE), writeDeployed(RULES, PLACES));
  const document = permissionPolicy(permissionsFor(RULES, PLACES).reprocess);
  await engine.admin('PUT', `/policies/${ROLE}`, { document });
  await engine.admin('PUT', `/roles/${ROLE}`, { trust: TRUST_POLICY, policies: [ROLE] });
  return {
    DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
    DARKROOM_STATE: `${STATE}@${REGION}/darkroom/`,
    DARKROOM_ENDPOINT: `http://127.0.0.1:${engine.port}`,
    SCF_FUNCTIONNAME: ROLE,
  };
}
