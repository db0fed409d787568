import type { ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import type { Answer, SendsItself } from './answer.ts';

/** Sends the answer. Resolves when all of it was handed to the system, or the client is gone. */
export function writeAnswer(answer: Answer, response: ServerResponse): Promise<void> | undefined {
  const { status, headers, body } = answer;
  const lines: (string | number)[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value !== '' && value !== undefined) lines.push(name, value);
  }
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    if (!('Content-Length' in headers) && status !== 204 && status !== 304) {
      lines.push('Content-Length', body === undefined ? 0 : Buffer.byteLength(body));
    }
    response.writeHead(status, lines as string[]);
    if (response.req.complete || response.req.headers.expect) response.end(body);
    else endAfterRequest(response, body);
    return undefined;
  }
  response.writeHead(status, lines as string[]);
  response.req.resume();
  // A body that ends early must not look whole: the connection is cut instead.
  const cut = () => void response.destroy();
  if (sendsItself(body)) {
    return body.sendTo(response).then((whole) => {
      if (!whole) cut();
    }, cut);
  }
  return new Promise((resolve) => {
    pipeline(body, response, (error) => {
      if (error) cut();
      resolve();
    });
  });
}

function sendsItself(body: Readable): body is SendsItself {
  return 'sendTo' in body;
}

/**
 * The answer to a request that is still being sent. What comes of its body is thrown away, and the
 * answer ends with it: to hang up on a client that still sends would take the answer from it.
 */
function endAfterRequest(response: ServerResponse, body: string | Uint8Array | undefined): void {
  if (body === undefined || body.length === 0) response.flushHeaders();
  else response.write(body);
  response.req.once('close', () => response.end());
  response.req.resume();
}
