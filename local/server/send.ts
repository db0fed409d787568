import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Answer } from './answer.ts';
import type { FaultEffect } from './faults.ts';
import { writeAnswer } from './write-answer.ts';

/** Writes an answer, or what a fault on demand makes of it. */
export function send(
  answer: Answer,
  effect: FaultEffect | undefined,
  response: ServerResponse,
): Promise<void> | undefined {
  switch (effect?.effect) {
    case 'reset':
    case 'lose-answer':
      discard(answer);
      reset(response.socket);
      return undefined;
    case 'cut':
      return writeAnswer(
        changed(answer, (bytes) => cut(bytes, effect.afterBytes)),
        response,
      );
    case 'corrupt':
      return writeAnswer(changed(answer, corrupt), response);
    default:
      return writeAnswer(answer, response);
  }
}

type Bytes = AsyncIterable<Buffer>;

/** The same headers over other bytes. */
function changed(answer: Answer, change: (bytes: Bytes) => Bytes): Answer {
  const { body } = answer;
  if (body === undefined) return answer;
  const whole = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
  const length = body instanceof Readable ? {} : { 'Content-Length': Buffer.byteLength(body) };
  return {
    ...answer,
    headers: { ...length, ...answer.headers },
    body: Readable.from(change(whole)),
  };
}

async function* cut(bytes: Bytes, after: number): Bytes {
  let left = after;
  for await (const chunk of bytes) {
    if (chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left);
      throw new Error('The answer is cut off on demand');
    }
    left -= chunk.length;
    yield chunk;
  }
}

async function* corrupt(bytes: Bytes): Bytes {
  let first = true;
  for await (const chunk of bytes) {
    const copy = Buffer.from(chunk);
    if (first && copy.length > 0) copy[0] = (copy[0] ?? 0) ^ 0xff;
    first = false;
    yield copy;
  }
}

/** As a host does that lost the connection. Under TLS there is only the end without a farewell. */
function reset(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

function discard({ body }: Answer): void {
  if (body instanceof Readable) body.destroy();
}
