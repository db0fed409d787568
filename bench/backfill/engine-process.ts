import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUCKET, OWNER, STATE } from './account.ts';

/** What others than the owner asked the engine for. */
interface Asked {
  requests: number;
  /** Requests to process a picture, which is what costs money. */
  processed: number;
  /** Refused for want of a permission. */
  denied: number;
}

/** An engine in a process of its own, its data in a folder; its log says what it was asked for. */
export interface EngineProcess {
  readonly port: number;
  readonly asked: Asked;
  admin(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

const LINE = /^(\d{3}) (\w+) \S* \S+ms (\S+)/;

export async function startEngineProcess(data: string): Promise<EngineProcess> {
  const child = spawn(
    process.execPath,
    [
      ...['dist/cli/darkroom.js', 'engine', '--port', '0', '--data', data],
      ...['--bucket', BUCKET, '--bucket', STATE, '--operations', 'instant', '--log', 'requests'],
      ...['--secret-id', OWNER.secretId, '--secret-key', OWNER.secretKey],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const asked: Asked = { requests: 0, processed: 0, denied: 0 };
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^ +denied: /.test(line)) asked.denied += 1;
    const [, , operation, by] = LINE.exec(line) ?? [];
    if (operation === undefined || by === 'owner') return;
    asked.requests += 1;
    if (operation === 'ImageProcess') asked.processed += 1;
  });
  const [ready] = await once(child.stdout, 'data');
  const port = Number(/:(\d+)\s*$/.exec(String(ready))?.[1]);
  const token = readFileSync(join(data, 'admin-token'), 'utf8').trim();
  return {
    ...{ port, asked },
    admin: (method, path, body) => askAdmin({ port, token, method, path }, body),
    stop: () => ended(child, 'SIGTERM'),
  };
}

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

function askAdmin(
  to: { readonly port: number; readonly token: string; method: string; path: string },
  body: object | undefined,
): Promise<Record<string, unknown>> {
  const { port, token, method, path } = to;
  const headers = { host: 'admin.darkroom.localhost', 'x-darkroom-token': token };
  return new Promise((resolve, reject) => {
    httpRequest({ port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path}: ${text}`));
      });
    })
      .on('error', reject)
      .end(body && JSON.stringify(body));
  });
}
