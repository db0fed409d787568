import type { DeployPlan } from '../../infra/change.ts';
import { addressesIn, type DeployWork, deploy, planFor } from '../../infra/deploy.ts';
import { Deployment } from '../../infra/deployment.ts';
import type { Model } from '../../infra/model.ts';
import { modelFor } from '../../infra/model-for.ts';
import { tc3Cloud } from '../../infra/tc3-cloud.ts';
import { readSettings, type Settings } from '../../shared/config/settings.ts';
import { Fault } from '../../shared/core/fault.ts';
import type { FunctionName } from '../../shared/plan/request-actions.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import { packagesFor } from '../function-code.ts';
import {
  type DevBuckets,
  type DevEngine,
  type DevKeys,
  placeSettings,
  secretsFor,
} from './dev-account.ts';

/** What is deployed to an engine, and with what it was planned. */
export interface DevDeployment {
  readonly settings: Settings;
  readonly model: Model;
  readonly changes: DeployPlan['changes'];
  readonly addresses: Readonly<Partial<Record<FunctionName, string>>>;
}

/** Like an account of one's own, but that ticks come every minute. */
const DEPLOYMENT = Deployment.parse({ stage: 'dev', tickMinutes: 1 });

/** The functions of the engine become as the rules and the built code are; what is so already stays. */
export async function deployToEngine(
  engine: DevEngine,
  {
    rules,
    buckets,
    keys,
  }: {
    readonly rules: Rules;
    readonly buckets: DevBuckets;
    readonly keys: DevKeys;
  },
): Promise<DevDeployment> {
  const settings = settingsFor(buckets);
  const model = modelFor(rules, settings, DEPLOYMENT);
  const work: DeployWork = {
    model,
    packages: await packagesFor({
      rules,
      settings,
      model,
      deployment: DEPLOYMENT,
      code: undefined,
    }),
    secrets: secretsFor(rules, keys),
    cloud: tc3Cloud({ keys: engine.credentials, endpoint: engine.url }),
  };
  const ready = await planFor(work);
  if (ready.plan.changes.length === 0) return deployed(ready);
  await deploy(work, ready);
  const after = await planFor(work);
  return { ...deployed(after), changes: ready.plan.changes };

  function deployed({ plan, account }: typeof ready): DevDeployment {
    return { settings, model, changes: plan.changes, addresses: addressesIn(model, account) };
  }
}

function settingsFor(buckets: DevBuckets): Settings {
  const read = readSettings(placeSettings(buckets));
  if (read.ok) return read.settings;
  throw new Fault('SETTINGS_INVALID', read.problems.map(({ message }) => message).join('; '));
}
