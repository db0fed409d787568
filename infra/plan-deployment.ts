import type { FunctionName } from '../shared/plan/request-actions.ts';
import type { Account } from './account.ts';
import type { Change, Consent, DeployPlan, Note } from './change.ts';
import { isOurs, writeMark } from './mark.ts';
import type { Model } from './model.ts';
import type { Package } from './pack.ts';
import { callbackAddress, type SecretSource, secretsFor } from './plan-environment.ts';
import { planFunction, sayFunction } from './plan-function.ts';
import { planRoleRemovals, planRoles, planTidyMarks } from './plan-roles.ts';

export interface PlanInput {
  readonly model: Model;
  readonly account: Account;
  readonly packages: ReadonlyMap<FunctionName, Package>;
  readonly secrets: SecretSource;
  readonly consent: Consent;
  readonly now: number;
}

/**
 * Every difference between the account and the model, in the order in which to make it go away: roles
 * before functions, on-callback before those that are told its address, removals last. Pure.
 */
export function planDeployment(input: PlanInput): DeployPlan {
  const { model, account, packages, consent, now } = input;
  const secrets = secretsFor(model, account, input.secrets);
  const roles = planRoles(model, account, consent);
  let address = callbackAddress(model, account);
  const functions = model.functions.map((spec) => {
    const code = packages.get(spec.function);
    if (!code) throw new Error(`There is no code for ${spec.function}`);
    const planned = planFunction(spec, { model, account, code, secrets, address, consent, now });
    // A new on-callback has a new address, and nobody knows it yet.
    if (spec.function === 'on-callback' && planned.change?.does === 'replace') address = undefined;
    return planned;
  });
  return {
    changes: [
      ...planNamespaces(model, account),
      ...roles.changes,
      ...functions.flatMap(({ change }) => (change ? [change] : [])),
      ...planFunctionRemovals(model, account),
      ...planTidyMarks(model, account),
      ...planRoleRemovals(model, account),
      ...planNamespaceRemovals(model, account),
    ],
    refusals: [
      ...missingServiceRoles(model, account),
      ...wrongAccount(model, account),
      ...roles.refusals,
      ...functions.flatMap(({ refusals }) => refusals),
    ],
    notes: [...callersWithoutKeys(model, secrets.DARKROOM_API_KEYS)],
  };
}

function planNamespaces(model: Model, { namespaces }: Account): readonly Change[] {
  const { namespace: name } = model;
  if (name === 'default') return [];
  const regions = [...new Set(model.functions.map(({ region }) => region))];
  return regions
    .filter((region) => !namespaces.some((one) => one.region === region && one.name === name))
    .map((region) => ({
      does: 'create',
      subject: `namespace ${name} in ${region}`,
      lines: [],
      notes: [],
      steps: [{ does: 'create-namespace', region, name, description: ourMark(model) }],
    }));
}

/** One that we made and have no use for. The service keeps it where others have functions in it. */
function planNamespaceRemovals(model: Model, { namespaces }: Account): readonly Change[] {
  return namespaces
    .filter(
      ({ region, name, description }) =>
        name === model.namespace &&
        isOurs(description, model) &&
        !model.functions.some((spec) => spec.region === region),
    )
    .map(({ region, name }) => ({
      does: 'delete',
      subject: `namespace ${name} in ${region}`,
      lines: [],
      notes: [{ about: 'know', says: 'it stays where somebody else has functions in it' }],
      steps: [{ does: 'delete-namespace', region, name }],
    }));
}

function planFunctionRemovals(model: Model, account: Account): readonly Change[] {
  return account.functions
    .filter(
      ({ name, region, description }) =>
        isOurs(description, model) &&
        !model.functions.some((spec) => spec.name === name && spec.region === region),
    )
    .map((found): Change => {
      const place = { name: found.name, region: found.region, namespace: model.namespace };
      return {
        does: 'delete',
        subject: sayFunction(found),
        lines: found.triggers.map(({ type, name }) => `- ${type} trigger ${name}`),
        notes: [],
        steps: [
          ...found.triggers.map((trigger) => ({ does: 'delete-trigger', place, trigger }) as const),
          { does: 'delete-function', place },
          { does: 'await-gone', place },
        ],
      };
    });
}

function ourMark({ suite, stage }: Model): string {
  return writeMark({ suite, stage });
}

/** What only a person can do, in the console, once for each account. */
function missingServiceRoles(model: Model, { serviceRoles }: Account): readonly string[] {
  const hears = model.functions.some(({ triggers }) => triggers.some(({ type }) => type === 'cos'));
  const passes = model.roles.some(({ statements }) =>
    statements.some(({ action }) => action.includes('cam:PassRole')),
  );
  return [
    ...(hears && !serviceRoles.includes('SCF_QcsRole')
      ? [
          'The role SCF_QcsRole is missing, with which the platform hears uploads. Open Serverless Cloud Function once in the console and agree to the authorisation it asks for (policy QcloudAccessForScfRole).',
        ]
      : []),
    ...(passes && !serviceRoles.includes('CI_QCSRole')
      ? [
          'The role CI_QCSRole is missing, with which Cloud Infinite reads and writes for jobs. Open Cloud Infinite once in the console and agree to the authorisation it asks for (policies QcloudCOSDataFullControl, QcloudAccessForCIRole, QcloudPartAccessForCIRole).',
        ]
      : []),
  ];
}

function wrongAccount(model: Model, { appid }: Account): readonly string[] {
  if (appid === '' || appid === model.appid) return [];
  return [`The keys are of the account ${appid}, and the buckets of ${model.appid}.`];
}

function callersWithoutKeys(model: Model, keys: string | undefined): readonly Note[] {
  const demands = model.functions.some((spec) => spec.function === 'on-demand');
  if (!demands || (keys !== undefined && keys !== '')) return [];
  return [
    { about: 'know', says: 'no caller has a key yet: darkroom deploy rotate --key <caller>' },
  ];
}
