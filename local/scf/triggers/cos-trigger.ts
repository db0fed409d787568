import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../shared/wire/json.ts';
import { readJson } from '../../../shared/wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../../../shared/wire/json-object.ts';
import { ApiError } from '../../api/api-error.ts';
import type { NotificationRule } from '../../cos/events/notification-rule.ts';
import { type FunctionName, functionKey, type StoredTrigger } from '../stored-function.ts';

const HOST = /^([a-z0-9-]{1,60}-\d{1,20})\.cos\.([a-z0-9-]{1,40})\.myqcloud\.com$/;
/** Rules that stand for triggers, among those that the admin API makes. */
const RULE = 'scf-';

/** Which events of which bucket a trigger is about. */
export interface CosTrigger {
  readonly bucket: string;
  readonly region: string;
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** The trigger is named for the bucket's host, and describes the rest. */
export function readCosTrigger(name: string, description: string): CosTrigger {
  const [, bucket, region] = HOST.exec(name) ?? [];
  if (bucket === undefined || region === undefined) {
    throw new ApiError(
      'InvalidParameterValue.TriggerName',
      'The name of a COS trigger is <bucket>.cos.<region>.myqcloud.com.',
    );
  }
  return { bucket, region, ...filterOf(objectOf(description)) };
}

export function cosTriggerOf({ name, description }: StoredTrigger): CosTrigger {
  return readCosTrigger(name, JSON.stringify(description));
}

/** As it is read back. */
export function cosDescription({ event, prefix, suffix }: CosTrigger): JsonObject {
  return { event, filter: { Prefix: prefix, Suffix: suffix } };
}

/** The notification of the bucket that a trigger is. */
export function ruleOf(
  owner: FunctionName,
  trigger: CosTrigger,
  enabled: boolean,
): NotificationRule {
  const { bucket, event, prefix, suffix } = trigger;
  const subscriber = functionKey(owner);
  const text = JSON.stringify([subscriber, bucket, event, prefix, suffix]);
  const id = `${RULE}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  return { id, bucket, events: [event], prefix, suffix, subscriber, enabled };
}

export function isOfTrigger({ id }: Pick<NotificationRule, 'id'>): boolean {
  return id.startsWith(RULE);
}

function filterOf(described: JsonObject): Pick<CosTrigger, 'event' | 'prefix' | 'suffix'> {
  const filter = objectIn(described, 'filter');
  const event = textIn(described, 'event');
  const suffix = textIn(filter, 'Suffix') ?? '';
  if (event === undefined) throw wrong('names no event');
  if (suffix !== '' && !suffix.startsWith('.'))
    throw wrong('has a Suffix that begins without a dot');
  return { event, prefix: textIn(filter, 'Prefix') ?? '', suffix };
}

function objectOf(text: string): JsonObject {
  try {
    const value = readJson(text, { maxLength: 4096 });
    if (isJsonObject(value)) return value;
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  throw wrong('is no JSON object');
}

function wrong(what: string): ApiError {
  return new ApiError('InvalidParameterValue.TriggerDesc', `The TriggerDesc ${what}.`);
}
