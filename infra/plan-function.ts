import type { Account, FoundFunction } from './account.ts';
import type { Change, Consent, Note } from './change.ts';
import { isOurs, readMark, writeMark } from './mark.ts';
import type { FunctionSpec, Model } from './model.ts';
import type { Package } from './pack.ts';
import { environmentFor, foundOf, type Secrets } from './plan-environment.ts';
import { planTriggers } from './plan-triggers.ts';
import type { FunctionPlace } from './read-account.ts';
import type { Configuration, Step, Value } from './step.ts';

export interface FunctionWish {
  readonly model: Model;
  readonly account: Account;
  readonly code: Package;
  readonly secrets: Secrets;
  readonly address: string | undefined;
  readonly consent: Consent;
  readonly now: number;
}

export interface PlannedFunction {
  readonly change: Change | undefined;
  readonly refusals: readonly string[];
}

/** What has to happen so that one function is as the model says. */
export function planFunction(spec: FunctionSpec, wish: FunctionWish): PlannedFunction {
  const { model, account, consent } = wish;
  const found = foundOf(spec, account);
  const place = { name: spec.name, region: spec.region, namespace: model.namespace };
  const subject = sayFunction(spec);
  if (!found) return { change: creation(spec, place, wish, []), refusals: [] };

  if (!isOurs(found.description, model) && !consent.adopt) {
    return {
      change: undefined,
      refusals: [
        `There is a ${subject} that was not made by this deployment. --adopt takes it over.`,
      ],
    };
  }
  const failed = found.status === 'CreateFailed';
  const other = found.runtime !== model.runtime;
  if (failed || other) {
    const why = failed
      ? `it could not be made: ${found.why || 'no reason given'}`
      : `runtime: ${found.runtime} -> ${model.runtime}, which only a new function can have`;
    const refused = other && !failed && !consent.replaceRuntime;
    return {
      change: creation(spec, place, wish, [why]),
      refusals: refused
        ? [`The ${subject} has to be made anew. --replace-runtime agrees to it.`]
        : [],
    };
  }
  return { change: update(spec, place, found, wish), refusals: [] };
}

export function sayFunction({ name, region }: Pick<FunctionSpec, 'name' | 'region'>): string {
  return `function ${name} in ${region}`;
}

/** From nothing, or in the place of one that has to go first. */
function creation(
  spec: FunctionSpec,
  place: FunctionPlace,
  wish: FunctionWish,
  because: readonly string[],
): Change {
  const { model, code, now } = wish;
  const replaces = because.length > 0;
  const triggers = planTriggers(spec, undefined, place, now);
  const configuration = configurationOf(spec, wish);
  const gap: Note = {
    about: 'gap',
    says: 'until it is there again nothing hears uploads, ticks or callers; its address changes',
  };
  return {
    does: replaces ? 'replace' : 'create',
    subject: sayFunction(spec),
    lines: [
      ...because,
      `${spec.memory} MB, ${spec.timeoutSeconds} s, ${model.runtime}, ${code.zip.length} bytes of code`,
      ...Object.keys(configuration.environment).map((key) => `${key}: set`),
      ...triggers.lines,
    ],
    notes: [
      { about: 'slow', says: 'it takes some seconds until a new function is ready' },
      ...(replaces ? [gap] : []),
      ...reservedNotes(undefined, spec),
      ...triggers.notes,
    ],
    steps: [
      ...(replaces
        ? ([
            { does: 'delete-function', place },
            { does: 'await-gone', place },
          ] as const)
        : []),
      { does: 'create-function', place, runtime: model.runtime, zip: code.zip, configuration },
      { does: 'await-active', place },
      ...(spec.repeats ? [{ does: 'write-repeats', place, repeats: spec.repeats } as const] : []),
      ...(spec.reservedMemory === undefined
        ? []
        : [{ does: 'reserve', place, memory: spec.reservedMemory } as const]),
      ...triggers.steps,
      ...learns(spec, place, triggers.steps),
    ],
  };
}

function update(
  spec: FunctionSpec,
  place: FunctionPlace,
  found: FoundFunction,
  wish: FunctionWish,
): Change | undefined {
  const { code, now } = wish;
  const configuration = configurationOf(spec, wish);
  const broken = found.status === 'UpdateFailed';
  const otherCode = readMark(found.description)?.code !== code.hash || broken;
  const differences = differencesOf(spec, found, configuration);
  const otherConfiguration =
    differences.length > 0 || otherCode || found.description !== configuration.description;
  const repeats =
    spec.repeats && !sameRepeats(spec.repeats, found.repeats) ? spec.repeats : undefined;
  const triggers = planTriggers(spec, found, place, now);
  const reservation = reservationSteps(spec, place, found);
  const steps: Step[] = [
    ...(otherCode
      ? ([
          { does: 'write-code', place, zip: code.zip },
          { does: 'await-active', place },
        ] as const)
      : []),
    // Only now, with the description that says which code this is.
    ...(otherConfiguration
      ? ([
          { does: 'write-configuration', place, configuration },
          { does: 'await-active', place },
        ] as const)
      : []),
    ...(repeats ? [{ does: 'write-repeats', place, repeats } as const] : []),
    ...reservation,
    ...triggers.steps,
    ...learns(spec, place, triggers.steps),
  ];
  if (steps.length === 0) return undefined;
  return {
    does: 'update',
    subject: sayFunction(spec),
    lines: [
      ...(broken ? [`its last change failed: ${found.why || 'no reason given'}`] : []),
      ...(otherCode
        ? [`code: ${short(readMark(found.description)?.code)} -> ${short(code.hash)}`]
        : []),
      ...differences,
      ...(otherConfiguration && !otherCode && differences.length === 0 ? ['description'] : []),
      ...(repeats
        ? [`failed events: repeated ${repeats.times} times within ${repeats.withinSeconds} s`]
        : []),
      ...triggers.lines,
    ],
    notes: [
      ...(otherCode || otherConfiguration
        ? [{ about: 'slow', says: 'the next invocations start cold' } as const]
        : []),
      ...(spec.memory > found.memory
        ? [
            {
              about: 'cost',
              says: `each second costs ${spec.memory / found.memory} times as much`,
            } as const,
          ]
        : []),
      ...reservedNotes(found.reservedMemory, spec),
      ...triggers.notes,
    ],
    steps,
  };
}

function configurationOf(spec: FunctionSpec, wish: FunctionWish): Configuration {
  const { model, code } = wish;
  const { reservedMemory: reserved } = spec;
  return {
    description: writeMark({
      ...{ suite: model.suite, stage: model.stage, code: code.hash },
      ...(reserved === undefined ? {} : { reserved }),
    }),
    memory: spec.memory,
    timeoutSeconds: spec.timeoutSeconds,
    role: spec.role,
    environment: environmentFor(spec, wish),
    logs: model.logs,
  };
}

/** Never a value of the environment: some are secret, and the others are in the settings. */
function differencesOf(
  spec: FunctionSpec,
  found: FoundFunction,
  { environment, logs }: Configuration,
): readonly string[] {
  const pairs: readonly (readonly [string, string | number, string | number])[] = [
    ['memory in MB', found.memory, spec.memory],
    ['timeout in seconds', found.timeoutSeconds, spec.timeoutSeconds],
    ['role', found.role, spec.role],
    ['handler', found.handler, 'index.main_handler'],
    // Where no topic is named, the platform's own choice is left alone.
    ...(logs
      ? ([
          ['logset', found.logs.logset, logs.logset],
          ['log topic', found.logs.topic, logs.topic],
        ] as const)
      : []),
  ];
  const keys = [...new Set([...Object.keys(environment), ...Object.keys(found.environment)])];
  return [
    ...pairs.flatMap(([what, is, shall]) =>
      is === shall ? [] : [`${what}: ${is === '' ? 'none' : is} -> ${shall}`],
    ),
    ...keys.flatMap((key) => {
      const difference = differenceOf(found.environment[key], environment[key]);
      return difference === undefined ? [] : [`${key}: ${difference}`];
    }),
  ];
}

function differenceOf(is: string | undefined, shall: Value | undefined): string | undefined {
  if (shall === undefined) return 'removed';
  if (typeof shall !== 'string') return 'set, once on-callback has its address';
  if (is === shall) return undefined;
  return is === undefined ? 'set' : 'changed';
}

function sameRepeats(
  one: NonNullable<FunctionSpec['repeats']>,
  other: FoundFunction['repeats'],
): boolean {
  return one.times === other?.times && one.withinSeconds === other.withinSeconds;
}

function reservationSteps(
  { reservedMemory: wanted }: FunctionSpec,
  place: FunctionPlace,
  { reservedMemory: reserved }: FoundFunction,
): readonly Step[] {
  if (wanted === reserved) return [];
  return wanted === undefined
    ? [{ does: 'release', place }]
    : [{ does: 'reserve', place, memory: wanted }];
}

function reservedNotes(
  before: number | undefined,
  { reservedMemory: wanted, memory }: FunctionSpec,
): readonly Note[] {
  if (wanted === before) return [];
  const says =
    wanted === undefined
      ? 'no concurrency is kept for it any more'
      : `${wanted} MB of the account's concurrency are its own: ${Math.floor(wanted / memory)} instances at once, and no more`;
  return [{ about: 'cost', says }];
}

function learns(spec: FunctionSpec, place: FunctionPlace, steps: readonly Step[]): readonly Step[] {
  const makesAddress = steps.some(
    (step) => step.does === 'create-trigger' && step.trigger.type === 'http',
  );
  return spec.function === 'on-callback' && makesAddress ? [{ does: 'learn-address', place }] : [];
}

function short(code: string | undefined): string {
  return code === undefined ? 'unknown' : code.slice(0, 12);
}
