import { Fault } from '../../shared/core/fault.ts';
import { writeEtag } from '../../shared/wire/etag.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import { CosError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { gathered } from './gathered.ts';
import type { ObjectRecord } from './storage/object-record.ts';
import type {
  BodyRefusal,
  Change,
  Condition,
  Expected,
  PutOutcome,
  Stored,
} from './storage/objects.ts';

export const MAX_PUT_BYTES = 5 * 1024 ** 3;
const XML = 'application/xml';

export function xmlAnswer(body: string, headers: Answer['headers'] = {}, status = 200): Answer {
  return { status, headers: { 'Content-Type': XML, ...headers }, body };
}

/** The headers that say what was stored: clients compare both with what they sent. */
export function storedHeaders({ etag, crc64 }: Pick<ObjectRecord, 'etag' | 'crc64'>) {
  return { ETag: writeEtag(etag), 'x-cos-hash-crc64ecma': crc64 };
}

/** What the request promises of its body. */
export function expectedBody({ incoming }: Exchange, maxSize = MAX_PUT_BYTES): Expected {
  const size = incoming.body.length;
  if (size !== undefined && size > maxSize) throw new CosError('EntityTooLarge');
  if (size !== undefined && !Number.isSafeInteger(size)) throw new CosError('InvalidArgument');
  return { size, maxSize, md5: md5In(incoming.headers['content-md5']) };
}

/** Content-MD5 in hex. */
export function md5In(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const bytes = Buffer.from(header, 'base64');
  if (bytes.length === 16 && bytes.toString('base64') === header) return bytes.toString('hex');
  throw new CosError('InvalidDigest');
}

/** `x-cos-forbid-overwrite: true` writes only where nothing is. */
export function writeCondition(headers: Incoming['headers']): Condition | undefined {
  return headers['x-cos-forbid-overwrite']?.toLowerCase() === 'true' ? 'absent' : undefined;
}

/** The event of a change goes into the outbox together with the change. */
export function raising(exchange: Exchange, name: string) {
  const { service, incoming } = exchange;
  return (change: Change) =>
    service.events.writesFor(change, {
      name,
      requestId: incoming.id,
      remoteAddress: incoming.remoteAddress,
    });
}

/** The outcome that was hoped for, or the error that says why not. */
export function mustBeStored(outcome: PutOutcome): Stored {
  switch (outcome.status) {
    case 'stored':
      return outcome;
    case 'no-bucket':
      throw new CosError('NoSuchBucket');
    case 'condition-failed':
      throw new CosError('FileAlreadyExists');
    case 'body-refused':
      throw bodyError(outcome.because);
  }
}

export function bodyError(because: BodyRefusal): CosError {
  switch (because) {
    case 'incomplete':
      return new CosError('IncompleteBody');
    case 'too-large':
      return new CosError('EntityTooLarge');
    case 'too-small':
      return new CosError('EntityTooSmall');
    case 'md5-differs':
      return new CosError('BadDigest');
  }
}

/** A small body is read at once, which spares the storage a stream; a large one never is. */
const AT_ONCE_BYTES = 256 * 1024;

export function bodyOf({ incoming }: Exchange) {
  const { length } = incoming.body;
  return length !== undefined && length <= AT_ONCE_BYTES
    ? wholeBody(incoming, AT_ONCE_BYTES)
    : gathered(incoming.body.stream());
}

/** All of a body; one that breaks off is a client that went away. */
export async function wholeBody({ body }: Incoming, max: number): Promise<Buffer> {
  try {
    return await body.bytes(max);
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : new CosError('IncompleteBody');
  }
}
