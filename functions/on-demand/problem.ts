import { type Blame, FAULTS, type Fault, type FaultCode } from '../../shared/core/fault.ts';
import { redacted } from '../../shared/core/redact.ts';

/** A problem as RFC 9457 has it, with the code of the fault and what to do next. */
interface Problem {
  readonly type: string;
  /** What the code means. */
  readonly title: string;
  readonly status: number;
  /** What happened this time. */
  readonly detail: string;
  readonly code: FaultCode;
  readonly hint?: string;
  readonly requestId: string;
}

const BY_BLAME: Readonly<Record<Blame, number>> = { caller: 400, configuration: 500, service: 503 };

/** Where the code says more than whose doing it is. */
const BY_CODE: Partial<Readonly<Record<FaultCode, number>>> = {
  CALLER_UNKNOWN: 401,
  LINK_INVALID: 403,
  CALLER_DENIED: 403,
  NOT_THERE: 404,
  METHOD_REFUSED: 405,
  RUN_CONFLICT: 409,
  INPUT_TOO_LARGE: 413,
  CALLER_THROTTLED: 429,
  UNEXPECTED: 500,
};

/** What broke us is for our log, and not for whoever made it happen. */
const LOOK_IT_UP = 'The log says what happened, under the id of this request';

const RETRY_AFTER_SECONDS = 5;

function statusOf({ code, blame }: Fault): number {
  return BY_CODE[code] ?? BY_BLAME[blame];
}

/** The one place where a fault becomes an answer. */
export function problemAnswer(
  fault: Fault,
  requestId: string,
  more: Readonly<Record<string, unknown>> = {},
): Response {
  const status = statusOf(fault);
  const problem: Problem = {
    type: `urn:darkroom:fault:${fault.code}`,
    title: FAULTS[fault.code].means,
    status,
    detail: fault.code === 'UNEXPECTED' ? LOOK_IT_UP : redacted(fault.message),
    code: fault.code,
    ...(fault.hint === undefined ? {} : { hint: redacted(fault.hint) }),
    requestId,
    ...more,
  };
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (fault.retry === 'later') headers.set('retry-after', String(secondsIn(fault)));
  if (typeof fault.detail['allow'] === 'string') headers.set('allow', fault.detail['allow']);
  return new Response(JSON.stringify(problem), { status, headers });
}

function secondsIn({ detail }: Fault): number {
  const seconds = detail['retryAfterSeconds'];
  return typeof seconds === 'number' ? seconds : RETRY_AFTER_SECONDS;
}
