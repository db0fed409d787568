import { Fault } from '../../shared/core/fault.ts';
import { writeErrorBody } from '../../shared/wire/error-body.ts';
import { CosError } from '../cos/errors.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import { CiError, type CiErrorCode } from './ci-error.ts';

/** What our own faults are called by the job hosts. Any other is an error of the engine's. */
const OF_FAULTS: Partial<Record<Fault['code'], CiErrorCode>> = {
  FILEID_INVALID: 'InvalidArgument',
  JSON_UNREADABLE: 'InvalidArgument',
  PARAMETER_INVALID: 'InvalidArgument',
  PIC_OPERATIONS_INVALID: 'InvalidArgument',
  SIGNATURE_UNREADABLE: 'InvalidAuthorization',
  STORAGE_FULL: 'ServiceUnavailable',
  STORAGE_INTERRUPTED: 'ServiceUnavailable',
  URL_UNREADABLE: 'InvalidArgument',
  XML_UNREADABLE: 'MalformedXML',
  XML_UNWRITABLE: 'InvalidArgument',
};

/** What the object hosts call it when a signature is refused, and what the job hosts do. */
const OF_SIGNATURES: Readonly<Record<string, CiErrorCode>> = {
  // The only way in which a signature is denied: it is too old.
  AccessDenied: 'SignatureExpired',
  ExpiredToken: 'SignatureExpired',
  InvalidAccessKeyId: 'SecretidNotExist',
  RequestTimeTooSkewed: 'RequestTimeTooSkewed',
  SignatureDoesNotMatch: 'InvalidAuthorization',
};

/** The refusal of a signature, with everything that explains it. */
export function signatureError(thrown: unknown): unknown {
  const code = thrown instanceof CosError ? OF_SIGNATURES[thrown.code] : undefined;
  if (!(thrown instanceof CosError) || !code) return thrown;
  const { message, elements, headers } = thrown;
  return new CiError(code, { message, elements, headers });
}

export function toCiError(thrown: unknown): CiError {
  if (thrown instanceof CiError) return thrown;
  if (thrown instanceof CosError) {
    const { message, status, headers } = thrown;
    return new CiError(thrown.code === 'AccessDenied' ? 'AccessDenied' : 'InvalidArgument', {
      ...{ message, status, headers },
    });
  }
  if (!(thrown instanceof Fault)) {
    const error = new CiError('InternalError');
    error.cause = thrown;
    return error;
  }
  const message = thrown.hint ? `${thrown.message}. ${thrown.hint}` : thrown.message;
  if (thrown.code === 'INPUT_TOO_LARGE')
    return new CiError('InvalidContent', { message, status: 413 });
  return new CiError(OF_FAULTS[thrown.code] ?? 'InternalError', { message });
}

/** One client reads no error without a Resource, which the service's own pages leave out. */
export function ciErrorAnswer(error: CiError, incoming: Incoming): Answer {
  const { id, method, rawPath, headers: sent } = incoming;
  const traceId = Buffer.from(`trace ${id}`).toString('base64');
  const headers = { ...error.headers, 'x-ci-trace-id': traceId };
  if (method === 'HEAD') return { status: error.status, headers };
  const { code, message, elements } = error;
  const resource = `${sent['host'] ?? ''}${rawPath}`;
  return {
    status: error.status,
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: writeErrorBody({ code, message, ...elements, resource, requestId: id, traceId }),
  };
}
