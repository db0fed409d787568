import { Fault, type FaultCode } from '../core/fault.ts';
import { redacted } from '../core/redact.ts';
import { type ErrorBody, readErrorBody } from '../wire/error-body.ts';
import type { Answer } from './connection.ts';

const OPEN_THE_SERVICE = 'Open Cloud Infinite for the bucket in the console of COS.';

interface Meaning {
  readonly fault: FaultCode;
  readonly hint?: string;
}

/** The service's words in ours. What is not here is judged by its status. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...rows('COS_THROTTLED', ['SlowDown', 'QueueSaturated', 'QueuePaused']),
  ...rows('COS_DENIED', [
    'AccessDenied',
    'InvalidAccessKeyId',
    'InvalidAuthorization',
    'MissingAuthorization',
    'NoProcessAuthority',
    'SecretidNotExist',
    'SignatureDoesNotMatch',
    'WriteTargetBucketDenied',
  ]),
  ...rows('SIGNATURE_EXPIRED', ['ExpiredToken', 'RequestTimeTooSkewed', 'SignatureExpired']),
  ...rows(
    'SERVICE_NOT_OPEN',
    ['AIBucketUnBinded', 'CIRoleNotExist', 'MediaBucketUnBinded', 'PicBucketUnBinded'],
    OPEN_THE_SERVICE,
  ),
  ...rows('SERVICE_NOT_OPEN', ['NoSuchBucket', 'PaymentRequired']),
  ...rows('OBJECT_UNFIT', [
    'ImageResolutionExceed',
    'ImageTooLarge',
    'InvalidImageFormat',
    'InvalidImageSource',
    'InvalidObjectState',
    'ResourceDownloadFailed',
    'ResourceNotFound',
    'ResourceNotSupported',
    'NoSuchKey',
  ]),
]);

function rows(fault: FaultCode, codes: readonly string[], hint?: string) {
  return codes.map((code) => [code, { fault, ...(hint && { hint }) }] as const);
}

const LONGEST_MESSAGE = 300;

/** The fault that an answer stands for; `what` names the request, without what signs it. */
export function faultOf({ status, headers, body }: Answer, what: string): Fault {
  const said = errorIn(body);
  const expired = said?.message === 'Request has expired';
  const meaning = MEANINGS.get(expired ? 'SignatureExpired' : (said?.code ?? '')) ?? {
    fault: byStatus(status),
  };
  const words = said ? `${said.code}: ${redacted(said.message).slice(0, LONGEST_MESSAGE)}` : '';
  const denied = deniedIn(headers);
  return new Fault(
    meaning.fault,
    `${what} was answered ${status}${words && ` ${words}`}${denied}`,
    {
      detail: {
        status,
        ...(said && { vendorCode: said.code.slice(0, 60) }),
        requestId: requestIdOf(headers),
      },
      ...(meaning.hint && { hint: meaning.hint }),
    },
  );
}

/** The engine says which action is missing on what; the service does not. */
function deniedIn({ 'x-darkroom-denied': denied }: Answer['headers']): string {
  return typeof denied === 'string' ? `, not allowed: ${denied.slice(0, 500)}` : '';
}

/** The service's word for what went wrong. */
export function vendorCodeOf({ body }: Answer): string | undefined {
  return errorIn(body)?.code;
}

/** The service's name for a request. */
export function requestIdOf(headers: Answer['headers']): string | undefined {
  const id = headers['x-cos-request-id'] ?? headers['x-ci-request-id'];
  return typeof id === 'string' ? id.slice(0, 200) : undefined;
}

function byStatus(status: number): FaultCode {
  if (status === 429) return 'COS_THROTTLED';
  if (status === 401 || status === 403) return 'COS_DENIED';
  if (status === 404) return 'OBJECT_UNFIT';
  return status >= 500 || status < 400 ? 'COS_UNREACHABLE' : 'COS_REFUSED';
}

/** A HEAD has no body, and what stands between may answer a page of its own. */
function errorIn(body: Buffer): ErrorBody | undefined {
  if (body.length === 0) return undefined;
  try {
    return readErrorBody(body);
  } catch {
    return undefined;
  }
}
