import { connect, type Socket } from 'node:net';

/** An answer as it came over the socket. Header names in lower case. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RawRequest {
  /** `GET /in/cat.jpg HTTP/1.1` or without the version; sent as it stands. */
  readonly line: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Its length is said unless the headers say something else about it. */
  readonly body?: string | Uint8Array;
}

/** Sends a request byte for byte, a character of its head a byte, one to a connection. */
export async function rawRequest(
  port: number,
  { line, headers = {}, body }: RawRequest,
  host = '127.0.0.1',
): Promise<RawAnswer> {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
  const lengthIsSaid = Object.keys(headers).some((name) =>
    /^(content-length|transfer-encoding)$/i.test(name),
  );
  const head = [
    line.includes(' HTTP/') ? line : `${line} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(lengthIsSaid || body === undefined ? [] : [`Content-Length: ${bytes.length}`]),
    'Connection: close',
    '\r\n',
  ].join('\r\n');
  const socket = connect({ port, host });
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
  return readAnswer(socket, line.startsWith('HEAD '));
}

/** One answer, as soon as all of it is there: whoever sent too little need not wait for the end. */
export async function readAnswer(socket: Socket, headOnly = false): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk);
    const answer = answerIn(Buffer.concat(chunks));
    if (!answer) continue;
    const length = headOnly ? 0 : Number(answer.headers['content-length'] ?? 0);
    if (answer.body.length >= length) return answer;
  }
  throw new Error(`The connection ended after ${Buffer.concat(chunks).length} bytes`);
}

/** Nothing before the end of the head. */
function answerIn(bytes: Buffer): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const status = Number(statusLine.split(' ')[1]);
  return { status, headers: Object.fromEntries(pairs), body: bytes.subarray(end + 4) };
}
