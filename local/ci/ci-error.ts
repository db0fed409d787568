import type { CosErrorOptions } from '../cos/errors.ts';

/** Every error the job hosts answer: its status, and what it says when nobody says it better. */
const CI_ERRORS = {
  AccessDenied: [403, 'Access Denied.'],
  AIBucketUnBinded: [400, 'AI recognition was not opened for this bucket.'],
  CIRoleNotExist: [400, 'There is no role CI_QCSRole that Cloud Infinite may take.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidArgument: [400, 'Invalid Argument.'],
  InvalidAuthorization: [401, 'The Signature you specified is invalid.'],
  InvalidContent: [400, 'The body of the request cannot be used.'],
  InvalidUrl: [404, 'There is nothing at this path.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not fit its schema.'],
  MediaBucketAlreadyBinded: [403, 'Media processing was opened for this bucket before.'],
  MediaBucketUnBinded: [400, 'Media processing was not opened for this bucket.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingAuthorization: [401, 'The request is not signed.'],
  MissingContent: [400, 'Request body is empty.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NotImplemented: [501, 'The engine does not have this.'],
  PicBucketUnBinded: [400, 'Picture processing was not opened for this bucket.'],
  QueuePaused: [403, 'The queue is paused.'],
  QueueSaturated: [403, 'The queue is full.'],
  RequestTimeTooSkewed: [
    403,
    'The difference between the request time and the server time is too large.',
  ],
  SecretidNotExist: [401, 'The access key Id you provided does not exist in our records.'],
  ServiceUnavailable: [503, 'Please reduce your request rate.'],
  SignatureExpired: [401, 'Request has expired'],
  SlowDown: [429, 'Please reduce your request rate.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type CiErrorCode = keyof typeof CI_ERRORS;
export const CI_ERROR_CODES = Object.keys(CI_ERRORS) as readonly CiErrorCode[];

/** Stops a request to a job host with an answer the service has a name for. */
export class CiError extends Error {
  readonly code: CiErrorCode;
  readonly status: number;
  readonly elements: NonNullable<CosErrorOptions['elements']>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: CiErrorCode, options: CosErrorOptions = {}) {
    super(options.message ?? CI_ERRORS[code][1]);
    this.name = 'CiError';
    this.code = code;
    this.status = options.status ?? CI_ERRORS[code][0];
    this.elements = options.elements ?? {};
    this.headers = options.headers ?? {};
  }
}

/** Something that is the service's and not the engine's, refused by its name. */
export function notHere(what: string): CiError {
  return new CiError('NotImplemented', { message: `The engine does not have ${what}.` });
}

export function invalid(message: string): CiError {
  return new CiError('InvalidArgument', { message });
}
