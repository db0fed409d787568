import { Deployment } from '../../infra/deployment.ts';
import type { Model } from '../../infra/model.ts';
import { modelFor } from '../../infra/model-for.ts';
import { serverlessYml } from '../../infra/render/serverless-yml.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { placesOf, readSettings, type Settings } from '../../shared/config/settings.ts';
import type { Places } from '../../shared/plan/places.ts';

const BUCKET = 'studio-1300001234';
const REGION = 'ap-guangzhou';

function sampleSettings(): Settings {
  const settings = readSettings({
    DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
    DARKROOM_STATE: `${BUCKET}/darkroom/`,
  });
  if (settings.ok) return settings.settings;
  throw new Error('the sample settings are not right any more');
}

export function samplePlaces(): Places {
  return placesOf(sampleSettings());
}

/** The sample rules over one bucket. */
export function sampleModel(rulesText: string): Model {
  const rules = readRules(rulesText, 'rules.yaml');
  if (!rules.ok) throw new Error('rules.yaml is not right any more');
  return modelFor(rules.rules, sampleSettings(), Deployment.parse({}));
}

/** For the vendor's framework; which bucket, the environment says. */
export function serverlessFile(rulesText: string): string {
  return serverlessYml(sampleModel(rulesText))
    .replaceAll(BUCKET, `\${env:DARKROOM_BUCKET}`)
    .replaceAll(REGION, `\${env:DARKROOM_REGION}`);
}
