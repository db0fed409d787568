import type { JsonObject, JsonValue } from '../../../shared/wire/json.ts';
import { readJson } from '../../../shared/wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../../../shared/wire/json-object.ts';
import { ApiError } from '../../api/api-error.ts';

export interface UrlCors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: number;
  readonly credentials: boolean;
}

/** How a function is reached at an address of its own. */
interface UrlTrigger {
  readonly auth: 'NONE' | 'CAM';
  /** Nothing where pages of other origins stay out. */
  readonly cors: UrlCors | undefined;
}

export function readUrlTrigger(described: JsonObject): UrlTrigger {
  const auth = textIn(described, 'AuthType');
  if (auth !== 'NONE' && auth !== 'CAM')
    throw wrong('has an AuthType that is neither NONE nor CAM');
  const net = objectIn(described, 'NetConfig');
  if (net['EnableExtranet'] === false) throw wrong('opens no address to the outside');
  return { auth, cors: corsIn(objectIn(described, 'CorsConfig')) };
}

export function readUrlDescription(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = readJson(text, { maxLength: 4096 });
  } catch {
    throw wrong('is no JSON');
  }
  if (!isJsonObject(value)) throw wrong('is no JSON object');
  readUrlTrigger(value);
  return value;
}

export function urlHost(label: string, region: string): string {
  return `${label}.${region}.tencentscf.com`;
}

/** What was described, with the address that came of it. */
export function urlDescription(described: JsonObject, label: string, region: string): JsonObject {
  return {
    ...described,
    NetConfig: {
      EnableIntranet: false,
      EnableExtranet: true,
      ...objectIn(described, 'NetConfig'),
      ExtranetUrl: `https://${urlHost(label, region)}`,
      IntranetUrl: '',
    },
  };
}

function corsIn(cors: JsonObject): UrlCors | undefined {
  if (cors['Enable'] !== true) return undefined;
  return {
    origins: textsIn(cors, 'Origins'),
    methods: textsIn(cors, 'Methods'),
    headers: textsIn(cors, 'Headers'),
    exposed: textsIn(cors, 'ExposeHeaders'),
    maxAgeSeconds: typeof cors['MaxAge'] === 'number' ? cors['MaxAge'] : 0,
    credentials: cors['Credentials'] === true,
  };
}

function textsIn(object: JsonObject, name: string): readonly string[] {
  const value = object[name];
  if (value === undefined || value === null) return [];
  const texts = Array.isArray(value) ? value : [value];
  return texts.map((text) => {
    if (typeof text !== 'string' || !/^[\x20-\x7e]{1,300}$/.test(text)) {
      throw wrong(`has a CorsConfig whose ${name} are no texts`);
    }
    return text;
  });
}

function wrong(what: string): ApiError {
  return new ApiError('InvalidParameterValue.TriggerDesc', `The TriggerDesc ${what}.`);
}
