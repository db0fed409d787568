import type { Cloud } from '../../infra/cloud.ts';
import { type DeployWork, deploy, planFor } from '../../infra/deploy.ts';
import { explainPlan } from '../../infra/explain-plan.ts';
import type { Model } from '../../infra/model.ts';
import { FUNCTION_NAMES } from '../../infra/model.ts';
import { pack } from '../../infra/pack.ts';
import { tc3Cloud } from '../../infra/tc3-cloud.ts';
import type { EngineOptions } from '../../local/engine/options.ts';
import { BUCKET, engineForTests, KEYS } from '../local/engine-for-tests.ts';
import { modelOf } from './deployment-for-tests.ts';

/** Code that does next to nothing: what is deployed here is never asked for anything. */
export function packagesOf(text = 'exports.main_handler = async () => "done"') {
  const code = pack({ 'index.js': new TextEncoder().encode(text) });
  return new Map(FUNCTION_NAMES.map((name) => [name, code] as const));
}

const soon = () => new Promise<void>((done) => setTimeout(done, 5));

/** An account with nothing in it, and a deployer that talks to it over real connections. */
export async function accountForTests(options: EngineOptions = {}) {
  const { engine, stop } = await engineForTests({ buckets: [BUCKET], ...options });
  const cloud = tc3Cloud({
    keys: KEYS,
    endpoint: engine.url,
    now: () => engine.clock.now(),
    pause: soon,
  });
  const workFor = (model: Model = modelOf(), more: Partial<DeployWork> = {}): DeployWork => ({
    ...{ model, cloud, packages: packagesOf(), pause: soon, now: () => engine.clock.now() },
    ...more,
    secrets: { DARKROOM_API_KEYS: `shop:${'0'.repeat(64)}`, ...more.secrets },
  });
  return {
    engine,
    stop,
    cloud,
    workFor,
    /** Plans and carries out; what was planned, as people read it. */
    async deployed(work: DeployWork = workFor()): Promise<string> {
      const ready = await planFor(work);
      await deploy(work, ready);
      return explainPlan(ready.plan);
    },
    async planned(work: DeployWork = workFor()): Promise<string> {
      return explainPlan((await planFor(work)).plan);
    },
  };
}

export const NOTHING = 'Nothing to change: the account is as the rules ask for.';

/** The account through a wire that is cut before the call of this number, counted from 1. */
export function cutBefore(call: number, cloud: Cloud): Cloud {
  let calls = 0;
  return {
    call(asked) {
      calls += 1;
      if (calls >= call) throw new Error('killed');
      return cloud.call(asked);
    },
  };
}

/** As `cutBefore`, but the last call arrives and only its answer is lost. */
export function cutAfter(call: number, cloud: Cloud): Cloud {
  let calls = 0;
  return {
    async call(asked) {
      calls += 1;
      if (calls > call) throw new Error('killed');
      const answer = await cloud.call(asked);
      if (calls === call) throw new Error('killed');
      return answer;
    },
  };
}
