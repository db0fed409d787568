import type { TemporaryKey } from '../../cam/identities.ts';
import type { StoredFunction } from '../stored-function.ts';
import { VERSION } from '../stored-function.ts';

/** What says how a process starts could let it out of its place: such variables have no effect here. */
const FOR_THE_START = /^(?:NODE_|LD_|DYLD_|OPENSSL_|UV_|ICU_)/i;

/** What every instance of a function finds; the platform's own variables go before the function's. */
export function instanceEnv(
  stored: StoredFunction,
  places: {
    readonly folder: string;
    readonly ownFolder: string;
    readonly endpoint: string;
  },
): Readonly<Record<string, string>> {
  const { folder, ownFolder, endpoint } = places;
  return {
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...Object.fromEntries(
      stored.environment
        .filter(({ Key }) => !FOR_THE_START.test(Key) || Key === 'NODE_ENV')
        .map(({ Key, Value }) => [Key, Value]),
    ),
    // Programs of the platform find the engine by this, and nothing in them has to differ.
    DARKROOM_ENDPOINT: endpoint,
    HOME: ownFolder,
    TMPDIR: ownFolder,
    USER_CODE_ROOT: `${folder}/`,
    NODE_PATH: `${folder}:${folder}/node_modules`,
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: stored.region,
    SCF_FUNCTIONNAME: stored.name,
    SCF_NAMESPACE: stored.namespace,
  };
}

/** The keys of the role, new ones whenever the old have lived for a while; none without a role. */
export function keyVariables(key: TemporaryKey | undefined): Readonly<Record<string, string>> {
  if (!key) return {};
  return {
    TENCENTCLOUD_SECRETID: key.secretId,
    TENCENTCLOUD_SECRETKEY: key.secretKey,
    TENCENTCLOUD_SESSIONTOKEN: key.token,
  };
}

/** What differs from one invocation to the next; what is null is taken away. */
export function invocationEnv(
  key: TemporaryKey | undefined,
  source: string,
): Readonly<Record<string, string | null>> {
  return {
    TENCENTCLOUD_SECRETID: null,
    TENCENTCLOUD_SECRETKEY: null,
    TENCENTCLOUD_SESSIONTOKEN: null,
    ...keyVariables(key),
    TRIGGER_SRC: source === 'timer' ? 'timer' : null,
  };
}

export function contextOf(
  stored: StoredFunction,
  {
    requestId,
    appid,
    uin,
  }: { readonly requestId: string; readonly appid: string; readonly uin: string },
): Readonly<Record<string, string | number>> {
  const variables = stored.environment.map(({ Key, Value }) => [Key, Value] as const);
  const all = [...variables, ['SCF_NAMESPACE', stored.namespace] as const];
  return {
    request_id: requestId,
    function_name: stored.name,
    function_version: VERSION,
    namespace: stored.namespace,
    memory_limit_in_mb: stored.memory,
    time_limit_in_ms: stored.timeoutSeconds * 1000,
    environment: JSON.stringify(Object.fromEntries(all)),
    environ: all.map(([name, value]) => `${name}=${value}`).join(';'),
    tencentcloud_region: stored.region,
    tencentcloud_appid: appid,
    tencentcloud_uin: uin,
  };
}
