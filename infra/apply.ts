import { Fault } from '../shared/core/fault.ts';
import { textIn } from '../shared/wire/json-object.ts';
import type { Account } from './account.ts';
import type { Change, DeployPlan } from './change.ts';
import type { ApiAnswer, ApiCall, Cloud } from './cloud.ts';
import { addressOf } from './found-trigger.ts';
import type { Model } from './model.ts';
import { callbackAddress } from './plan-environment.ts';
import { type FunctionPlace, functionCall, readTriggers } from './read-account.ts';
import { requestOf } from './render/requests.ts';
import type { Known, Step } from './step.ts';

export interface ApplyPorts {
  readonly cloud: Cloud;
  readonly pause: (ms: number) => Promise<void>;
  /** Told of each change before it is made. */
  readonly say: (change: Change) => void;
}

/** In the time of pauses: a function that is not ready by then has something wrong with it. */
const LONGEST_WAIT_MS = 180_000;
const MOST_TRIES = 12;
const PAUSE_MS = 1_000;

/** Made by somebody else since the plan was made; what to do now, only a new plan can say. */
const ALREADY_THERE =
  /^(?:InvalidParameter\.RoleNameInUse|FailedOperation\.PolicyNameInUse|ResourceInUse(?:\.(?:Function|FunctionName|Namespace|Trigger\w*|Cos\w*))?$)/;
/** Gone since then, which is what a removal is for. */
const GONE = /^ResourceNotFound|NotExist|NotFound/;
/** Another change of the same function is not finished. */
const BUSY =
  /^(?:FailedOperation\.(?:\w*Function\w*|CreateTrigger|DeleteTrigger)|ResourceInUse\.\w*Status|UnsupportedOperation\.FunctionStatus)/;
/** A role or policy that was just made is not known everywhere yet. */
const NOT_YET = /Role/;

/**
 * Carries a plan out, call by call. Each may be the last one: whatever was done stays done, and the
 * next plan holds what is left.
 */
export async function applyPlan(
  plan: DeployPlan,
  { model, account }: { readonly model: Model; readonly account: Account },
  ports: ApplyPorts,
): Promise<void> {
  const policyIds = new Map<string, string>(
    [...account.policies, ...account.roles.flatMap(({ policies }) => policies)].map(
      ({ name, id }) => [name, id],
    ),
  );
  let known: Known = { policyIds, callbackAddress: callbackAddress(model, account) };
  for (const change of plan.changes) {
    ports.say(change);
    for (const step of change.steps) known = await carryOut(step, known, ports);
  }
}

async function carryOut(step: Step, known: Known, ports: ApplyPorts): Promise<Known> {
  switch (step.does) {
    case 'await-active':
      await untilActive(step.place, ports);
      return known;
    case 'await-gone':
      await untilGone(step.place, ports);
      return known;
    case 'learn-address': {
      const address = addressOf(await readTriggers(ports.cloud, step.place));
      return { ...known, callbackAddress: address };
    }
    default: {
      const answer = await insist(step, requestOf(step, known), ports);
      if (step.does !== 'create-policy' || !answer.ok) return known;
      const id = textIn(answer.response, 'PolicyId');
      const policyIds = new Map(known.policyIds);
      if (id !== undefined) policyIds.set(step.name, id);
      return { ...known, policyIds };
    }
  }
}

/** Asks again while what is in the way passes by itself. */
async function insist(step: Step, call: ApiCall, { cloud, pause }: ApplyPorts): Promise<ApiAnswer> {
  for (let tries = 1; ; tries++) {
    const answer = await cloud.call(call);
    if (answer.ok || isDone(step, answer.code)) return answer;
    if (ALREADY_THERE.test(answer.code)) {
      throw new Fault('DEPLOYMENT_OVERTAKEN', `${call.action}: ${answer.message} (${answer.code})`);
    }
    const passes =
      BUSY.test(answer.code) || (step.does === 'create-function' && NOT_YET.test(answer.code));
    if (!passes || tries === MOST_TRIES) throw failed(call, answer);
    await pause(PAUSE_MS);
  }
}

/** A refusal that says that there is nothing left to do. */
function isDone(step: Step, code: string): boolean {
  switch (step.does) {
    case 'attach':
      return code === 'InvalidParameter.AttachmentRoleAlreadyExist';
    case 'detach':
    case 'delete-role':
    case 'delete-policy':
    case 'delete-function':
    case 'delete-trigger':
    case 'release':
      return GONE.test(code);
    // Others have functions in it, or it is gone.
    case 'delete-namespace':
      return GONE.test(code) || /Namespace/.test(code);
    default:
      return false;
  }
}

async function untilActive(place: FunctionPlace, ports: ApplyPorts): Promise<void> {
  await until(place, ports, (answer) => {
    if (!answer.ok) throw failed(getFunction(place), answer);
    const status = textIn(answer.response, 'Status') ?? '';
    if (!status.endsWith('Failed')) return status === 'Active';
    const reason = JSON.stringify(answer.response['StatusReasons'] ?? '').slice(0, 300);
    throw new Fault('DEPLOYMENT_FAILED', `${place.name} is ${status}: ${reason}`, {
      hint: 'Deploy again: a function that could not be made is removed and made anew',
    });
  });
}

async function untilGone(place: FunctionPlace, ports: ApplyPorts): Promise<void> {
  await until(place, ports, (answer) => {
    if (!answer.ok && !GONE.test(answer.code)) throw failed(getFunction(place), answer);
    return !answer.ok;
  });
}

async function until(
  place: FunctionPlace,
  { cloud, pause }: ApplyPorts,
  isSo: (answer: ApiAnswer) => boolean,
): Promise<void> {
  let waited = 0;
  for (let next = 100; ; next = Math.min(next * 2, 3_000)) {
    if (isSo(await cloud.call(getFunction(place)))) return;
    if (waited >= LONGEST_WAIT_MS) {
      throw new Fault('DEPLOYMENT_FAILED', `${place.name} in ${place.region} does not get ready`, {
        hint: 'Look for it in the console, and deploy again',
      });
    }
    await pause(next);
    waited += next;
  }
}

function getFunction(place: FunctionPlace): ApiCall {
  return functionCall('GetFunction', place, { ShowCode: 'FALSE' });
}

function failed({ action }: ApiCall, answer: ApiAnswer): Fault {
  const said = answer.ok ? '' : `${answer.message} (${answer.code})`;
  return new Fault('DEPLOYMENT_FAILED', `${action}: ${said}`, {
    detail: { action, code: answer.ok ? '' : answer.code },
    hint: 'Deploy again when it is mended: what is done stays done',
  });
}
