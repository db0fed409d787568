import { Fault } from '../shared/core/fault.ts';
import type { JsonObject, JsonValue } from '../shared/wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../shared/wire/json-object.ts';
import {
  type Account,
  type FoundFunction,
  type FoundPolicy,
  type FoundRole,
  type FoundTrigger,
  SERVICE_ROLES,
} from './account.ts';
import type { ApiCall, Cloud } from './cloud.ts';
import { prefixOf } from './deployment.ts';
import { readMark } from './mark.ts';
import { FUNCTION_NAMES, type Model } from './model.ts';

/** Whose things are looked for, and where. */
export type Wanted = Pick<Model, 'suite' | 'stage' | 'namespace'> & {
  readonly regions: readonly string[];
};

/** Nothing more is read of one kind: a page each, and no account of ours has as many. */
const PAGE = 100;

/** Reads what has one of our names, wherever the marks of our policies say that some of it may be. */
export async function readAccount(cloud: Cloud, wanted: Wanted): Promise<Account> {
  const names = FUNCTION_NAMES.map((name) => `${prefixOf(wanted)}-${name}`);
  const [user, serviceRoles, roles, policies] = await Promise.all([
    ask(cloud, { service: 'cam', action: 'GetUserAppId', parameters: {} }),
    Promise.all(SERVICE_ROLES.map((name) => readRole(cloud, name))),
    Promise.all(names.map((name) => readRole(cloud, name))),
    readPolicies(cloud, prefixOf(wanted), names),
  ]);
  const marked = policies.flatMap(({ description }) => readMark(description)?.regions ?? []);
  const regions = [...new Set([...wanted.regions, ...marked])];
  const [namespaces, functions] = await Promise.all([
    Promise.all(regions.map((region) => readNamespaces(cloud, region))),
    Promise.all(
      regions.flatMap((region) =>
        names.map((name) => readFunction(cloud, { name, region, namespace: wanted.namespace })),
      ),
    ),
  ]);
  return {
    appid: textIn(user, 'AppId') ?? '',
    uin: textIn(user, 'OwnerUin') ?? '',
    serviceRoles: serviceRoles.flatMap((role) => (role ? [role.name] : [])),
    namespaces: namespaces.flat(),
    roles: await Promise.all(roles.flatMap((role) => (role ? [withPolicies(cloud, role)] : []))),
    policies,
    functions: functions.flatMap((found) => (found ? [found] : [])),
  };
}

/** What was asked for, or nothing where there is none. */
async function askFor(cloud: Cloud, call: ApiCall): Promise<JsonObject | undefined> {
  const answer = await cloud.call(call);
  if (answer.ok) return answer.response;
  if (/^ResourceNotFound|NotExist/.test(answer.code)) return undefined;
  throw new Fault('DEPLOYMENT_FAILED', `${call.action}: ${answer.message} (${answer.code})`, {
    detail: { action: call.action, code: answer.code },
  });
}

async function ask(cloud: Cloud, call: ApiCall): Promise<JsonObject> {
  return (await askFor(cloud, call)) ?? {};
}

type RoleAlone = Omit<FoundRole, 'policies'>;

async function readRole(cloud: Cloud, name: string): Promise<RoleAlone | undefined> {
  const parameters = { RoleName: name };
  const response = await askFor(cloud, { service: 'cam', action: 'GetRole', parameters });
  if (!response) return undefined;
  const role = objectIn(response, 'RoleInfo');
  return {
    name,
    description: textIn(role, 'Description') ?? '',
    trust: textIn(role, 'PolicyDocument') ?? '',
  };
}

async function withPolicies(cloud: Cloud, role: RoleAlone): Promise<FoundRole> {
  const response = await ask(cloud, {
    service: 'cam',
    action: 'ListAttachedRolePolicies',
    parameters: { RoleName: role.name, Page: 1, Rp: PAGE },
  });
  const policies = listIn(response, 'List').map((entry) => ({
    id: textIn(entry, 'PolicyId') ?? '',
    name: textIn(entry, 'PolicyName') ?? '',
  }));
  return { ...role, policies };
}

async function readPolicies(
  cloud: Cloud,
  keyword: string,
  names: readonly string[],
): Promise<readonly FoundPolicy[]> {
  const response = await ask(cloud, {
    service: 'cam',
    action: 'ListPolicies',
    parameters: { Keyword: keyword, Scope: 'Local', Page: 1, Rp: PAGE },
  });
  const listed = listIn(response, 'List').flatMap((entry) => {
    const id = textIn(entry, 'PolicyId');
    const name = textIn(entry, 'PolicyName') ?? '';
    return id !== undefined && names.includes(name) ? [{ id, name }] : [];
  });
  const read = await Promise.all(
    listed.map(async ({ id, name }) => {
      const parameters = { PolicyId: Number(id) };
      const policy = await askFor(cloud, { service: 'cam', action: 'GetPolicy', parameters });
      if (!policy) return [];
      return [
        {
          ...{ id, name },
          description: textIn(policy, 'Description') ?? '',
          document: textIn(policy, 'PolicyDocument') ?? '',
        },
      ];
    }),
  );
  return read.flat();
}

async function readNamespaces(cloud: Cloud, region: string) {
  const response = await ask(cloud, {
    ...{ service: 'scf', action: 'ListNamespaces', region },
    parameters: { Limit: PAGE, Offset: 0 },
  });
  return listIn(response, 'Namespaces').map((entry) => ({
    region,
    name: textIn(entry, 'Name') ?? '',
    description: textIn(entry, 'Description') ?? '',
  }));
}

export interface FunctionPlace {
  readonly name: string;
  readonly region: string;
  readonly namespace: string;
}

/** How calls name a function. */
export function functionCall(
  action: string,
  { name, region, namespace }: FunctionPlace,
  more: JsonObject = {},
): ApiCall {
  const parameters = { FunctionName: name, Namespace: namespace, ...more };
  return { service: 'scf', action, region, parameters };
}

async function readFunction(
  cloud: Cloud,
  place: FunctionPlace,
): Promise<FoundFunction | undefined> {
  const found = await askFor(cloud, functionCall('GetFunction', place, { ShowCode: 'FALSE' }));
  if (!found) return undefined;
  const description = textIn(found, 'Description') ?? '';
  const reserved = readMark(description)?.reserved !== undefined;
  const [triggers, repeats, reservedMemory] = await Promise.all([
    readTriggers(cloud, place),
    readRepeats(cloud, place),
    reserved ? readReserved(cloud, place) : undefined,
  ]);
  return {
    ...{ name: place.name, region: place.region, description, triggers, repeats, reservedMemory },
    status: textIn(found, 'Status') ?? '',
    why: listIn(found, 'StatusReasons')
      .map((reason) => textIn(reason, 'ErrorMessage') ?? textIn(reason, 'ErrorCode') ?? '')
      .join('; '),
    runtime: textIn(found, 'Runtime') ?? '',
    handler: textIn(found, 'Handler') ?? '',
    memory: Number(textIn(found, 'MemorySize') ?? 0),
    timeoutSeconds: Number(textIn(found, 'Timeout') ?? 0),
    role: textIn(found, 'Role') ?? '',
    environment: Object.fromEntries(
      listIn(objectIn(found, 'Environment'), 'Variables').map((variable) => [
        textIn(variable, 'Key') ?? '',
        textIn(variable, 'Value') ?? '',
      ]),
    ),
    logs: {
      logset: textIn(found, 'ClsLogsetId') ?? '',
      topic: textIn(found, 'ClsTopicId') ?? '',
    },
  };
}

export async function readTriggers(
  cloud: Cloud,
  place: FunctionPlace,
): Promise<readonly FoundTrigger[]> {
  const response = await ask(
    cloud,
    functionCall('ListTriggers', place, { Offset: 0, Limit: PAGE }),
  );
  return listIn(response, 'Triggers').map((trigger) => ({
    name: textIn(trigger, 'TriggerName') ?? '',
    type: textIn(trigger, 'Type') ?? '',
    description: textIn(trigger, 'TriggerDesc') ?? '',
    enabled: ['1', 'OPEN'].includes(textIn(trigger, 'Enable') ?? '1'),
    bound:
      (textIn(trigger, 'AvailableStatus') ?? 'Available') === 'Available' &&
      (textIn(trigger, 'BindStatus') ?? 'on') === 'on',
    message: textIn(trigger, 'CustomArgument') ?? '',
  }));
}

async function readRepeats(cloud: Cloud, place: FunctionPlace): Promise<FoundFunction['repeats']> {
  const response = await askFor(cloud, functionCall('GetFunctionEventInvokeConfig', place));
  const settings = response && objectIn(response, 'AsyncTriggerConfig');
  const [retry] = settings ? listIn(settings, 'RetryConfig') : [];
  const times = retry && textIn(retry, 'RetryNum');
  const within = settings && textIn(settings, 'MsgTTL');
  if (times === undefined || within === undefined) return undefined;
  return { times: Number(times), withinSeconds: Number(within) };
}

async function readReserved(cloud: Cloud, place: FunctionPlace): Promise<number | undefined> {
  const response = await askFor(cloud, functionCall('GetReservedConcurrencyConfig', place));
  const reserved = response && textIn(response, 'ReservedMem');
  return reserved === undefined ? undefined : Number(reserved);
}

function listIn(object: JsonObject, name: string): readonly JsonObject[] {
  const list: JsonValue | undefined = object[name];
  return Array.isArray(list) ? list.filter((entry) => isJsonObject(entry)) : [];
}
