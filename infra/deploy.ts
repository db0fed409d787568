import { randomBytes } from 'node:crypto';
import type { Settings } from '../shared/config/settings.ts';
import { Fault, toFault } from '../shared/core/fault.ts';
import type { FunctionName } from '../shared/plan/request-actions.ts';
import type { Account } from './account.ts';
import { type ApplyPorts, applyPlan } from './apply.ts';
import type { Consent, DeployPlan } from './change.ts';
import type { Deployment } from './deployment.ts';
import { addressOf } from './found-trigger.ts';
import type { Model } from './model.ts';
import type { Package } from './pack.ts';
import { planDeployment } from './plan-deployment.ts';
import { foundOf, type Secrets } from './plan-environment.ts';
import { readAccount } from './read-account.ts';

/** What shall be deployed, and through what. */
export interface DeployWork extends Pick<ApplyPorts, 'cloud'> {
  readonly model: Model;
  readonly packages: ReadonlyMap<FunctionName, Package>;
  /** Where functions of this deployment may be besides where the model puts them. */
  readonly regions?: readonly string[];
  /** Secrets that are chosen and not made. */
  readonly secrets?: Secrets;
  readonly consent?: Partial<Consent>;
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<void>;
}

/** A plan, and the account it was made for. */
export interface ReadyPlan {
  readonly plan: DeployPlan;
  readonly account: Account;
}

/** A deployment without anything in it: whatever is ours is then too much. */
export function nothingIn(settings: Settings, deployment: Deployment): Model {
  const { suite, stage, namespace, runtime } = deployment;
  return {
    ...{ suite, stage, appid: settings.appid, namespace, runtime, region: settings.state.region },
    ...{ roles: [], functions: [], alarms: [] },
  };
}

/** Reads the account and says what is different. Changes nothing. */
export async function planFor(work: DeployWork): Promise<ReadyPlan> {
  const { model, packages, secrets = {}, consent, now = Date.now } = work;
  const regions = [
    ...new Set([
      model.region,
      ...model.functions.map(({ region }) => region),
      ...(work.regions ?? []),
    ]),
  ];
  const account = await readAccount(work.cloud, { ...model, regions });
  const plan = planDeployment({
    ...{ model, account, packages, now: now() },
    secrets: { given: secrets, newSecret: () => randomBytes(32).toString('hex') },
    consent: { adopt: false, replaceRuntime: false, ...consent },
  });
  return { plan, account };
}

/** How often a plan is made anew because somebody else was at the account as well. */
const MOST_ROUNDS = 10;

/**
 * Carries out a plan that somebody agreed to. Where the account changed meanwhile, it goes on with
 * what is still to be done, as long as that is nothing but what was agreed to.
 */
export async function deploy(
  work: DeployWork,
  agreed: ReadyPlan,
  say: ApplyPorts['say'] = () => {},
): Promise<void> {
  const pause = work.pause ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
  const ports: ApplyPorts = { cloud: work.cloud, pause, say };
  let ready = agreed;
  for (let round = 1; ; round++) {
    mustBeAllowed(ready.plan);
    mustBeAgreed(ready.plan, agreed.plan);
    try {
      await applyPlan(ready.plan, { ...ready, model: work.model }, ports);
      return;
    } catch (thrown) {
      const fault = toFault(thrown, 'DEPLOYMENT_FAILED');
      if (fault.code !== 'DEPLOYMENT_OVERTAKEN' || round === MOST_ROUNDS) throw fault;
      await pause(500);
      ready = await planFor(work);
    }
  }
}

/** Where callers reach on-demand, and callbacks on-callback. */
export function addressesIn(
  { functions }: Model,
  account: Account,
): Readonly<Partial<Record<FunctionName, string>>> {
  return Object.fromEntries(
    functions.flatMap((spec) => {
      const address = addressOf(foundOf(spec, account)?.triggers ?? []);
      return address === undefined ? [] : [[spec.function, address]];
    }),
  );
}

function mustBeAllowed({ refusals }: DeployPlan): void {
  if (refusals.length === 0) return;
  throw new Fault('DEPLOYMENT_REFUSED', refusals.join('\n'), { detail: { refusals } });
}

function mustBeAgreed(plan: DeployPlan, agreed: DeployPlan): void {
  const subjects = new Set(agreed.changes.map(({ subject }) => subject));
  const destroys = new Set(
    agreed.changes.filter(({ does }) => does !== 'update').map(({ subject }) => subject),
  );
  const other = plan.changes.find(
    ({ does, subject }) =>
      !subjects.has(subject) ||
      ((does === 'delete' || does === 'replace') && !destroys.has(subject)),
  );
  if (!other) return;
  throw new Fault(
    'DEPLOYMENT_OVERTAKEN',
    `Somebody else changed the account meanwhile: ${other.does} ${other.subject} was not in the plan`,
    { hint: 'Deploy again, and look at the new plan' },
  );
}
