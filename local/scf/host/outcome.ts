/** What of an invocation the service has a number for. */
export const STATUSES = {
  success: { code: 200, says: 'Success' },
  'request-too-large': { code: 406, says: 'RequestTooLarge' },
  'response-too-large': { code: 407, says: 'The size of response exceeds the upper limit (6MB)' },
  'user-code': { code: 430, says: 'User code exception caught' },
  concurrency: { code: 432, says: 'ResourceLimitReached' },
  timeout: { code: 433, says: 'TimeLimitReached' },
  memory: { code: 434, says: 'MemoryLimitReached' },
  'no-handler': { code: 437, says: 'HandlerNotFound' },
  exited: { code: 439, says: 'User process exit when running' },
  role: { code: 441, says: 'UnauthorizedOperation' },
  'code-load': { code: 443, says: 'UserCodeError' },
  'no-resources': { code: 449, says: 'ResourceUnavailable' },
  internal: { code: 500, says: 'InternalError' },
} as const;

export type Status = keyof typeof STATUSES;

/** What came of an invocation. */
export interface Outcome {
  readonly status: Status;
  /** What the handler returned, as JSON; `null` where it failed. */
  readonly value: string;
  readonly message: string;
  readonly stack: string;
}

export function failed(status: Status, message: string, stack = ''): Outcome {
  return { status, value: 'null', message: message.slice(0, 4096), stack: stack.slice(0, 16_384) };
}

/** How the service writes a failure to whoever invoked the function. */
export function failureBody({ status, message, stack }: Outcome, requestId: string): object {
  const { code, says } = STATUSES[status];
  return {
    errorCode: status === 'user-code' || status === 'code-load' ? -1 : 1,
    errorMessage: message === '' ? says : `${says}: ${message}`,
    requestId,
    stackTrace: stack,
    statusCode: code,
  };
}
