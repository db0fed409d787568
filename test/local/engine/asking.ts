import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { Engine } from '../../../local/engine/engine.ts';
import { encodePath } from '../../../shared/wire/percent.ts';
import { authorization, type Credentials } from '../../../shared/wire/signature.ts';

export const BUCKET = 'shop-1250000000';
export const HOST = `${BUCKET}.cos.ap-guangzhou.myqcloud.com`;
export const ADMIN = 'admin.darkroom.localhost';

export interface Sent {
  readonly method?: string;
  readonly host: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request over a socket of its own, to whatever host it names. */
export async function send(
  { port }: Pick<Engine, 'port'>,
  { method = 'GET', host, path = '/', headers = {}, body }: Sent,
): Promise<Received> {
  const sent = request({
    ...{ host: '127.0.0.1', port, method, path, agent: false },
    headers: { ...headers, Host: host, 'Content-Length': String(Buffer.byteLength(body ?? '')) },
  });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return { status: answer.statusCode, headers: answer.headers, text };
}

/** An answer of the admin API, with what its JSON says. */
export interface Answered {
  readonly status: number;
  // Tests look into it as they know it to be.
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  readonly is: any;
}

/** `PUT /clock`, with a body and the token. */
export async function admin(engine: Engine, what: string, body?: unknown): Promise<Answered> {
  const [method, path] = what.split(' ');
  const { status, text } = await send(engine, {
    ...{ host: ADMIN, method: method ?? '', path: path ?? '' },
    headers: { 'x-darkroom-token': engine.adminToken },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status, is: JSON.parse(text) };
}

/** What somebody with keys asks of the bucket; `key` as it is, `query` as it stands in the address. */
export function signed(
  engine: Engine,
  method: string,
  key: string,
  { as = engine.credentials, host = HOST, headers = {}, ...more }: SignedOptions = {},
): Promise<Received> {
  const at = Math.floor(engine.clock.now() / 1000);
  const window = { fromSeconds: at - 60, untilSeconds: at + 600 };
  const path = `/${key}`;
  const signature = authorization({ method, path, headers: { host } }, as, window);
  const token = as.token === undefined ? {} : { 'x-cos-security-token': as.token };
  return send(engine, {
    ...{ method, host, path: encodePath(path) },
    headers: { Authorization: signature, ...token, ...headers },
    ...more,
  });
}

interface SignedOptions extends Pick<Sent, 'headers' | 'body'> {
  readonly as?: Credentials;
  /** The bucket's, unless it is another one. */
  readonly host?: string;
}
