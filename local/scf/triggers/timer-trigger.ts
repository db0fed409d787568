import { type Cron, readCron } from '../../../shared/core/cron.ts';
import type { JsonObject } from '../../../shared/wire/json.ts';
import { readJson } from '../../../shared/wire/json.ts';
import { isJsonObject, textIn } from '../../../shared/wire/json-object.ts';
import { ApiError } from '../../api/api-error.ts';
import type { StoredTrigger } from '../stored-function.ts';

/** The cron line alone, or as it is read back: `{"cron":"0 0 2 * * * *"}`. */
export function readTimerDescription(text: string): JsonObject {
  const line = text.trim().startsWith('{') ? lineIn(text) : text.trim();
  const read = readCron(line);
  if (read.ok) return { cron: line };
  const hint = read.hint === undefined ? '' : ` (${read.hint})`;
  throw wrong(`${read.message}${hint}`);
}

export function cronOf({ description }: StoredTrigger): Cron {
  const read = readCron(textIn(description, 'cron') ?? '');
  if (read.ok) return read.cron;
  throw wrong(read.message);
}

function lineIn(text: string): string {
  try {
    const value = readJson(text, { maxLength: 4096 });
    return (isJsonObject(value) && textIn(value, 'cron')) || '';
  } catch {
    throw wrong('It is no JSON');
  }
}

function wrong(what: string): ApiError {
  return new ApiError(
    'InvalidParameterValue.TriggerDesc',
    `The TriggerDesc is no cron line: ${what}.`,
  );
}
