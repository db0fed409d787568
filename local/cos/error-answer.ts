import type { Fault } from '../../shared/core/fault.ts';
import { writeErrorBody } from '../../shared/wire/error-body.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import { CosError, type CosErrorCode } from './errors.ts';

/** What our own faults are called on this wire. Any other is an error of the engine's. */
const AS_COS: Partial<Record<Fault['code'], CosErrorCode>> = {
  XML_UNREADABLE: 'MalformedXML',
  XML_UNWRITABLE: 'InvalidArgument',
  JSON_UNREADABLE: 'InvalidArgument',
  INPUT_TOO_LARGE: 'EntityTooLarge',
  URL_UNREADABLE: 'InvalidURI',
  SIGNATURE_UNREADABLE: 'AccessDenied',
};

export function toCosError(fault: Fault): CosError {
  const message = fault.hint ? `${fault.message}. ${fault.hint}` : fault.message;
  return new CosError(AS_COS[fault.code] ?? 'InternalError', { message });
}

/** These say what time it is: a wrong clock is a likely reason for them. */
const TELLS_TIME: readonly CosErrorCode[] = ['AccessDenied', 'RequestTimeTooSkewed'];

/** The error as the service writes it. A request for the head alone gets no body. */
export function errorAnswer(
  error: CosError,
  { method, id, at }: Pick<Incoming, 'method' | 'id' | 'at'>,
  resource: string,
): Answer {
  const traceId = Buffer.from(`trace ${id}`).toString('base64');
  const headers = { ...error.headers, 'x-cos-trace-id': traceId };
  if (method === 'HEAD') return { status: error.status, headers };
  const { code, message, elements } = error;
  const serverTime = TELLS_TIME.includes(code) ? at : undefined;
  const about = { ...elements, serverTime, resource, requestId: id, traceId };
  const body = writeErrorBody({ code, message, ...about });
  return {
    status: error.status,
    headers: { 'Content-Type': 'application/xml', ...headers },
    body,
  };
}
