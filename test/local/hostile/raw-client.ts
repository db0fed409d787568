import { connect, type Socket } from 'node:net';
import { authorization } from '../../../shared/wire/signature.ts';
import { BUCKET, KEYS } from './victim.ts';

export const HOST = `${BUCKET}.cos.ap-guangzhou.myqcloud.com`;

/** A connection on which anything at all can be said. */
export interface RawClient {
  readonly socket: Socket;
  /** Does nothing once the other side has hung up. */
  say(bytes: string | Buffer): void;
  /** All that was heard until the other side hung up. */
  readonly heard: Promise<string>;
}

export function rawClient(port: number): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const heard = new Promise<string>((ended) => {
      socket.on('end', () => socket.end());
      socket.on('close', () => ended(Buffer.concat(pieces).toString('latin1')));
    });
    const say = (bytes: string | Buffer) => {
      if (socket.writable) socket.write(bytes);
    };
    socket.on('data', (piece) => pieces.push(piece));
    // Once connected, a reset is only a way to hang up.
    socket.on('error', reject);
    socket.on('connect', () => resolve({ socket, say, heard }));
  });
}

/** Says it on a connection of its own, and hears what there is until the other side hangs up. */
export async function sayTo(port: number, ...all: readonly (string | Buffer)[]): Promise<string> {
  const client = await rawClient(port);
  for (const each of all) client.say(each);
  return client.heard;
}

export interface HeardAnswer {
  readonly status: number;
  /** As it came, down to the empty line. */
  readonly head: string;
  readonly body: string;
}

/** The answers in what was heard, the last of them perhaps cut off. */
export function answersIn(heard: string): HeardAnswer[] {
  const answers: HeardAnswer[] = [];
  for (let at = 0; at < heard.length; ) {
    const end = heard.indexOf('\r\n\r\n', at);
    const head = heard.slice(at, end === -1 ? heard.length : end + 4);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = heard.slice(at + head.length, at + head.length + length);
    answers.push({ status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]), head, body });
    at += head.length + length;
  }
  return answers;
}

export function statusesIn(heard: string): number[] {
  return answersIn(heard).map(({ status }) => status);
}

/** The head of a request by the owner of the bucket; `rawPath` is sent as it is. */
export function head(
  method: string,
  rawPath: string,
  headers: readonly string[] = [],
  host = HOST,
): string {
  const [path = '', rawQuery = ''] = rawPath.split('?');
  const query = Object.fromEntries(new URLSearchParams(rawQuery));
  const signature = authorization(
    { method, path: decodeURIComponent(path), query, headers: { host } },
    KEYS,
    WINDOW,
  );
  return [
    `${method} ${rawPath} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: ${signature}`,
    ...headers,
    '\r\n',
  ].join('\r\n');
}

/** The last of its connection, with a body of a known length. */
export function whole(method: string, rawPath: string, body = '', headers: readonly string[] = []) {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return head(method, rawPath, [length, 'Connection: close', ...headers]) + body;
}

const now = Math.floor(Date.now() / 1000);
const WINDOW = { fromSeconds: now - 60, untilSeconds: now + 3600 };
