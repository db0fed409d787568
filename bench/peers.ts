import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { authorization } from '../shared/wire/signature.ts';

/** A server in a process of its own: how to reach it, and how a request to it looks. */
export interface Peer {
  readonly name: string;
  readonly port: number;
  /** From the start of its process until it said where it listens. */
  readonly readyMs: number;
  /** The head of a request for a key, which may have a query behind it. */
  head(
    method: string,
    key: string,
    length: number,
    query?: Readonly<Record<string, string>>,
  ): string;
  rssMb(): number;
  stop(): void;
}

const BUCKET = 'bench-1250000000';
const HOST = `${BUCKET}.cos.ap-guangzhou.myqcloud.com`;
const KEYS = { secretId: 'bench', secretKey: 'bench-secret' };

/** The command as it is built, without `npx`. In memory unless there is a folder. */
export function startEngine(data?: string, more: readonly string[] = []): Promise<Peer> {
  const where = data === undefined ? ['--memory'] : ['--data', data];
  const flags = ['engine', '--port', '0', ...where, '--bucket', BUCKET];
  const keys = ['--secret-id', KEYS.secretId, '--secret-key', KEYS.secretKey];
  return start('engine', ['dist/cli/darkroom.js', ...flags, ...keys, ...more], signedHead);
}

export function startS3rver(directory: string): Promise<Peer> {
  const script = `
    const S3rver = require('s3rver');
    const options = { port: 0, address: '127.0.0.1', silent: true, directory: ${JSON.stringify(directory)},
      resetOnClose: false, configureBuckets: [{ name: 'bench' }] };
    new S3rver(options).run().then(({ port }) => console.log('ready :' + port));`;
  return start('s3rver', ['-e', script], plainHead('/bench/'));
}

/** The least that could answer: a map, no check of anything. */
export function startBare(): Promise<Peer> {
  const script = `
    const kept = new Map();
    const server = require('node:http').createServer((request, response) => {
      if (request.method === 'PUT') {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => { kept.set(request.url, Buffer.concat(chunks)); response.writeHead(200, { 'Content-Length': 0 }); response.end(); });
      } else {
        const body = kept.get(request.url);
        response.writeHead(200, { 'Content-Length': body.length });
        response.end(body);
      }
    });
    server.listen(0, '127.0.0.1', () => console.log('ready :' + server.address().port));`;
  return start('bare', ['-e', script], plainHead('/'));
}

async function start(name: string, args: readonly string[], head: Peer['head']): Promise<Peer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await portOf(child);
  const readyMs = performance.now() - startedAt;
  const rssMb = () => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  };
  return { name, port, readyMs, head, rssMb, stop: () => child.kill('SIGKILL') };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [line] = child.stdout ? await once(child.stdout, 'data') : [];
  const port = /:(\d+)\s*$/.exec(String(line))?.[1];
  if (!port) throw new Error(`A server did not say where it listens: ${line}`);
  return Number(port);
}

function signedHead(
  method: string,
  key: string,
  length: number,
  query: Readonly<Record<string, string>> = {},
): string {
  const headers = { host: HOST, 'content-length': String(length) };
  const now = Math.floor(Date.now() / 1000);
  const window = { fromSeconds: now - 60, untilSeconds: now + 3600 };
  const signed = authorization({ method, path: `/${key}`, query, headers }, KEYS, window);
  const target = `/${key}${questionOf(query)}`;
  return `${method} ${target} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${length}\r\nAuthorization: ${signed}\r\n\r\n`;
}

function plainHead(prefix: string): Peer['head'] {
  return (method, key, length, query = {}) =>
    `${method} ${prefix}${key}${questionOf(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n`;
}

function questionOf(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}
