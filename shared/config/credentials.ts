import { Fault } from '../core/fault.ts';
import type { Environment } from './settings.ts';

/** Keys of the function's role. They change while an instance lives on: read them per invocation. */
export interface RoleKeys {
  readonly secretId: string;
  readonly secretKey: string;
  /** Comes with temporary keys, and has to be sent with them. */
  readonly token?: string;
}

export function readCredentials(env: Environment): RoleKeys {
  const secretId = env.TENCENTCLOUD_SECRETID;
  const secretKey = env.TENCENTCLOUD_SECRETKEY;
  const token = env.TENCENTCLOUD_SESSIONTOKEN;
  if (!secretId || !secretKey) {
    const absent = secretId ? 'TENCENTCLOUD_SECRETKEY' : 'TENCENTCLOUD_SECRETID';
    throw new Fault('SETTINGS_INVALID', `${absent} is not set`, {
      detail: { setting: absent },
      hint: 'The platform sets it for a function that has an execution role; elsewhere export it.',
    });
  }
  return { secretId, secretKey, ...(token ? { token } : {}) };
}
