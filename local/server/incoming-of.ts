import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Fault } from '../../shared/core/fault.ts';
import type { Incoming, IncomingBody } from './incoming.ts';
import { newRequestId } from './request-id.ts';

/** The request as a value. `continueFirst`: the client waits for leave to send its body. */
export function incomingOf(
  request: IncomingMessage,
  response: ServerResponse,
  at: number,
  continueFirst: boolean,
): Incoming {
  const { path, host } = targetOf(request.url ?? '/');
  const question = path.indexOf('?');
  const headers = request.headers as Record<string, string | undefined>;
  return {
    id: newRequestId(at),
    method: request.method ?? 'GET',
    rawPath: question === -1 ? path : path.slice(0, question),
    rawQuery: question === -1 ? '' : path.slice(question + 1),
    // A proxy request names its host in the target; the header is there too, and is what was signed.
    headers: headers['host'] === undefined && host !== '' ? { ...headers, host } : headers,
    secure: 'encrypted' in request.socket,
    remoteAddress: request.socket.remoteAddress ?? '',
    at,
    body: bodyOf(request, () => {
      if (continueFirst) response.writeContinue();
    }),
  };
}

/** `/a?b` as it is; `http://host/a?b`, as proxies are asked, taken apart. */
function targetOf(target: string): { readonly path: string; readonly host: string } {
  if (target.startsWith('/')) return { path: target, host: '' };
  const start = /^[a-z]+:\/\//i.exec(target);
  if (!start) return { path: `/${target}`, host: '' };
  const rest = target.slice(start[0].length);
  const end = rest.search(/[/?]/);
  if (end === -1) return { path: '/', host: rest };
  const path = rest.slice(end);
  return { path: path.startsWith('/') ? path : `/${path}`, host: rest.slice(0, end) };
}

function bodyOf(request: IncomingMessage, giveLeave: () => void): IncomingBody {
  const said = request.headers['content-length'];
  const length =
    said === undefined ? (request.headers['transfer-encoding'] ? undefined : 0) : Number(said);
  return {
    length,
    stream(): Readable {
      giveLeave();
      return request;
    },
    async bytes(max) {
      if (length === 0) return Buffer.alloc(0);
      if (length !== undefined && length > max) throw tooLarge(length, max);
      giveLeave();
      const chunks: Buffer[] = [];
      let total = 0;
      for await (const chunk of request) {
        total += chunk.length;
        if (total > max) throw tooLarge(total, max);
        chunks.push(chunk);
      }
      return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, total);
    },
  };
}

function tooLarge(bytes: number, max: number): Fault {
  return new Fault('INPUT_TOO_LARGE', `A body of ${bytes} bytes is more than the ${max} read here`);
}
