import { Readable } from 'node:stream';
import type { ApiService } from '../api/api-action.ts';
import { functionAt } from '../server/address.ts';
import type { Incoming } from '../server/incoming.ts';
import { newRequestId } from '../server/request-id.ts';
import { answerFunction } from './answer-function.ts';

/** Something to post. */
interface Posted {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Who takes what is posted to the address of a function: the engine itself, so that it never leaves
 * it. Nothing for addresses of others.
 */
export function functionTaker(service: ApiService, url: string) {
  const [, host = '', path = '', rawQuery = ''] =
    /^https?:\/\/([^/?#]+)(\/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$/i.exec(url) ?? [];
  const address = functionAt(host);
  if (!address) return undefined;
  return async ({ headers, body }: Posted) => {
    const bytes = Buffer.from(body);
    const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const at = service.now();
    const incoming: Incoming = {
      ...{ id: newRequestId(at), method: 'POST', rawPath: path === '' ? '/' : path, rawQuery },
      headers: { ...Object.fromEntries(lowered), host, 'content-length': String(bytes.length) },
      ...{ secure: true, remoteAddress: '127.0.0.1', at },
      body: {
        length: bytes.length,
        bytes: async () => bytes,
        stream: () => Readable.from([bytes]),
      },
    };
    const { answer } = await answerFunction(service, incoming, address, () => undefined);
    const { status, body: said } = answer;
    return { status, body: typeof said === 'string' || said instanceof Uint8Array ? said : '' };
  };
}
