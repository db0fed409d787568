import { nearestName } from '../operations/nearest-name.ts';
import type { FunctionPlace, Place, Places } from '../plan/places.ts';
import { readBuckets, readState } from './setting-buckets.ts';
import { SETTINGS, type SettingName } from './setting-names.ts';
import { readAddress, readHashedKeys, readSecrets } from './setting-secrets.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a caller sends is hashed and compared: the settings hold no key that opens anything. */
export interface HashedKey {
  /** As in `http.callers` of the rules file. */
  readonly caller: string;
  readonly sha256: string;
}

/** What belongs to one deployment and not to the rules: account, buckets, addresses, keys. */
export interface Settings {
  readonly appid: string;
  /** The owner's account number; the platform sets it where a function runs. */
  readonly uin?: string;
  readonly buckets: readonly Place[];
  readonly outputBuckets: readonly Place[];
  readonly state: Places['state'];
  readonly endpoint?: string;
  readonly callbackUrl?: string;
  readonly reprocess?: FunctionPlace;
  readonly apiKeys: readonly HashedKey[];
  /** The first signs, each is believed: so a key can change while links of the old one live. */
  readonly linkKeys: readonly string[];
  readonly callbackSecrets: readonly string[];
  readonly noticeSecret?: string;
}

/** What is wrong with one setting; never the value of one that is secret. */
interface SettingProblem {
  readonly setting: SettingName;
  readonly message: string;
  readonly hint?: string;
}

export type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

/** A value, or why there is none. */
export type Reading<T> = { readonly value: T } | { readonly wrong: string; readonly hint?: string };

/** All settings from the environment, or all that is wrong with them. */
export function readSettings(env: Environment): SettingsRead {
  const problems: SettingProblem[] = [];

  function read<T>(setting: SettingName, reader: (text: string) => Reading<T>): T | undefined {
    const text = env[setting]?.trim() ?? '';
    if (text === '') {
      if ('required' in SETTINGS[setting]) problems.push(missing(setting, env));
      return undefined;
    }
    const reading = reader(text);
    if ('value' in reading) return reading.value;
    const { wrong, hint } = reading;
    problems.push({ setting, message: `${setting} ${wrong}`, ...(hint ? { hint } : {}) });
    return undefined;
  }

  const buckets = read('DARKROOM_BUCKETS', (text) => readBuckets(text));
  const appid = buckets?.appid;
  const outputs = read('DARKROOM_OUTPUT_BUCKETS', (text) => readBuckets(text, appid));
  const known = [...(buckets?.places ?? []), ...(outputs?.places ?? [])];
  // What the state names is judged by the buckets; of wrong ones nothing follows.
  const state = read<Places['state'] | undefined>('DARKROOM_STATE', (text) =>
    buckets ? readState(text, known, appid) : { value: undefined },
  );
  const endpoint = read('DARKROOM_ENDPOINT', readAddress);
  const callbackUrl = read('DARKROOM_CALLBACK_URL', readAddress);
  const reprocess = read('DARKROOM_REPROCESS', readFunctionPlace);
  const apiKeys = read('DARKROOM_API_KEYS', readHashedKeys);
  const linkKeys = read('DARKROOM_LINK_KEYS', (text) => readSecrets(text, 2));
  const callbackSecrets = read('DARKROOM_CALLBACK_SECRETS', (text) => readSecrets(text, 2));
  const noticeSecrets = read('DARKROOM_NOTICE_SECRET', (text) => readSecrets(text, 1));

  if (!buckets || !state || problems.length > 0) return { ok: false, problems };
  const uin = /^\d{5,20}$/.exec(env.TENCENTCLOUD_UIN ?? '')?.[0];
  const noticeSecret = noticeSecrets?.[0];
  return {
    ok: true,
    settings: {
      appid: buckets.appid,
      ...(uin === undefined ? {} : { uin }),
      buckets: buckets.places,
      outputBuckets: outputs?.places ?? [],
      state,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
      ...(reprocess === undefined ? {} : { reprocess }),
      apiKeys: apiKeys ?? [],
      linkKeys: linkKeys ?? [],
      callbackSecrets: callbackSecrets ?? [],
      ...(noticeSecret === undefined ? {} : { noticeSecret }),
    },
  };
}

function readFunctionPlace(text: string): Reading<FunctionPlace> {
  const parts = /^([a-z][a-z0-9-]{0,39})\/([\w-]{1,60})\/([\w-]{1,60})$/.exec(text);
  const [, region = '', namespace = '', name = ''] = parts ?? [];
  if (parts) return { value: { region, namespace, name } };
  return { wrong: 'is no function', hint: 'It reads: region/namespace/name' };
}

function missing(setting: SettingName, env: Environment): SettingProblem {
  const { means, example } = SETTINGS[setting];
  const others = Object.keys(env).filter(
    (name) => name.startsWith('DARKROOM_') && !Object.hasOwn(SETTINGS, name),
  );
  const meant = nearestName(setting, others);
  const hint = meant ? `Was ${meant} meant to be it?` : `${means} For example: ${example}`;
  return { setting, message: `${setting} is not set`, hint };
}

/** Which account and buckets rules are checked and planned for. */
export function placesOf({ appid, uin, buckets, outputBuckets, state }: Settings): Places {
  return {
    appid,
    ...(uin === undefined ? {} : { uin }),
    sources: buckets,
    outputs: outputBuckets,
    state,
  };
}
