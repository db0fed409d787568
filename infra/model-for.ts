import type { Settings } from '../shared/config/settings.ts';
import { placesOf } from '../shared/config/settings.ts';
import { Fault } from '../shared/core/fault.ts';
import type { Permissions } from '../shared/plan/permissions-for.ts';
import { permissionsFor } from '../shared/plan/permissions-for.ts';
import type { FunctionPlace, Place } from '../shared/plan/places.ts';
import { type FunctionName, REQUEST_ACTIONS } from '../shared/plan/request-actions.ts';
import type { Rules } from '../shared/plan/rules.ts';
import type { Statement } from '../shared/plan/statement.ts';
import { triggersFor } from '../shared/plan/triggers-for.ts';
import { type Deployment, prefixOf } from './deployment.ts';
import {
  FUNCTION_NAMES,
  type FunctionSpec,
  Model,
  SCHEDULE,
  type SecretName,
  type TriggerSpec,
  type Variable,
} from './model.ts';

/** What a function gets unless the deployment says otherwise. */
const SIZES: Readonly<Record<FunctionName, { memory: number; timeoutSeconds: number }>> = {
  // One request to the service for five steps takes seconds; a long one is held by its lease.
  'on-upload': { memory: 128, timeoutSeconds: 60 },
  reprocess: { memory: 256, timeoutSeconds: 600 },
  'on-demand': { memory: 256, timeoutSeconds: 60 },
  'on-callback': { memory: 128, timeoutSeconds: 30 },
};

/** As often, and for as long, as the platform does it. */
const FOR_HOURS = { times: 2, withinSeconds: 21_600 };

/** What nobody else makes good: an upload, and a tick, which may be the one that a schedule has. */
const REPEATS: Partial<Record<FunctionName, typeof FOR_HOURS>> = {
  'on-upload': FOR_HOURS,
  reprocess: FOR_HOURS,
};

/** The deployment that these rules ask for, in these places. Pure: the account is not asked. */
export function modelFor(rules: Rules, settings: Settings, deployment: Deployment): Model {
  const places = placesOf(settings);
  const permissions = permissionsFor(rules, places, { doubtful: deployment.doubtful });
  const { triggers, problems } = triggersFor(rules.rules, places);
  if (problems.length > 0) {
    throw new Fault('RULES_INVALID', 'These rules cannot have triggers in these buckets', {
      hint: 'darkroom check says why, with DARKROOM_BUCKETS and DARKROOM_STATE set',
    });
  }

  const prefix = prefixOf(deployment);
  const home = settings.state.region;
  const named = FUNCTION_NAMES.filter((name) => permissions[name].length > 0);
  const { suite, stage, namespace, runtime, logs } = deployment;
  const reprocess = named.includes('reprocess')
    ? { region: home, namespace, name: `${prefix}-reprocess` }
    : undefined;
  const functions = named.flatMap((name) =>
    regionsOf(name, { home, triggers }).map((region): FunctionSpec => {
      const { memory, timeoutSeconds, reservedMemory } = deployment.functions[name];
      const repeats = REPEATS[name];
      return {
        function: name,
        name: `${prefix}-${name}`,
        region,
        role: `${prefix}-${name}`,
        memory: memory ?? SIZES[name].memory,
        timeoutSeconds: timeoutSeconds ?? SIZES[name].timeoutSeconds,
        ...(reservedMemory === undefined ? {} : { reservedMemory }),
        environment: environmentOf(name, { rules, settings, deployment, permissions, reprocess }),
        ...(repeats ? { repeats } : {}),
        triggers: triggersOf(name, region, { rules, triggers, deployment }),
      };
    }),
  );
  const model: Model = {
    ...{ suite, stage, appid: settings.appid, namespace, runtime, region: home },
    ...(logs ? { logs } : {}),
    roles: named
      .filter((name) => functions.some((spec) => spec.function === name))
      .map((name) => ({
        name: `${prefix}-${name}`,
        function: name,
        statements: [
          ...permissions[name],
          ...(reprocess && name === 'on-demand' ? [mayInvoke(reprocess, settings)] : []),
        ],
      })),
    functions,
    alarms: functions.flatMap(alarmsOf),
  };
  return checked(model);
}

/** This function and no other. Its region is left out: the platform has other names for regions here. */
function mayInvoke({ namespace, name }: FunctionPlace, { uin }: Settings): Statement {
  const { why, actions } = REQUEST_ACTIONS.invokeReprocess;
  const account = uin === undefined ? '' : `uin/${uin}`;
  const resource = [`qcs::scf::${account}:namespace/${namespace}/function/${name}`];
  return { why, action: actions, resource };
}

/** A trigger, its function and its bucket are in one region; everything else is beside the records. */
function regionsOf(
  name: FunctionName,
  { home, triggers }: { readonly home: string; readonly triggers: readonly Place[] },
): readonly string[] {
  if (name !== 'on-upload') return [home];
  return [...new Set(triggers.map(({ region }) => region))];
}

function triggersOf(
  name: FunctionName,
  region: string,
  {
    rules,
    triggers,
    deployment,
  }: {
    readonly rules: Rules;
    readonly triggers: ReturnType<typeof triggersFor>['triggers'];
    readonly deployment: Deployment;
  },
): readonly TriggerSpec[] {
  switch (name) {
    case 'on-upload':
      return triggers
        .filter((trigger) => trigger.region === region)
        .map(({ bucket, prefix, suffix }) => ({ type: 'cos', bucket, prefix, suffix }));
    case 'reprocess':
      return [
        { type: 'timer', name: 'tick', cron: tickLine(deployment.tickMinutes), message: '' },
        ...rules.schedules.map(
          (schedule): TriggerSpec => ({
            type: 'timer',
            name: `${SCHEDULE}${schedule.name}`,
            cron: schedule.cron,
            message: JSON.stringify({ schedule: schedule.name }),
          }),
        ),
      ];
    case 'on-demand':
      return [{ type: 'http', name: 'url', auth: deployment.urlAuth === 'cam' ? 'CAM' : 'NONE' }];
    // The service posts callbacks without a signature of the account.
    case 'on-callback':
      return [{ type: 'http', name: 'url', auth: 'NONE' }];
  }
}

function tickLine(minutes: number): string {
  return `0 ${minutes === 1 ? '*' : `*/${minutes}`} * * * * *`;
}

interface Circumstances {
  readonly rules: Rules;
  readonly settings: Settings;
  readonly deployment: Deployment;
  readonly permissions: Permissions;
  /** Where there is one. */
  readonly reprocess: FunctionPlace | undefined;
}

/** A function is told what it needs and nothing else: no secret where none is used. */
function environmentOf(
  name: FunctionName,
  { rules, settings, deployment, permissions, reprocess }: Circumstances,
): readonly Variable[] {
  const { buckets, outputBuckets, state, callbackUrl } = settings;
  const links = rules.http.callers.length > 0 && deployment.urlAuth === 'keys';
  const submitsJobs = permissions[name].some(({ action }) =>
    REQUEST_ACTIONS.findJob.actions.some((one) => action.includes(one)),
  );
  const secret = (key: SecretName, when: boolean): Variable[] =>
    when ? [{ key, secret: key }] : [];
  return [
    { key: 'DARKROOM_BUCKETS', value: placesText(buckets) },
    ...(outputBuckets.length > 0
      ? [{ key: 'DARKROOM_OUTPUT_BUCKETS', value: placesText(outputBuckets) }]
      : []),
    { key: 'DARKROOM_STATE', value: `${state.bucket}@${state.region}/${state.prefix}` },
    ...(submitsJobs
      ? [
          callbackUrl === undefined
            ? ({ key: 'DARKROOM_CALLBACK_URL', addressOf: 'on-callback' } as const)
            : { key: 'DARKROOM_CALLBACK_URL', value: callbackUrl },
        ]
      : []),
    ...(reprocess && name === 'on-demand'
      ? [{ key: 'DARKROOM_REPROCESS', value: functionText(reprocess) }]
      : []),
    ...secret('DARKROOM_CALLBACK_SECRETS', submitsJobs || name === 'on-callback'),
    ...secret('DARKROOM_LINK_KEYS', links && name !== 'on-callback'),
    ...secret('DARKROOM_API_KEYS', name === 'on-demand'),
    ...secret('DARKROOM_NOTICE_SECRET', rules.notices.length > 0),
  ];
}

function functionText({ region, namespace, name }: FunctionPlace): string {
  return `${region}/${namespace}/${name}`;
}

function placesText(places: readonly Place[]): string {
  return places.map(({ bucket, region }) => `${bucket}@${region}`).join(',');
}

function alarmsOf({ name, region }: FunctionSpec): Model['alarms'] {
  const alarm = (metric: Model['alarms'][number]['metric'], says: string, above: number) => ({
    ...{ name: `${name}-${metric.toLowerCase()}`, function: name, region },
    ...{ metric, says, above, minutes: 5 },
  });
  return [
    alarm('Error', 'invocations fail', 3),
    alarm('Http432', 'more is asked for at once than it may do', 0),
    alarm('Http433', 'it does not end in time', 0),
    alarm('Http434', 'its memory does not suffice', 0),
  ];
}

function checked(model: Model): Model {
  const parsed = Model.safeParse(model);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new Fault('DEPLOYMENT_INVALID', first?.message ?? 'The deployment is not possible', {
    detail: {
      issues: parsed.error.issues.map(({ message, path }) => `${path.join('.')} ${message}`),
    },
  });
}
