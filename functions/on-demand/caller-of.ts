import { timingSafeEqual } from 'node:crypto';
import type { HashedKey } from '../../shared/config/settings.ts';
import { Fault } from '../../shared/core/fault.ts';
import type { Template } from '../../shared/plan/rule.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import { isNamedBy } from '../../shared/plan/template-reference.ts';
import type { UrlEvent } from '../../shared/wire/url-event.ts';
import type { Asked } from './asked.ts';

export type Caller = Rules['http']['callers'][number];

const LONGEST_KEY = 512;

/** Who asks, by the API key of the request; counts the request against the caller's limit. */
export function callerOf({ event, suite, apiKeys, rateLimit }: Asked): Caller {
  const key = keyIn(event.headers);
  const name = key.length > LONGEST_KEY ? undefined : nameOf(suite.digest(key), apiKeys);
  if (key === '' || name === undefined) {
    throw new Fault(
      'CALLER_UNKNOWN',
      key === '' ? 'The request has no API key' : 'This API key is not known here',
      {
        hint: 'Send it in the header Authorization, behind the word Bearer, or alone in X-Api-Key',
      },
    );
  }
  const caller = suite.rules.http.callers.find((one) => one.name === name);
  if (!caller) {
    throw new Fault('CALLER_DENIED', `The rules allow nothing to the caller "${name}"`, {
      hint: 'Name it under http.callers in the rules file, with the templates it may ask for',
    });
  }
  const wait = rateLimit.take(name, caller.requestsPerMinute, suite.now());
  if (wait !== undefined) {
    throw new Fault(
      'CALLER_THROTTLED',
      `"${name}" may ask ${caller.requestsPerMinute} times a minute`,
      { detail: { retryAfterSeconds: wait } },
    );
  }
  return caller;
}

/** Where the platform asks for a signature of the account, that takes the header of this purpose. */
function keyIn({ authorization = '', 'x-api-key': apart = '' }: UrlEvent['headers']): string {
  const [, key = ''] = /^Bearer +([!-~]+)$/i.exec(authorization) ?? [];
  return key === '' ? apart : key;
}

/** Whether the caller may ask for what these templates make. */
export function mustBeAllowed(caller: Caller, templates: readonly Template[]): void {
  const other = templates.find((template) => !isNamedBy(caller.templates, template));
  if (!other) return;
  throw new Fault('CALLER_DENIED', `"${caller.name}" may not ask for the template ${other.name}`, {
    detail: { caller: caller.name, template: other.name },
  });
}

/** Every key is compared, so the time tells nothing about which one was nearly right. */
function nameOf(sha256: string, apiKeys: readonly HashedKey[]): string | undefined {
  const given = Buffer.from(sha256);
  let name: string | undefined;
  for (const known of apiKeys) {
    const expected = Buffer.from(known.sha256);
    if (expected.length === given.length && timingSafeEqual(expected, given)) name = known.caller;
  }
  return name;
}
