import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorization } from '../shared/wire/signature.ts';
import { type LoadResult, load } from './http-load.ts';

export const title =
  'engine: beside s3rver and a bare node:http server that keeps objects in memory';

const BUCKET = 'bench-1250000000';
const HOST = `${BUCKET}.cos.ap-guangzhou.myqcloud.com`;
const KEYS = { secretId: 'bench', secretKey: 'bench-secret' };
const SECONDS = 4;
const CONNECTIONS = 16;

/** A server under load: how to reach it, and how a request to it looks. */
interface Peer {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  head(method: string, key: string, length: number): string;
}

export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'));
  const peers: Peer[] = [];
  try {
    const started = performance.now();
    const engine = await startEngineProcess(join(folder, 'engine'));
    const readyMs = performance.now() - started;
    peers.push(engine);
    print(`ready after ${readyMs.toFixed(0)} ms, ${rssOf(engine).toFixed(0)} MB RSS idle`);
    peers.push(await startS3rver(join(folder, 's3rver')), await startBare());

    for (const [size, name] of [
      [10 * 1024, '10 KB'],
      [10 * 1024 * 1024, '10 MB'],
    ] as const) {
      for (const method of ['PUT', 'GET'] as const) {
        const results = new Map<string, LoadResult>();
        for (const peer of peers) results.set(peer.name, await measure(peer, method, size));
        report(print, `${method} ${name}`, results);
      }
    }
    print(`${rssOf(engine).toFixed(0)} MB RSS of the engine afterwards`);
    await listing(engine, print);
  } finally {
    for (const { process } of peers) process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(
  print: (line: string) => void,
  what: string,
  results: Map<string, LoadResult>,
): void {
  const ours = results.get('engine');
  for (const [name, { perSecond, p50, p99, failed }] of results) {
    const ratio =
      ours && name !== 'engine'
        ? `, engine is ${(ours.perSecond / perSecond).toFixed(2)}x of it`
        : '';
    const wrong = failed > 0 ? `, ${failed} FAILED` : '';
    print(
      `${what.padEnd(10)} ${name.padEnd(7)} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms${ratio}${wrong}`,
    );
  }
}

const KEPT = 200;

function measure(peer: Peer, method: 'PUT' | 'GET', size: number): Promise<LoadResult> {
  const body = method === 'PUT' ? Buffer.alloc(size, 'darkroom') : Buffer.alloc(0);
  // Signed beforehand: the client's work is not what is measured.
  const requests = Array.from({ length: size > 1e6 ? 8 : KEPT }, (_, number) =>
    Buffer.concat([Buffer.from(peer.head(method, `${size}/${number}.bin`, body.length)), body]),
  );
  return load({
    port: peer.port,
    connections: CONNECTIONS,
    seconds: SECONDS,
    request: (number) => requests[number % requests.length] as Buffer,
  });
}

/** 100,000 keys, then a page of 1,000 from the middle. */
async function listing(engine: Peer, print: (line: string) => void): Promise<void> {
  const requests = 100_000;
  let sent = 0;
  await load({
    port: engine.port,
    connections: CONNECTIONS,
    seconds: 60,
    request: (number) => {
      sent = number;
      if (number >= requests) return Buffer.from(engine.head('HEAD', 'list/0', 0));
      return Buffer.from(engine.head('PUT', `list/${String(number).padStart(6, '0')}`, 0));
    },
  }).catch(() => {});
  const from = performance.now();
  const pages = 100;
  let marker = '';
  let keys = 0;
  for (let page = 0; page < pages; page++) {
    const text = await get(engine.port, `/?prefix=list%2F&marker=${encodeURIComponent(marker)}`);
    const found = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
    keys += found.length;
    marker = found.at(-1) ?? '';
    if (!text.includes('<IsTruncated>true')) break;
  }
  const took = performance.now() - from;
  print(`list       ${keys} of ${Math.min(sent, requests)} keys in ${took.toFixed(0)} ms`);
}

function get(port: number, path: string): Promise<string> {
  const [pathname = '', query = ''] = path.split('?');
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const headers = { host: HOST };
  const Authorization = authorization(
    { method: 'GET', path: pathname, query: parameters, headers },
    KEYS,
    WINDOW,
  );
  return new Promise((resolve, reject) => {
    httpRequest({ port, path, headers: { ...headers, Authorization } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

const now = Math.floor(Date.now() / 1000);
const WINDOW = { fromSeconds: now - 60, untilSeconds: now + 3600 };

async function startEngineProcess(data: string): Promise<Peer> {
  const flags = ['--port', '0', '--data', data, '--bucket', BUCKET];
  const keys = ['--secret-id', KEYS.secretId, '--secret-key', KEYS.secretKey];
  const child = spawn(process.execPath, ['dist/cli/darkroom.js', 'engine', ...flags, ...keys], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await portOf(child);
  return {
    name: 'engine',
    port,
    process: child,
    head(method, key, length) {
      const headers = { host: HOST, 'content-length': String(length) };
      const signed = authorization({ method, path: `/${key}`, headers }, KEYS, WINDOW);
      return `${method} /${key} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${length}\r\nAuthorization: ${signed}\r\n\r\n`;
    },
  };
}

async function startS3rver(directory: string): Promise<Peer> {
  const script = `
    const S3rver = require('s3rver');
    const options = { port: 0, address: '127.0.0.1', silent: true, directory: ${JSON.stringify(directory)},
      resetOnClose: false, configureBuckets: [{ name: 'bench' }] };
    new S3rver(options).run().then(({ port }) => console.log('ready :' + port));`;
  return scripted('s3rver', script, '/bench/');
}

/** The least that could answer: a map, no check of anything. */
async function startBare(): Promise<Peer> {
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
  return scripted('bare', script, '/');
}

async function scripted(name: string, script: string, prefix: string): Promise<Peer> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await portOf(child);
  return {
    name,
    port,
    process: child,
    head: (method, key, length) =>
      `${method} ${prefix}${key} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n`,
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [line] = child.stdout ? await once(child.stdout, 'data') : [];
  const port = /:(\d+)\s*$/.exec(String(line))?.[1];
  if (!port) throw new Error(`A server did not say where it listens: ${line}`);
  return Number(port);
}

function rssOf({ process }: Peer): number {
  const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
