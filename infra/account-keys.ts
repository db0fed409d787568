import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../shared/config/settings.ts';
import { Fault } from '../shared/core/fault.ts';
import { readJson } from '../shared/wire/json.ts';
import { isJsonObject, textIn } from '../shared/wire/json-object.ts';

/** Keys of whoever deploys. They never stand in a message, a log or a file of ours. */
export interface AccountKeys {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}

/** The names that the vendor's own tools read, and those a function finds in its environment. */
const NAMES = [
  ['TENCENTCLOUD_SECRET_ID', 'TENCENTCLOUD_SECRET_KEY', 'TENCENTCLOUD_TOKEN'],
  ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY', 'TENCENT_TOKEN'],
  ['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY', 'TENCENTCLOUD_SESSIONTOKEN'],
] as const;

/** From a profile where one is named, else from the environment, else from the profile `default`. */
export function accountKeys(
  env: Environment,
  { profile, home = homedir() }: { readonly profile?: string; readonly home?: string } = {},
): AccountKeys {
  const named = profile === undefined ? keysIn(env) : undefined;
  const keys = named ?? profileKeys(profile ?? 'default', home);
  if (keys) return keys;
  const where = profile === undefined ? 'the environment' : `the profile "${profile}"`;
  throw new Fault('SETTINGS_INVALID', `There are no keys of the account in ${where}`, {
    hint: 'Set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, in the environment or in .env, or name a profile of tccli with --profile',
  });
}

function keysIn(env: Environment): AccountKeys | undefined {
  for (const [id, key, tokenName] of NAMES) {
    const [secretId, secretKey, token] = [env[id], env[key], env[tokenName]];
    if (secretId && secretKey) return { secretId, secretKey, ...(token ? { token } : {}) };
  }
  return undefined;
}

/** As `tccli configure` writes them: one file a profile, in a folder of the user's. */
function profileKeys(profile: string, home: string): AccountKeys | undefined {
  if (!/^[\w-]{1,64}$/.test(profile)) return undefined;
  let text: string;
  try {
    text = readFileSync(join(home, '.tccli', `${profile}.credential`), 'utf8');
  } catch {
    return undefined;
  }
  const value = readJson(text);
  if (!isJsonObject(value)) return undefined;
  const secretId = textIn(value, 'secretId');
  const secretKey = textIn(value, 'secretKey');
  const token = textIn(value, 'token');
  return secretId && secretKey ? { secretId, secretKey, ...(token ? { token } : {}) } : undefined;
}
