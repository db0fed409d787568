import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { expect } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { main } from '../../cli/main.ts';
import type { EngineOptions } from '../../local/engine/options.ts';
import { BUCKET, type EngineForTests, engineForTests, REGION } from '../local/engine-for-tests.ts';

export const RECORDS = 'records-1250000000';
export const API_KEY = 'the-key-of-the-shop';
const LINK_KEY = 'a key for links that is long enough to be one';

interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** Two buckets on an engine, a folder with rules and settings, and the keys of a deployer who may do no more. */
export interface SuiteOnEngine {
  readonly engine: EngineForTests['engine'];
  /** Runs a command as somebody would, in the folder; what it printed. It has to end well. */
  darkroom(...argv: readonly string[]): Promise<readonly string[]>;
  /** What is deployed, as JSON. */
  model(): Promise<string>;
  /** Deploys, and from then on knows the address of on-demand. */
  deploy(): Promise<void>;
  /** Asks on-demand at the address of its function. */
  ask(
    method: string,
    path: string,
    asking?: { readonly body?: object; readonly key?: string; readonly at?: string },
  ): Promise<Reply>;
  put(key: string, bytes: Buffer): Promise<void>;
  /** Every object whose key begins so. */
  remove(prefix: string): Promise<void>;
  keysBelow(prefix: string, bucket?: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function suiteOnEngine(
  rules: string,
  options: EngineOptions = {},
): Promise<SuiteOnEngine> {
  const there = await engineForTests({ buckets: [BUCKET, RECORDS], ...options });
  const { engine } = there;
  const client = there.client(COS);
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-whole-'));
  const file = (name: string) => join(folder, name);
  writeFileSync(file('rules.yaml'), rules);
  const env = {
    DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
    DARKROOM_STATE: `${RECORDS}@${REGION}/darkroom/`,
    DARKROOM_ENDPOINT: engine.url,
    DARKROOM_API_KEYS: `shop:${createHash('sha256').update(API_KEY).digest('hex')}`,
    DARKROOM_LINK_KEYS: LINK_KEY,
  };
  let onDemand = '';

  async function run(keys: object, argv: readonly string[]): Promise<readonly string[]> {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      env: { ...env, ...keys },
    };
    const exitCode = await main(argv, COMMANDS, '0.0.0', io);
    expect([exitCode, exitCode === 0 ? '' : err.join('\n')]).toEqual([0, '']);
    return out;
  }

  const which = ['--rules', file('rules.yaml')];
  const policy = await run({}, ['deploy', 'render', '--what', 'deployer-policy', ...which]);
  await engine.identities.putPolicy('deployer', policy.join('\n'));
  const { secretId, secretKey } = await engine.identities.putUser('deployer', ['deployer']);
  const keys = { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey };

  return {
    engine,
    darkroom: (...argv) => run(keys, argv),
    model: async () =>
      (await run({}, ['deploy', 'render', '--what', 'model', ...which])).join('\n'),
    async deploy() {
      const printed = await run(keys, ['deploy', 'apply', '--yes', ...which]);
      const line = printed.find((one) => one.startsWith('on-demand: ')) ?? '';
      onDemand = line.slice('on-demand: '.length);
    },
    ask: (method, path, { body, key = API_KEY, at = onDemand } = {}) =>
      new Promise((resolve, reject) => {
        // The address is a name of the engine's own, which the system need not know.
        const { host } = new URL(at);
        const headers = { host, ...(key === '' ? {} : { authorization: `Bearer ${key}` }) };
        const asked = request(
          { host: '127.0.0.1', port: engine.port, method, path, headers },
          async (answer) => {
            let text = '';
            for await (const part of answer.setEncoding('utf8')) text += part;
            resolve({ status: answer.statusCode ?? 0, location: answer.headers.location, text });
          },
        );
        asked.on('error', reject);
        asked.end(body === undefined ? '' : JSON.stringify(body));
      }),
    async put(Key, Body) {
      await client.putObject({ Bucket: BUCKET, Region: REGION, Key, Body });
    },
    async remove(Prefix) {
      const place = { Bucket: BUCKET, Region: REGION };
      const { Contents } = await client.getBucket({ ...place, Prefix });
      await client.deleteMultipleObject({
        ...place,
        Objects: Contents.map(({ Key }) => ({ Key })),
      });
    },
    async keysBelow(Prefix, Bucket = BUCKET) {
      const { Contents } = await client.getBucket({ Bucket, Region: REGION, Prefix });
      return Contents.map(({ Key }) => Key);
    },
    async stop() {
      await there.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
