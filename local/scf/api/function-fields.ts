import type { JsonObject, JsonValue } from '../../../shared/wire/json.ts';
import { writeRegionCode } from '../../../shared/wire/region-code.ts';
import type { ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import type { Fields } from '../../api/fields.ts';
import { roleResource, uinOf } from '../../cam/account.ts';
import { problemOfZip } from '../code/check-zip.ts';
import {
  type FunctionName,
  type FunctionSettings,
  QUALIFIERS,
  type StoredFunction,
} from '../stored-function.ts';

const NAME = {
  fits: /^[A-Za-z](?:[\w-]{0,58}[A-Za-z0-9])?$/,
  code: 'InvalidParameterValue.FunctionName',
} as const;
export const NAMESPACE = {
  fits: /^[A-Za-z][\w-]{0,29}$/,
  code: 'InvalidParameterValue.NamespaceInvalid',
} as const;
const HANDLER = {
  fits: /^[\w-]{1,58}\.[\w-]{1,58}$/,
  most: 60,
  code: 'InvalidParameterValue.Handler',
} as const;
const DESCRIPTION = {
  fits: /^[\w ,.\u4e00-\u9fff，。-]*$/,
  most: 1000,
  code: 'InvalidParameterValue.Description',
} as const;
const ROLE = { fits: /^[\w+=,.@-]{0,128}$/ } as const;
const VARIABLE = /^[A-Za-z]\w{1,63}$/;
const RESERVED = /^(?:SCF_|QCLOUD_|TENCENTCLOUD_)/i;
const MOST_VARIABLE_BYTES = 4096;
const MOST_TAGS = 50;

/** What is kept and read back, and means nothing on one machine. */
const ONLY_KEPT = [
  ...['ClsLogsetId', 'ClsTopicId', 'VpcConfig', 'PublicNetConfig', 'DeadLetterConfig'],
  ...['InstallDependency', 'L5Enable', 'DnsCache', 'IntranetConfig', 'IgnoreSysLog'],
  ...['AutoDeployClsTopicIndex', 'AutoCreateClsTopic'],
];
/** What a function would behave otherwise by, so that it is refused where it says something. */
const NOT_HERE = [
  ...['Layers', 'CfsConfig', 'AsyncRunEnable', 'TraceEnable', 'ProtocolType', 'ProtocolParams'],
  ...['InstanceConcurrencyConfig', 'Publish'],
];

export const SETTING_FIELDS = [
  ...['Handler', 'Description', 'MemorySize', 'Timeout', 'InitTimeout', 'Role', 'Environment'],
  ...ONLY_KEPT,
  ...NOT_HERE,
];

/** Functions are JavaScript here, and run on the Node.js that the engine runs on. */
export const RUNTIMES = [
  ...['Nodejs20.19', 'Nodejs18.15', 'Nodejs16.13', 'Nodejs14.18', 'Nodejs12.16', 'Nodejs10.15'],
];

export const NEW_SETTINGS: FunctionSettings = {
  handler: 'index.main_handler',
  description: '',
  memory: 128,
  timeoutSeconds: 3,
  initTimeoutSeconds: 65,
  role: '',
  environment: [],
  kept: {},
};

export function functionNameIn({
  fields,
  region,
}: Pick<ApiCall, 'fields' | 'region'>): FunctionName {
  return {
    region,
    namespace: namespaceIn(fields),
    name: fields.needText('FunctionName', NAME),
  };
}

export function namespaceIn(fields: Fields): string {
  return fields.text('Namespace', NAMESPACE) || 'default';
}

export function needFunction(call: ApiCall): StoredFunction {
  const name = functionNameIn(call);
  mustBeLatest(call.fields);
  const stored = call.service.functions.tables.find(name);
  if (stored) return stored;
  mustHaveNamespace(call, name);
  throw new ApiError(
    'ResourceNotFound.Function',
    `There is no function "${name.name}" in the namespace "${name.namespace}" of ${name.region}.`,
  );
}

export function mustHaveNamespace(
  { service }: ApiCall,
  { region, namespace }: Pick<FunctionName, 'region' | 'namespace'>,
): void {
  const there = service.functions.tables.namespaces(region).some(({ name }) => name === namespace);
  if (there) return;
  throw new ApiError(
    'ResourceNotFound.Namespace',
    `There is no namespace "${namespace}" in ${region}.`,
  );
}

/** A function that is about to change takes no further change. */
export function mustBeStill(
  { name, state }: StoredFunction,
  code: ConstructorParameters<typeof ApiError>[0],
): void {
  if (state !== 'Creating' && state !== 'Updating') return;
  throw new ApiError(code, `The function "${name}" is ${state}; try again when it is Active.`);
}

function mustBeLatest(fields: Fields): void {
  const qualifier = fields.text('Qualifier');
  if (qualifier === undefined || QUALIFIERS.includes(qualifier)) return;
  throw new ApiError(
    'InvalidParameterValue.Qualifier',
    `The Darkroom engine has no versions: a function is ${QUALIFIERS.join(' or ')}.`,
  );
}

/** `qcs::scf:gz:uin/101250000000:namespace/default/function/on-upload`; the region is its short code. */
export function functionResource(
  { service: { appid } }: Pick<ApiCall, 'service'>,
  { region, namespace, name }: FunctionName,
): string {
  return `qcs::scf:${writeRegionCode(region)}:uin/${uinOf(appid)}:namespace/${namespace}/function/${name}`;
}

export function resourceOfCall(call: ApiCall): string {
  return functionResource(call, functionNameIn(call));
}

/** What a call says of a function, over what was said before. */
export function settingsIn(fields: Fields, before: FunctionSettings): FunctionSettings {
  for (const name of NOT_HERE) mustSayNothing(fields, name);
  return {
    handler: fields.text('Handler', HANDLER) ?? before.handler,
    description: fields.text('Description', DESCRIPTION) ?? before.description,
    memory: memoryIn(fields) ?? before.memory,
    timeoutSeconds:
      fields.whole('Timeout', { min: 1, max: 900, code: 'InvalidParameterValue.Timeout' }) ??
      before.timeoutSeconds,
    initTimeoutSeconds:
      fields.whole('InitTimeout', { min: 3, max: 300 }) ?? before.initTimeoutSeconds,
    role: fields.text('Role', ROLE) ?? before.role,
    environment: environmentIn(fields) ?? before.environment,
    kept: keptIn(fields, before.kept),
  };
}

export function tagsIn(fields: Fields): StoredFunction['tags'] {
  const tags = fields.objects('Tags', MOST_TAGS) ?? [];
  return tags.map((tag) => ({
    Key: tag.needText('Key', { most: 127 }),
    Value: tag.needText('Value', { most: 255 }),
  }));
}

/** Whoever gives a role to a function has to be allowed to, and the role has to be one for functions. */
export function mustPassRole(call: ApiCall, role: string): void {
  if (role === '') return;
  const { service } = call;
  call.mustBeAllowed('cam:PassRole', roleResource(service.appid, role));
  if (service.identities.asRole(role, 'scf.qcloud.com')) return;
  throw new ApiError(
    'ResourceNotFound.Role',
    `There is no role "${role}" that scf.qcloud.com may assume.`,
  );
}

export function zipIn(fields: Fields): Uint8Array {
  const text = fields.needText('ZipFile', { most: 20 * 1024 * 1024 });
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw notZip('it is no Base64');
  const zip = Buffer.from(text, 'base64');
  const problem = problemOfZip(zip);
  if (problem) throw notZip(problem);
  return zip;
}

function notZip(why: string): ApiError {
  return new ApiError('InvalidParameterValue.InlineZipFile', `ZipFile cannot be used: ${why}.`);
}

function memoryIn(fields: Fields): number | undefined {
  const memory = fields.whole('MemorySize', {
    ...{ min: 64, max: 3072, code: 'InvalidParameterValue.MemorySize' },
  });
  if (memory === undefined || memory === 64 || memory % 128 === 0) return memory;
  throw new ApiError(
    'InvalidParameterValue.MemorySize',
    'MemorySize is 64, or 128 to 3072 in steps of 128.',
  );
}

/** One variable without a name and a value takes them all away. */
function environmentIn(fields: Fields): FunctionSettings['environment'] | undefined {
  const wrong = 'InvalidParameterValue.Environment';
  const given = fields.object('Environment')?.objects('Variables', 1000, wrong);
  if (!given) return undefined;
  const variables = given.map((each) => ({
    Key: each.text('Key', { most: 64, code: wrong }) ?? '',
    Value: each.text('Value', { most: MOST_VARIABLE_BYTES, code: wrong }) ?? '',
  }));
  const [only, ...more] = variables;
  if (only?.Key === '' && only.Value === '' && more.length === 0) return [];
  for (const { Key } of variables) {
    if (RESERVED.test(Key)) {
      throw new ApiError(
        'InvalidParameterValue.EnvironmentSystemProtect',
        `Names that begin as "${Key}" does are the platform's own.`,
      );
    }
    if (VARIABLE.test(Key)) continue;
    throw new ApiError(
      wrong,
      `"${Key}" is no name of a variable: a letter, then letters, digits, _.`,
    );
  }
  const bytes = variables.reduce((sum, each) => sum + Buffer.byteLength(each.Key + each.Value), 0);
  if (bytes <= MOST_VARIABLE_BYTES) return variables;
  throw new ApiError(
    'InvalidParameterValue.EnvironmentExceededLimit',
    `All variables together have ${bytes} bytes; ${MOST_VARIABLE_BYTES} is the most.`,
  );
}

function keptIn(fields: Fields, before: JsonObject): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const name of ONLY_KEPT) {
    const value = fields.value(name) ?? before[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function mustSayNothing(fields: Fields, name: string): void {
  const value = fields.value(name);
  if (value === undefined || saysNothing(value)) return;
  throw new ApiError('UnsupportedOperation', `The Darkroom engine does not have \`${name}\`.`);
}

/** What clients send that write every parameter, meant or not. */
function saysNothing(value: JsonValue): boolean {
  if (value === null || value === '' || value === false || value === 'FALSE') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
