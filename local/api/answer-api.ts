import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Fault } from '../../shared/core/fault.ts';
import type { JsonObject, JsonValue } from '../../shared/wire/json.ts';
import { readJson } from '../../shared/wire/json.ts';
import { isJsonObject } from '../../shared/wire/json-object.ts';
import { ANONYMOUS, type Caller } from '../cam/caller.ts';
import type { Handled, Strike } from '../cos/answer-cos.ts';
import type { Answer } from '../server/answer.ts';
import type { FaultEffect } from '../server/faults.ts';
import type { Incoming } from '../server/incoming.ts';
import type { ApiAction, ApiCall, ApiService, ApiServiceName } from './api-action.ts';
import { API_ERROR_CODES, ApiError } from './api-error.ts';
import { API_SERVICES } from './api-services.ts';
import { authenticateTc3 } from './authenticate-tc3.ts';
import { denial } from './denial.ts';
import { Fields } from './fields.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const REGION = /^[a-z]{2,4}(?:-[a-z0-9]{1,20}){1,4}$/;

/** What these services call themselves; their ids of requests are in the body. */
export const API_SERVER = 'nginx';

/** A call of an account API: read, authenticated, allowed, carried out. */
export async function answerApi(
  service: ApiService,
  incoming: Incoming,
  serviceName: string,
  strike: Strike,
): Promise<Handled> {
  const requestId = randomUUID();
  let operation = 'Unknown';
  let key: string | undefined;
  let caller: Caller = ANONYMOUS;
  let effect: FaultEffect | undefined;
  const handled = (answer: Answer, error?: ApiError): Handled => ({
    ...{ answer, operation, bucket: undefined, key, caller, error, effect },
  });

  try {
    const api = apiNamed(serviceName);
    const body = await bodyOf(incoming);
    const action = actionOf(api, incoming);
    operation = action.name;
    const values = valuesIn(body);
    key = nameIn(values);
    effect = strike({ operation, bucket: undefined, key });
    if (effect) await beforehand(effect);
    caller = authenticateTc3({ ...incoming, body }, api.name, service.identities, service.now());
    const region = regionOf(api, incoming);

    const fields = new Fields(values);
    fields.mustBeAmong(action.fields);
    const call: ApiCall = {
      ...{ service, fields, caller, region, requestId, effect },
      mustBeAllowed(permission, resource) {
        const denied = denial({ service, incoming, caller, requestId }, permission, resource);
        if (denied) throw denied;
      },
    };
    if (action.permission) {
      call.mustBeAllowed(action.permission, action.resourceOf?.(call) ?? '*');
    }
    const outcome = await inTurn(action, call);
    return handled(jsonAnswer(200, { Response: { ...outcome, RequestId: requestId } }));
  } catch (thrown) {
    const error = toApiError(thrown);
    const { code: Code, message: Message, status, headers } = error;
    const answer = jsonAnswer(status, {
      Response: { Error: { Code, Message }, RequestId: requestId },
    });
    return handled({ ...answer, headers: { ...answer.headers, ...headers } }, error);
  }
}

/** What only reads, and what may take long. */
const ALONGSIDE = /^(?:Get|List|Describe|Invoke)/;
const turns = new WeakMap<ApiService, Promise<unknown>>();

/** Calls that change something go one after the other, so that what one looked at still holds. */
function inTurn(action: ApiAction, call: ApiCall): object | Promise<object> {
  if (ALONGSIDE.test(action.name)) return action.run(call);
  const before = turns.get(call.service) ?? Promise.resolve();
  const outcome = before.then(() => action.run(call));
  turns.set(
    call.service,
    outcome.catch(() => undefined),
  );
  return outcome;
}

interface Api {
  readonly name: ApiServiceName;
  readonly version: string;
  readonly regional: boolean;
  readonly actions: readonly ApiAction[];
}

function apiNamed(name: string): Api {
  const api = API_SERVICES.find((each) => each.name === name);
  if (api) return api;
  const there = API_SERVICES.map((each) => each.name).join(', ');
  throw new ApiError(
    'UnsupportedOperation',
    `The Darkroom engine does not have the API of "${name.slice(0, 60)}"; it has ${there}.`,
  );
}

async function bodyOf({ method, headers, body }: Incoming): Promise<Buffer> {
  if (method !== 'POST') {
    throw new ApiError('UnsupportedProtocol', `A call is a POST with JSON here, not a ${method}.`);
  }
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ApiError(
      'UnsupportedProtocol',
      'The Content-Type of a call is application/json here.',
    );
  }
  try {
    return await body.bytes(MAX_BODY_BYTES);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'INPUT_TOO_LARGE') throw thrown;
    throw new ApiError('RequestSizeLimitExceeded', 'A call has at most 10 MB.');
  }
}

function actionOf({ name, version, actions }: Api, { headers }: Incoming): ApiAction {
  const asked = headers['x-tc-action'];
  if (!asked) throw missingHeader('X-TC-Action');
  if (!headers['x-tc-version']) throw missingHeader('X-TC-Version');
  if (headers['x-tc-version'] !== version) {
    throw new ApiError('NoSuchVersion', `The API of ${name} has the version ${version} here.`);
  }
  const action = actions.find((each) => each.name === asked);
  if (action) return action;
  throw new ApiError(
    'InvalidAction',
    `The API of ${name} in the Darkroom engine does not have "${asked.slice(0, 100)}".`,
  );
}

/** Services without regions take one and do not look at it. */
function regionOf({ regional }: Api, { headers }: Incoming): string {
  const region = headers['x-tc-region'];
  if (!regional) return '';
  if (!region) throw missingHeader('X-TC-Region');
  if (!REGION.test(region)) {
    throw new ApiError('UnsupportedRegion', `There is no region "${region.slice(0, 60)}".`);
  }
  return region;
}

function missingHeader(name: string): ApiError {
  return new ApiError('MissingParameter', `The request is missing the header ${name}.`);
}

function valuesIn(body: Buffer): JsonObject {
  let value: JsonValue;
  try {
    value = readJson(body.length === 0 ? '{}' : body, { maxLength: MAX_BODY_BYTES });
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new ApiError('InvalidParameter', 'The body cannot be read as JSON.', { cause });
  }
  throw new ApiError('InvalidParameter', 'The body is no JSON object.');
}

/** What a call is about, for the log and for faults on demand. */
const NAMES = ['FunctionName', 'RoleName', 'AttachRoleName', 'PolicyName', 'Namespace'];

function nameIn(values: JsonObject): string | undefined {
  const name = NAMES.map((each) => values[each]).find((value) => typeof value === 'string');
  return typeof name === 'string' ? name.slice(0, 200) : undefined;
}

/** Faults that come before the action, which then never runs. */
async function beforehand(effect: FaultEffect): Promise<void> {
  switch (effect.effect) {
    case 'slow':
      await setTimeout(effect.ms, undefined, { ref: false });
      return;
    case 'status': {
      const code = API_ERROR_CODES.find((each) => each === effect.code) ?? 'InternalError';
      // With a code of its own it is a refusal of the service, and those have the status 200.
      const status = effect.code === undefined ? effect.status : 200;
      throw new ApiError(code, 'A fault on demand.', { status });
    }
    case 'throttle':
      throw new ApiError(
        'RequestLimitExceeded',
        'Your current request times exceeds the limit. A fault on demand.',
      );
    case 'reset':
      throw new ApiError('InternalError', 'The connection is reset on demand.');
    default:
      return;
  }
}

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Fault && thrown.code === 'POLICY_INVALID') {
    return new ApiError('InvalidParameter.StatementError', thrown.message);
  }
  return new ApiError('InternalError', 'An internal error has occurred.', { cause: thrown });
}

function jsonAnswer(status: number, value: object): Answer {
  return {
    status,
    headers: { Server: API_SERVER, 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  };
}
