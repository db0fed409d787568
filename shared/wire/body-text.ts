import { Fault, type FaultCode } from '../core/fault.ts';

/** A body as it came: the bytes of a request or an answer, or text somebody already decoded. */
export type Body = string | Uint8Array;

/**
 * The text of a body. Bytes that are not UTF-8 are refused: decoding them leniently would turn
 * two different keys into one. A byte order mark is dropped.
 */
export function bodyText(body: Body, maxLength: number, unreadable: FaultCode): string {
  if (body.length > maxLength) {
    throw new Fault('INPUT_TOO_LARGE', `A body of ${body.length} is longer than ${maxLength}`, {
      detail: { length: body.length, maxLength },
    });
  }
  if (typeof body === 'string') return body.startsWith('\uFEFF') ? body.slice(1) : body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new Fault(unreadable, 'A body is not valid UTF-8', { cause });
  }
}
