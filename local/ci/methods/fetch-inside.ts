import { Readable } from 'node:stream';
import { answerBucket } from '../../cos/answer-cos.ts';
import type { CosService } from '../../cos/exchange.ts';
import { type AddressBook, addressOf, isServiceHost } from '../../server/address.ts';
import type { Answer } from '../../server/answer.ts';
import { newRequestId } from '../../server/request-id.ts';
import type { FetchBytes } from '../ci-service.ts';
import { OperationError } from '../operations-port.ts';

/**
 * Addresses of the engine's own buckets are asked of the engine itself, as whoever signed them or as
 * nobody, and never of the network. What is fetched this way is not processed in turn.
 */
export function fetchInside(
  { ci: _, ...service }: CosService,
  book: AddressBook,
  outside: FetchBytes,
): FetchBytes {
  return async (url, maxBytes) => {
    const [, host = '', path = '', rawQuery = ''] =
      /^https?:\/\/([^/?#]+)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/i.exec(url) ?? [];
    if (!isServiceHost(host)) return outside(url, maxBytes);
    const asked = { method: 'GET', rawPath: path === '' ? '/' : path, rawQuery };
    const address = addressOf({ ...asked, host }, book);
    if (address.on !== 'bucket') throw unreachable(`${host} is no bucket`);
    const at = service.now();
    const incoming = {
      ...asked,
      id: newRequestId(at),
      headers: { host },
      secure: false,
      remoteAddress: '127.0.0.1',
      at,
      body: { length: 0, bytes: async () => Buffer.alloc(0), stream: () => Readable.from([]) },
    };
    const { answer, error } = await answerBucket(service, incoming, address, () => undefined);
    if (error) throw unreachable(`${host} answered ${error.status} ${error.code}`);
    return bytesIn(answer, maxBytes);
  };
}

async function bytesIn({ body }: Answer, maxBytes: number): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  if (!(body instanceof Readable)) return Buffer.from(body);
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > maxBytes) {
      body.destroy();
      throw new OperationError('ImageTooLarge', `A picture has at most ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unreachable(why: string) {
  return new OperationError('InvalidImageSource', `The picture could not be fetched: ${why}.`);
}
