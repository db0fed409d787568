import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Fault } from '../../shared/core/fault.ts';
import { readQuery } from '../../shared/wire/percent.ts';
import { readUrlReply, writeUrlEvent } from '../../shared/wire/url-event.ts';
import type { ApiService } from '../api/api-action.ts';
import { ApiError } from '../api/api-error.ts';
import { authenticateTc3 } from '../api/authenticate-tc3.ts';
import { denial } from '../api/denial.ts';
import { ANONYMOUS, type Caller } from '../cam/caller.ts';
import type { Handled, Strike } from '../cos/answer-cos.ts';
import type { Address } from '../server/address.ts';
import type { Answer } from '../server/answer.ts';
import type { FaultEffect } from '../server/faults.ts';
import type { Incoming } from '../server/incoming.ts';
import { functionResource } from './api/function-fields.ts';
import { failed, failureBody, type Outcome, STATUSES } from './host/outcome.ts';
import { MOST_SYNC_BYTES } from './host/talk.ts';
import type { StoredFunction } from './stored-function.ts';
import { corsOf, preflightOf } from './triggers/url-cors.ts';
import { readUrlTrigger } from './triggers/url-trigger.ts';

/** What faults and the log call a request to the address of a function. */
export const URL_OPERATION = 'InvokeFunctionUrl';

/** A request to the address of a function. */
export async function answerFunction(
  service: ApiService,
  incoming: Incoming,
  { label, region }: Extract<Address, { on: 'function' }>,
  strike: Strike,
): Promise<Handled> {
  const requestId = randomUUID();
  let key: string | undefined;
  let caller: Caller = ANONYMOUS;
  let effect: FaultEffect | undefined;
  const handled = (answer: Answer, error?: ApiError): Handled => ({
    ...{ answer: withId(answer, requestId), operation: URL_OPERATION },
    ...{ bucket: undefined, key, caller, error, effect },
  });
  const refused = (status: number, code: string, message: string, error?: ApiError) =>
    handled(jsonAnswer(status, { errorCode: code, errorMessage: message, requestId }), error);

  const found = service.triggers.atLabel(label);
  const stored = found && service.functions.tables.find(found.owner);
  if (!found || !stored || stored.region !== region || !found.trigger.enabled) {
    return refused(404, 'FunctionNotFound', `There is no function at ${label} in ${region}.`);
  }
  key = stored.name;
  effect = strike({ operation: URL_OPERATION, bucket: undefined, key });
  if (effect?.effect === 'slow') await setTimeout(effect.ms, undefined, { ref: false });
  const status = effect && statusOf(effect);
  if (status !== undefined) return refused(status, 'InternalError', 'A fault on demand.');

  const { auth, cors } = readUrlTrigger(found.trigger.description);
  if (cors && incoming.method === 'OPTIONS') return handled(preflightOf(cors, incoming));
  try {
    const body = await incoming.body.bytes(MOST_SYNC_BYTES);
    if (auth === 'CAM') {
      caller = signedBy(service, incoming, body);
      mustBeAllowed(service, incoming, { caller, stored, requestId });
    }
    const event = JSON.stringify(eventOf(incoming, body));
    const invocation = { event, source: 'url', requestId } as const;
    const outcome = await service.host.invoke(stored, invocation).answer;
    const answer = answerOf(outcome, requestId);
    return handled({ ...answer, headers: { ...answer.headers, ...corsOf(cors, incoming) } });
  } catch (thrown) {
    if (thrown instanceof ApiError) {
      return refused(403, thrown.code, thrown.message, thrown);
    }
    if (thrown instanceof Fault && thrown.code === 'INPUT_TOO_LARGE') {
      const outcome = failed('request-too-large', 'A request has at most 6 MB.');
      return handled(answerOf(outcome, requestId));
    }
    return handled(answerOf(failed('internal', 'The request failed here.'), requestId));
  }
}

/** Like a call of an account API, with two headers of other names. */
function signedBy({ identities, now }: ApiService, incoming: Incoming, body: Buffer): Caller {
  const { method, rawPath, rawQuery } = incoming;
  const headers = {
    ...incoming.headers,
    'x-tc-timestamp': incoming.headers['x-scf-cam-timestamp'],
    'x-tc-token': incoming.headers['x-scf-cam-token'] ?? incoming.headers['x-tc-token'],
  };
  return authenticateTc3({ method, rawPath, rawQuery, headers, body }, 'scf', identities, now());
}

function mustBeAllowed(
  service: ApiService,
  incoming: Incoming,
  { caller, stored, requestId }: { caller: Caller; stored: StoredFunction; requestId: string },
): void {
  const resource = functionResource({ service }, stored);
  const denied = denial(
    { service, incoming, caller, requestId },
    'scf:InvokeFunctionUrl',
    resource,
  );
  if (denied) throw denied;
}

function eventOf(incoming: Incoming, body: Buffer) {
  const query: Record<string, string> = Object.create(null);
  for (const { name, value } of readQuery(incoming.rawQuery)) query[name] = value;
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = String(value);
  }
  headers['x-scf-remote-addr'] = incoming.remoteAddress.replace(/^::ffff:/, '');
  const { method, rawPath: path } = incoming;
  return writeUrlEvent({ method, path, query, headers, body: body.toString('utf8') });
}

/** Of the connection, and none of the function's. */
const NOT_ITS_OWN =
  /^(?:connection|content-length|date|keep-alive|server|transfer-encoding|upgrade)$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function answerOf(outcome: Outcome, requestId: string): Answer {
  if (outcome.status !== 'success') {
    return jsonAnswer(STATUSES[outcome.status].code, failureBody(outcome, requestId));
  }
  const { statusCode, headers, body } = readUrlReply(JSON.parse(outcome.value));
  const kept = Object.entries(headers).filter(
    ([name, value]) =>
      HEADER_NAME.test(name) && HEADER_VALUE.test(value) && !NOT_ITS_OWN.test(name),
  );
  return { status: Math.max(200, statusCode), headers: Object.fromEntries(kept), body };
}

function statusOf(effect: FaultEffect): number | undefined {
  switch (effect.effect) {
    case 'status':
      return effect.status;
    case 'throttle':
      return 429;
    case 'reset':
      return 500;
    default:
      return undefined;
  }
}

function jsonAnswer(status: number, value: object): Answer {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: JSON.stringify(value) };
}

function withId(answer: Answer, requestId: string): Answer {
  return {
    ...answer,
    headers: { Server: 'scf', ...answer.headers, 'X-Scf-Request-Id': requestId },
  };
}
