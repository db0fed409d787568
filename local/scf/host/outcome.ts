/** What of an invocation the service has a number for. */
export const STATUSES = {
  success: { code: 200, says: 'Success', when: 'the handler returned' },
  'request-too-large': {
    ...{ code: 406, says: 'RequestTooLarge' },
    when: 'the event has more than 6 MB; an asynchronous one of more than 128 KB is refused before',
  },
  'response-too-large': {
    ...{ code: 407, says: 'The size of response exceeds the upper limit (6MB)' },
    when: 'what the handler returned has more than 6 MB',
  },
  'user-code': {
    ...{ code: 430, says: 'User code exception caught' },
    when: 'the handler threw, or called back with an error, or something was thrown that nobody caught',
  },
  concurrency: {
    ...{ code: 432, says: 'ResourceLimitReached' },
    when: 'more run already than the account, or what is reserved for the function, allows',
  },
  timeout: {
    ...{ code: 433, says: 'TimeLimitReached' },
    when: 'the start, or the invocation with all that it left to run, took too long',
  },
  memory: {
    ...{ code: 434, says: 'MemoryLimitReached' },
    when: 'JavaScript held more than `MemorySize`',
  },
  'no-handler': {
    ...{ code: 437, says: 'HandlerNotFound' },
    when: 'the file is not there, or does not export the handler',
  },
  exited: {
    ...{ code: 439, says: 'User process exit when running' },
    when: 'the process ended by itself or by a signal',
  },
  role: {
    ...{ code: 441, says: 'UnauthorizedOperation' },
    when: 'the role is not there, or `scf.qcloud.com` may not assume it',
  },
  'code-load': { code: 443, says: 'UserCodeError', when: 'the code could not be loaded' },
  'no-resources': {
    ...{ code: 449, says: 'ResourceUnavailable' },
    when: 'no process could be started, or far too many invocations wait for one',
  },
  internal: { code: 500, says: 'InternalError', when: 'the engine failed, or stops' },
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
