import { type JsonObject, readJson } from '../shared/wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../shared/wire/json-object.ts';
import type { FoundTrigger } from './account.ts';
import type { TriggerSpec } from './model.ts';
import { UPLOADS } from './render/triggers.ts';

/** What a trigger listens to; nothing for one of a kind or a form that a deployment never makes. */
export function readTrigger(found: FoundTrigger): TriggerSpec | undefined {
  switch (found.type) {
    case 'cos': {
      const described = jsonIn(found.description);
      const bucket = /^([a-z0-9-]+)\.cos\./.exec(found.name)?.[1];
      if (!described || bucket === undefined || textIn(described, 'event') !== UPLOADS) {
        return undefined;
      }
      const filter = objectIn(described, 'filter');
      const part = (name: string) => textIn(filter, name) ?? '';
      return { type: 'cos', bucket, prefix: part('Prefix'), suffix: part('Suffix') };
    }
    case 'timer': {
      const described = jsonIn(found.description);
      const cron = (described && textIn(described, 'cron')) ?? found.description;
      return { type: 'timer', name: found.name, cron, message: found.message };
    }
    case 'http': {
      const described = jsonIn(found.description);
      const auth = described && textIn(described, 'AuthType');
      return found.name === 'url' && (auth === 'NONE' || auth === 'CAM')
        ? { type: 'http', name: 'url', auth }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** The public address in the description of a function URL. */
export function addressOf(triggers: readonly FoundTrigger[]): string | undefined {
  for (const { type, description } of triggers) {
    const described = type === 'http' ? jsonIn(description) : undefined;
    if (!described) continue;
    // Pages do not agree on where it stands; origins for CORS are addresses as well, and not ours.
    const { CorsConfig: _, ...rest } = described;
    const address = textsIn(rest).find(
      (text) => /^https?:\/\/[^/\s]+\/?$/.test(text) && !/\.in\.[^/]*tencentscf\.com/.test(text),
    );
    if (address !== undefined) return address.replace(/\/$/, '');
  }
  return undefined;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    const value = readJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
