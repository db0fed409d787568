import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Environment } from '../shared/config/settings.ts';
import { Fault } from '../shared/core/fault.ts';

/** The environment with what a file adds; what is set already stays as it is. */
export function withEnvFile(env: Environment, file: string | undefined): Environment {
  const path = file ?? '.env';
  if (!existsSync(path)) {
    if (file === undefined) return env;
    throw new Fault('SETTINGS_INVALID', `${file}: there is no such file`);
  }
  return { ...parseEnv(readFileSync(path, 'utf8')), ...env };
}
