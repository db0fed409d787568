import { readJson } from '../../../shared/wire/json.ts';
import type { ApiAction, ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import { serviceTime } from '../../cam/api/service-time.ts';
import { failureBody, type Outcome } from '../host/outcome.ts';
import { MOST_SYNC_BYTES } from '../host/talk.ts';
import type { LoggedInvocation } from '../logs.ts';
import { functionKey, type StoredFunction } from '../stored-function.ts';
import { needFunction, resourceOfCall } from './function-fields.ts';

const NAMED = ['FunctionName', 'Namespace', 'Qualifier', 'RoutingKey', 'LogType'];
const MOST_EVENT_BYTES = 128 * 1024;
const MOST_TAIL = 4096;

export const INVOKE_ACTIONS: readonly ApiAction[] = [
  {
    name: 'Invoke',
    fields: [...NAMED, 'InvocationType', 'ClientContext'],
    permission: 'scf:InvokeFunction',
    resourceOf: resourceOfCall,
    async run(call) {
      const stored = needActive(call);
      const text = eventIn(call, 'ClientContext');
      const type = call.fields.oneOf(
        'InvocationType',
        ['RequestResponse', 'Event'],
        'InvalidParameterValue.InvokeType',
      );
      if (type !== 'Event') return { Result: await resultOf(call, stored, text) };
      if (Buffer.byteLength(text) > MOST_EVENT_BYTES) {
        throw new ApiError(
          'InvalidParameter.RequestTooLarge',
          `An event has at most ${MOST_EVENT_BYTES} bytes.`,
        );
      }
      const FunctionRequestId = await call.service.sent.send(stored, text, 'scf:Invoke');
      return { Result: { ...NOTHING, FunctionRequestId } };
    },
  },
  {
    name: 'InvokeFunction',
    fields: [...NAMED, 'Event'],
    permission: 'scf:InvokeFunction',
    resourceOf: resourceOfCall,
    async run(call) {
      const stored = needActive(call);
      return { Result: await resultOf(call, stored, eventIn(call, 'Event')) };
    },
  },
  {
    name: 'GetFunctionLogs',
    fields: [
      ...['FunctionName', 'Namespace', 'Qualifier', 'Offset', 'Limit', 'Order', 'OrderBy'],
      ...['Filter', 'FunctionRequestId', 'StartTime', 'EndTime', 'SearchContext'],
    ],
    permission: 'scf:GetFunctionLogs',
    resourceOf: resourceOfCall,
    run(call) {
      const { fields, service } = call;
      const stored = needFunction(call);
      const requestId = fields.text('FunctionRequestId') || undefined;
      const which = fields.object('Filter')?.text('RetCode') ?? '';
      const [from, to] = [fields.text('StartTime') ?? '', fields.text('EndTime') ?? ''];
      const all = service.logs
        .list({ function: functionKey(stored), limit: 1000 })
        .filter(
          (entry) =>
            (requestId === undefined || entry.requestId === requestId) &&
            passes(which, entry) &&
            (from === '' || serviceTime(entry.at) >= from) &&
            (to === '' || serviceTime(entry.at) <= to),
        );
      const ordered = fields.oneOf('Order', ['desc', 'asc']) === 'asc' ? all.reverse() : all;
      const offset = fields.whole('Offset', { min: 0, max: 10_000 }) ?? 0;
      const limit = fields.whole('Limit', { min: 0, max: 10_000 }) ?? 20;
      return {
        TotalCount: all.length,
        Data: ordered.slice(offset, offset + limit).map((entry) => logView(stored, entry)),
      };
    },
  },
];

const NOTHING = {
  ...{ Log: '', RetMsg: '', ErrMsg: '', MemUsage: 0, Duration: 0, BillDuration: 0 },
  InvokeResult: 0,
};

function needActive(call: ApiCall): StoredFunction {
  const stored = needFunction(call);
  if (stored.state !== 'Creating' && stored.state !== 'CreateFailed') return stored;
  throw new ApiError(
    'FailedOperation.InvokeFunction',
    `The function "${stored.name}" is ${stored.state}.`,
  );
}

/** A text with JSON in it; nothing is an empty object. */
function eventIn({ fields }: ApiCall, name: string): string {
  const text = fields.text(name, { most: 2 * MOST_SYNC_BYTES }) || '{}';
  if (Buffer.byteLength(text) > MOST_SYNC_BYTES) {
    throw new ApiError('InvalidParameter.RequestTooLarge', 'An event has at most 6 MB.');
  }
  try {
    readJson(text);
    return text;
  } catch {
    throw new ApiError(
      'InvalidParameterValue.ClientContext',
      `The parameter \`${name}\` is no JSON.`,
    );
  }
}

async function resultOf({ service, fields }: ApiCall, stored: StoredFunction, event: string) {
  const { requestId, answer, end } = service.host.invoke(stored, { event, source: 'invoke' });
  const outcome = await answer;
  // What is left of an invocation that was answered is not waited for, so its log may be to come.
  const logged = outcome.status === 'success' ? await ended(end) : await end;
  const duration = Math.ceil(logged?.durationMs ?? 0);
  return {
    Log: fields.text('LogType') === 'Tail' ? (logged?.log ?? '').slice(-MOST_TAIL) : '',
    ...saidBy(outcome, requestId),
    ...{ MemUsage: logged?.memory ?? 0, Duration: duration, BillDuration: duration },
    FunctionRequestId: requestId,
  };
}

function saidBy(outcome: Outcome, requestId: string) {
  if (outcome.status === 'success') {
    return { RetMsg: outcome.value, ErrMsg: '', InvokeResult: 0 };
  }
  const body = failureBody(outcome, requestId);
  return { RetMsg: '', ErrMsg: JSON.stringify(body), InvokeResult: codeIn(body) };
}

function codeIn(body: object): number {
  return 'statusCode' in body ? Number(body.statusCode) : 500;
}

/** Most invocations are over when they answer. */
async function ended(end: Promise<LoggedInvocation>): Promise<LoggedInvocation | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), 50);
  });
  const first = await Promise.race([end, late]);
  clearTimeout(timer);
  return first;
}

/** Words of the service for what came of an invocation. */
function passes(which: string, { status }: LoggedInvocation): boolean {
  switch (which) {
    case 'is0':
      return status === 'success';
    case 'not0':
      return status !== 'success';
    case 'TimeLimitExceeded':
      return status === 'timeout';
    case 'ResourceLimitExceeded':
      return status === 'memory' || status === 'concurrency' || status === 'no-resources';
    case 'UserCodeException':
      return status === 'user-code' || status === 'code-load';
    default:
      return true;
  }
}

function logView({ name }: StoredFunction, entry: LoggedInvocation) {
  const isWell = entry.status === 'success';
  return {
    FunctionName: name,
    RequestId: entry.requestId,
    StartTime: serviceTime(entry.at),
    RetMsg: entry.message,
    RetCode: isWell ? 0 : entry.code,
    InvokeFinished: 1,
    Duration: Math.ceil(entry.durationMs),
    BillDuration: Math.ceil(entry.durationMs),
    MemUsage: entry.memory,
    Log: entry.log,
    Level: isWell ? '' : 'ERROR',
    Source: entry.source,
    RetryNum: entry.retry,
  };
}
