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
  const [rawPath, rawQuery] = halvesOf(path);
  const headers = request.headers as Record<string, string | undefined>;
  return {
    id: newRequestId(at),
    method: request.method ?? 'GET',
    rawPath,
    rawQuery,
    // A proxy request names its host in the target; the header is there too, and is what was signed.
    headers: headers['host'] === undefined && host !== '' ? { ...headers, host } : headers,
    secure: 'encrypted' in request.socket,
    remoteAddress: request.socket.remoteAddress ?? '',
    at,
    body: new Body(request, continueFirst ? response : undefined),
  };
}

/** A piece of a text keeps all of it in memory, so pieces of a long one are made copies. */
const LONG = 4096;

function halvesOf(path: string): readonly [rawPath: string, rawQuery: string] {
  const question = path.indexOf('?');
  if (question === -1) return [path, ''];
  const halves = [path.slice(0, question), path.slice(question + 1)] as const;
  return path.length < LONG ? halves : [copyOf(halves[0]), copyOf(halves[1])];
}

function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
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

const NOTHING = Buffer.alloc(0);

class Body implements IncomingBody {
  readonly length: number | undefined;
  readonly #request: IncomingMessage;
  /** Where the client is told to send its body, if it waits for that. */
  readonly #waits: ServerResponse | undefined;

  constructor(request: IncomingMessage, waits: ServerResponse | undefined) {
    this.length = lengthOf(request);
    this.#request = request;
    this.#waits = waits;
  }

  stream(): Readable {
    this.#waits?.writeContinue();
    return this.#request;
  }

  async bytes(max: number): Promise<Buffer> {
    const { length } = this;
    if (length === 0) return NOTHING;
    if (length !== undefined && length > max) throw tooLarge(length, max);
    return collect(this.stream(), length ?? max, max);
  }
}

function lengthOf({ headers }: IncomingMessage): number | undefined {
  const said = headers['content-length'];
  if (said !== undefined) return Number(said);
  return headers['transfer-encoding'] ? undefined : 0;
}

/** Where a body that came in several pieces begins to be put together. */
const FIRST_BYTES = 16 * 1024;

/** Put together as it comes: a thousand pieces of one byte each would take a hundred times that. */
async function collect(request: Readable, expected: number, max: number): Promise<Buffer> {
  let held: Buffer = NOTHING;
  let size = 0;
  // The connection of a refused body is still needed for the answer.
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    const end = size + piece.length;
    if (end > max) throw tooLarge(end, max);
    if (size === 0) {
      held = piece;
    } else {
      if (end > held.length) held = roomier(held, size, Math.max(end, FIRST_BYTES), expected);
      piece.copy(held, size);
    }
    size = end;
  }
  return size === held.length ? held : held.subarray(0, size);
}

function roomier(held: Buffer, size: number, atLeast: number, expected: number): Buffer {
  const room = Buffer.allocUnsafe(Math.max(atLeast, Math.min(2 * size, expected)));
  held.copy(room, 0, 0, size);
  return room;
}

function tooLarge(bytes: number, max: number): Fault {
  return new Fault('INPUT_TOO_LARGE', `A body of ${bytes} bytes is more than the ${max} read here`);
}
