import { connect, type Socket } from 'node:net';

export interface Load {
  readonly port: number;
  readonly connections: number;
  /** It ends after this time, or after so many requests. */
  readonly seconds: number;
  readonly requests?: number;
  /** The whole request, head and body. Asked again and again with a rising number. */
  readonly request: (number: number) => Buffer;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds that 50 and 99 of a hundred requests stay under. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 2xx. */
  readonly failed: number;
}

/**
 * Keep-alive connections that each ask, wait for the whole answer, and ask again. Less than a full
 * HTTP client on purpose: on two cores the client must not be what is measured.
 */
export async function load(options: Load): Promise<LoadResult> {
  const { port, connections, seconds, requests = Number.POSITIVE_INFINITY, request } = options;
  const times: number[] = [];
  let number = 0;
  let failed = 0;
  let endsAt = 0;

  function run(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0;
      let missing = -1;
      let head = '';
      const ask = () => {
        sentAt = performance.now();
        if (sentAt >= endsAt || number >= requests) {
          socket.destroy();
          resolve();
          return;
        }
        missing = -1;
        head = '';
        socket.write(request(number++));
      };
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('The server hung up in the middle of an answer')));
      socket.on('data', (chunk) => {
        if (missing === -1) {
          // Of a body that comes along only the head is looked at: it is a few hundred bytes.
          const from = head.length;
          head += chunk.toString('latin1', 0, 2048);
          const end = head.indexOf('\r\n\r\n');
          if (end === -1) return;
          const length = /content-length: (\d+)/i.exec(head)?.[1];
          if (!head.startsWith('HTTP/1.1 2')) failed++;
          missing = Number(length ?? 0) - (from + chunk.length - end - 4);
        } else {
          missing -= chunk.length;
        }
        if (missing > 0) return;
        times.push(performance.now() - sentAt);
        ask();
      });
      ask();
    });
  }

  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(port)));
  const startedAt = performance.now();
  endsAt = startedAt + seconds * 1000;
  await Promise.all(sockets.map(run));
  const took = (performance.now() - startedAt) / 1000;
  times.sort((one, other) => one - other);
  const at = (part: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { perSecond: times.length / took, p50: at(0.5), p99: at(0.99), failed };
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}
