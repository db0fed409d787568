import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Engine } from '../../local/engine/engine.ts';
import { DEFAULT_APPID, DEFAULT_REGION } from '../../local/engine/options.ts';
import type { Environment } from '../../shared/config/settings.ts';
import { readYaml } from '../../shared/config/yaml-text.ts';
import type { Rules } from '../../shared/plan/rules.ts';

/** The buckets of an account that holds nothing but these rules, by their full names. */
export interface DevBuckets {
  readonly sources: readonly string[];
  readonly outputs: readonly string[];
  readonly state: string;
}

/** What is needed of the engine to talk to it. */
export type DevEngine = Pick<Engine, 'url' | 'credentials'>;

/** Rules, and the buckets that are there for them. */
export interface DevAccount {
  readonly rules: Rules;
  readonly buckets: DevBuckets;
}

/** The name of a bucket, without its account. */
const NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;

/** What is uploaded to where no rule names a bucket. */
const SOME_BUCKET = 'darkroom';

/**
 * Rules name buckets without an account; here all that they name is there. The text may still have
 * mistakes, so nothing of it is believed but words that could be names.
 */
export function bucketsNamedIn(text: string): DevBuckets {
  const read = readYaml(text);
  const file = read.ok ? read.value : undefined;
  const sources = new Set([
    ...listIn(file, 'rules').flatMap((rule) => namesIn(fieldOf(fieldOf(rule, 'when'), 'buckets'))),
    ...listIn(file, 'schedule').flatMap((schedule) => namesIn(fieldOf(schedule, 'bucket'))),
  ]);
  if (sources.size === 0) sources.add(SOME_BUCKET);
  const outputs = Object.values(fieldOf(file, 'templates') ?? {})
    .flatMap((template) => listIn(template, 'outputs'))
    .flatMap((output) => namesIn(fieldOf(fieldOf(output, 'into'), 'bucket')))
    .filter((name) => !sources.has(name));
  const full = (name: string) => `${name}-${DEFAULT_APPID}`;
  return {
    sources: [...sources].map(full),
    outputs: [...new Set(outputs)].map(full),
    state: full('records'),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

function namesIn(value: unknown): readonly string[] {
  return [value]
    .flat()
    .filter((name): name is string => typeof name === 'string' && NAME.test(name));
}

/** The settings of a deployment to such an account, but for secrets. */
export function placeSettings({ sources, outputs, state }: DevBuckets): Environment {
  const at = (bucket: string) => `${bucket}@${DEFAULT_REGION}`;
  return {
    DARKROOM_BUCKETS: sources.map(at).join(','),
    ...(outputs.length > 0 ? { DARKROOM_OUTPUT_BUCKETS: outputs.map(at).join(',') } : {}),
    DARKROOM_STATE: `${at(state)}/darkroom/`,
  };
}

/** Keys that are made once and kept, so that commands in another window have them as well. */
export interface DevKeys {
  readonly linkKey: string;
  apiKeyOf(caller: string): string;
}

export function openDevKeys(file: string): DevKeys {
  const kept = existsSync(file) ? parseEnv(readFileSync(file, 'utf8'))['DARKROOM_LINK_KEYS'] : '';
  const linkKey = kept || randomBytes(32).toString('hex');
  return {
    linkKey,
    apiKeyOf: (caller) => createHmac('sha256', linkKey).update(`caller ${caller}`).digest('hex'),
  };
}

/** What the functions are told of these keys. */
export function secretsFor({ http }: Rules, { linkKey, apiKeyOf }: DevKeys) {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex');
  const callers = http.callers.map(({ name }) => `${name}:${hash(apiKeyOf(name))}`);
  return {
    DARKROOM_LINK_KEYS: linkKey,
    ...(callers.length > 0 ? { DARKROOM_API_KEYS: callers.join(',') } : {}),
  };
}

/** Writes down all that other commands and programs need to talk to this account. */
export function writeDevEnvironment(
  file: string,
  {
    engine,
    buckets,
    rules,
    keys,
    url,
  }: {
    readonly engine: DevEngine;
    readonly buckets: DevBuckets;
    readonly rules: Rules;
    readonly keys: DevKeys;
    readonly url: string | undefined;
  },
): void {
  const { secretId, secretKey } = engine.credentials;
  const [first] = rules.http.callers;
  const lines = Object.entries({
    ...placeSettings(buckets),
    DARKROOM_ENDPOINT: engine.url,
    TENCENTCLOUD_SECRET_ID: secretId,
    TENCENTCLOUD_SECRET_KEY: secretKey,
    DARKROOM_LINK_KEYS: keys.linkKey,
    ...(url === undefined ? {} : { DARKROOM_URL: url }),
    ...(first ? { DARKROOM_API_KEY: keys.apiKeyOf(first.name) } : {}),
  }).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
}
