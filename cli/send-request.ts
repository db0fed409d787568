import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

interface RequestToSend {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/**
 * One request, and its answer as a text; nothing is followed. Names below `localhost` mean this machine,
 * as in browsers and curl, though few systems look them up so.
 */
export function sendRequest(
  address: string,
  { method = 'GET', headers, body = '' }: RequestToSend,
): Promise<Reply> {
  const { protocol, host, hostname, port, pathname, search } = new URL(address);
  const request = protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        hostname: hostname.endsWith('.localhost') ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, ''),
        ...(port === '' ? {} : { port }),
        ...(protocol === 'https:' ? { servername: hostname } : {}),
        ...{ method, path: pathname + search },
        headers: { ...headers, host, 'content-length': String(Buffer.byteLength(body)) },
      },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
