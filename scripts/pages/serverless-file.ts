import { Deployment } from '../../infra/deployment.ts';
import { modelFor } from '../../infra/model-for.ts';
import { serverlessYml } from '../../infra/render/serverless-yml.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { readSettings } from '../../shared/config/settings.ts';

const BUCKET = 'studio-1300001234';
const REGION = 'ap-guangzhou';

/** The sample rules over one bucket, for the vendor's framework; which bucket, the environment says. */
export function serverlessFile(rulesText: string): string {
  const rules = readRules(rulesText, 'rules.yaml');
  const settings = readSettings({
    DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
    DARKROOM_STATE: `${BUCKET}/darkroom/`,
  });
  if (!rules.ok || !settings.ok) throw new Error('rules.yaml is not right any more');
  const model = modelFor(rules.rules, settings.settings, Deployment.parse({}));
  return serverlessYml(model)
    .replaceAll(BUCKET, `\${env:DARKROOM_BUCKET}`)
    .replaceAll(REGION, `\${env:DARKROOM_REGION}`);
}
