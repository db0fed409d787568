import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import COS from 'cos-nodejs-sdk-v5';
import { type BuildResult, build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  KEYS,
  REGION,
} from '../local/engine-for-tests.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkroom-client-'));
const outfile = join(folder, 'client.cjs');

/** A process of its own, for whom it trusts is decided when it starts. */
const PROGRAM = `
  import { openClient } from './shared/client/client.ts';
  import { openBucketRecords } from './shared/store/bucket-records.ts';
  const [endpoint, keys, state] = process.argv.slice(2).map((text) => JSON.parse(text));
  const limits = { requestsPerSecond: 50, inFlight: 10 };
  const client = openClient({ endpoint, limits, keys: () => keys, leftMs: () => 3000, now: Date.now });
  const { objects } = client;
  openBucketRecords(state, { objects, texts: client.textsIn(state) })
    .then(async (records) => [await records.create('a.json', '{}'), await records.create('a.json', '{}')])
    .then((created) => console.log(JSON.stringify(created)), ({ code, message }) => console.log(code, message))
    .then(() => process.exit(0));
`;

let running: EngineForTests;
let built: BuildResult<{ metafile: true }>;

beforeAll(async () => {
  running = await engineForTests({ tlsPort: 0 });
  built = await build({
    stdin: { contents: PROGRAM, resolveDir: join(import.meta.dirname, '..', '..'), loader: 'ts' },
    ...{ outfile, bundle: true, minify: true, metafile: true },
    ...{ format: 'cjs', platform: 'node', target: 'node20' },
  });
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function printed(env: Record<string, string>): Promise<string> {
  const endpoint = `https://127.0.0.1:${running.engine.tlsPort}`;
  const state = { bucket: BUCKET, region: REGION, prefix: 'state/' };
  const args = [endpoint, KEYS, state].map((value) => JSON.stringify(value));
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout.trim();
}

test('whoever it talks to proves over TLS that it has the name of the service', async () => {
  const trusting = await printed({ NODE_EXTRA_CA_CERTS: running.engine.paths.authority });
  expect(trusting).toBe('[true,false]');
  const there = await running
    .client(COS)
    .getObject({ Bucket: BUCKET, Region: REGION, Key: 'state/a.json' });
  expect(there.Body.toString()).toBe('{}');

  expect(await printed({})).toMatch(/^COS_UNREACHABLE .*(CERT|SELF_SIGNED|VERIFY)/);
});

test('what a function loads for all of this is small, and is ours', () => {
  const [output] = Object.values(built.metafile.outputs);
  expect(output?.bytes).toBeLessThan(60_000);
  const foreign = Object.keys(built.metafile.inputs).filter((path) =>
    path.includes('node_modules'),
  );
  expect(foreign).toEqual([]);
});
