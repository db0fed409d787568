import * as z from 'zod';
import { readCron } from '../shared/core/cron.ts';
import { TRIGGERS_PER_FUNCTION } from '../shared/plan/trigger.ts';

/** In this order they are deployed: the address of the first is a setting of the others. */
export const FUNCTION_NAMES = ['on-callback', 'on-upload', 'reprocess', 'on-demand'] as const;

/** Settings that are made once, kept in the environment of the functions, and read back from there. */
export const SECRETS = [
  'DARKROOM_LINK_KEYS',
  'DARKROOM_CALLBACK_SECRETS',
  'DARKROOM_NOTICE_SECRET',
  'DARKROOM_API_KEYS',
] as const;

export type SecretName = (typeof SECRETS)[number];

/** How the timer of a schedule is called, before the schedule's own name. */
export const SCHEDULE = 'schedule-';

/** All variables of a function together, names and values. */
const MOST_ENVIRONMENT = 4096;
/** Two secrets of 64 characters with a comma between them. */
const SECRET_LENGTH = 129;

const VARIABLE = /^(?!SCF_|QCLOUD_|TENCENTCLOUD_)[A-Za-z][A-Za-z0-9_]{1,63}$/;
const Key = z.string().regex(VARIABLE, 'is no name of a variable, or one the platform keeps');

const Variable = z.union([
  z.strictObject({ key: Key, value: z.string() }),
  z.strictObject({ key: Key, secret: z.enum(SECRETS) }),
  /** The address of on-callback, which is known once it is deployed. */
  z.strictObject({ key: Key, addressOf: z.literal('on-callback') }),
]);

export type Variable = z.output<typeof Variable>;

const CosTrigger = z.strictObject({
  type: z.literal('cos'),
  bucket: z.string(),
  prefix: z.string(),
  suffix: z.string().regex(/^(?:\..*)?$/, 'begins with a dot'),
});

const TimerTrigger = z.strictObject({
  type: z.literal('timer'),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
  cron: z.string().refine((line) => readCron(line).ok, 'is no cron line of seven fields'),
  /** What the function is told with each tick. */
  message: z.string().max(4096),
});

const HttpTrigger = z.strictObject({
  type: z.literal('http'),
  name: z.literal('url'),
  auth: z.enum(['NONE', 'CAM']),
});

const TriggerSpec = z.discriminatedUnion('type', [CosTrigger, TimerTrigger, HttpTrigger]);
export type TriggerSpec = z.output<typeof TriggerSpec>;

const FunctionSpec = z.strictObject({
  function: z.enum(FUNCTION_NAMES),
  /** As the account knows it. */
  name: z.string().max(60),
  region: z.string(),
  role: z.string().max(128),
  memory: z
    .int()
    .max(3072)
    .refine((mb) => mb === 64 || (mb > 0 && mb % 128 === 0), 'is 64 or a multiple of 128'),
  timeoutSeconds: z.int().min(1).max(900),
  reservedMemory: z.int().positive().exactOptional(),
  environment: z.array(Variable).readonly(),
  /** How the platform repeats what failed; nothing where the caller waits for the answer. */
  repeats: z
    .strictObject({ times: z.int().min(0).max(2), withinSeconds: z.int().min(60).max(21_600) })
    .exactOptional(),
  triggers: z.array(TriggerSpec).readonly(),
});

export type FunctionSpec = z.output<typeof FunctionSpec>;

const RoleSpec = z.strictObject({
  /** The role and its policy have one name. */
  name: z.string().max(128),
  function: z.enum(FUNCTION_NAMES),
  statements: z
    .array(
      z.strictObject({
        why: z.string(),
        action: z.array(z.string()).min(1).readonly(),
        resource: z.array(z.string()).min(1).readonly(),
      }),
    )
    .min(1)
    .readonly(),
});

export type RoleSpec = z.output<typeof RoleSpec>;

const AlarmSpec = z.strictObject({
  name: z.string(),
  function: z.string(),
  region: z.string(),
  metric: z.enum(['Error', 'Http432', 'Http433', 'Http434']),
  says: z.string(),
  above: z.int().min(0),
  minutes: z.int().positive(),
});

/** Everything of one suite in one account. What an account should hold is made from it alone. */
export const Model = z
  .strictObject({
    suite: z.string(),
    stage: z.string(),
    appid: z.string(),
    namespace: z.string(),
    runtime: z.string(),
    /** Where all but the functions for other regions' buckets are. */
    region: z.string(),
    logs: z.strictObject({ logset: z.string(), topic: z.string() }).exactOptional(),
    roles: z.array(RoleSpec).readonly(),
    functions: z.array(FunctionSpec).readonly(),
    alarms: z.array(AlarmSpec).readonly(),
  })
  .check((ctx) => {
    for (const [index, spec] of ctx.value.functions.entries()) {
      const say = (message: string) =>
        ctx.issues.push({
          code: 'custom',
          input: spec.name,
          path: ['functions', index],
          message: `${spec.name} ${message}`,
        });
      const bytes = environmentBytes(spec.environment);
      if (bytes > MOST_ENVIRONMENT) {
        say(`would have ${bytes} bytes of settings, and the platform takes ${MOST_ENVIRONMENT}`);
      }
      if (`${ctx.value.namespace}${spec.name}`.length > 118) say('has too long a name');
      for (const type of ['cos', 'timer'] as const) {
        const count = spec.triggers.filter((trigger) => trigger.type === type).length;
        if (count > TRIGGERS_PER_FUNCTION) {
          say(`would have ${count} ${type} triggers, and may have ${TRIGGERS_PER_FUNCTION}`);
        }
      }
    }
  });

export type Model = z.output<typeof Model>;

function environmentBytes(environment: readonly Variable[]): number {
  return environment.reduce((sum, variable) => {
    const value = 'value' in variable ? Buffer.byteLength(variable.value) : SECRET_LENGTH;
    return sum + Buffer.byteLength(variable.key) + value;
  }, 0);
}
