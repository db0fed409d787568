import { Agent, request } from 'node:http';
import { encodePath, percentEncode } from '../../../shared/wire/percent.ts';
import { authorization, type Credentials } from '../../../shared/wire/signature.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** Signs requests and sends them as they are, with no opinion about what comes back. */
export interface CosClient {
  (method: string, key: string, asked?: Asked): Promise<Reply>;
  close(): void;
}

export function cosClient(port: number, bucket: string, keys: Credentials): CosClient {
  const host = `${bucket}.cos.ap-guangzhou.myqcloud.com`;
  const agent = new Agent({ keepAlive: true });

  function ask(method: string, key: string, { query = {}, headers = {}, body }: Asked = {}) {
    const seconds = Math.floor(Date.now() / 1000);
    const Authorization = authorization(
      { method, path: `/${key}`, query, headers: { host } },
      keys,
      { fromSeconds: seconds - 60, untilSeconds: seconds + 600 },
    );
    const parameters = Object.entries(query).map(
      ([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`,
    );
    const question = parameters.length > 0 ? `?${parameters.join('&')}` : '';
    return new Promise<Reply>((resolve, reject) => {
      const asked = request({
        ...{ agent, port, method, host: '127.0.0.1' },
        path: `/${encodePath(key)}${question}`,
        headers: {
          ...headers,
          host,
          Authorization,
          'Content-Length': body === undefined ? 0 : Buffer.byteLength(body),
        },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: Buffer.concat(pieces) });
        });
      });
      asked.end(body);
    });
  }

  return Object.assign(ask, { close: () => agent.destroy() });
}

/** The texts of all elements of this name, or of those that come first in another. */
export function textsIn({ body }: Reply, name: string, within = ''): string[] {
  const element = `<${name}>([^<]*)</${name}>`;
  const all = new RegExp(within === '' ? element : `<${within}>\\s*${element}`, 'g');
  return Array.from(body.toString().matchAll(all), ([, text = '']) => text);
}
