import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import COS from 'cos-nodejs-sdk-v5';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPEN_JOBS } from '../../../../local/ci/jobs/stored-job.ts';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import { keyOf } from '../../cos/events/key-of.ts';
import { BUCKET, engineForTests, KEYS, REGION } from '../../engine-for-tests.ts';
import { asked, videoJob } from './ci-client.ts';
import type { Told } from './jobs-child.ts';

const ROUNDS = 5;
const JOBS_A_ROUND = 24;

const TELL =
  '<CallBackType>TDMQ</CallBackType><CallBackMqConfig>' +
  '<MqRegion>gz</MqRegion><MqName>ended</MqName></CallBackMqConfig>';

let folder: string;
let child: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-kill-'));
  child = join(folder, 'jobs-child.cjs');
  const require = createRequire(import.meta.url);
  await build({
    entryPoints: [join(import.meta.dirname, 'jobs-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    alias: { lmdb: require.resolve('lmdb') },
    external: ['*.cjs', '*.node', 'sharp', 'piscina'],
  });
});
afterAll(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('whatever was submitted is done once, however often the engine is killed', async () => {
  const data = join(folder, 'data');
  const ids: string[] = [];
  const cancelled = new Set<string>();
  let begun = 0;
  let left = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const { cos, killed } = await startChild(data);
    if (round === 0) {
      await cos.putObject({ Bucket: BUCKET, Region: REGION, Key: 'in/a.mp4', Body: 'film' });
    }
    const submitting = submit(cos, round, ids, cancelled);
    await wait(150 + Math.random() * 350);
    running?.kill('SIGKILL');
    await submitting;
    begun += (await killed).filter((line) => line === 'begun').length;
    left += await openJobs(data);
  }

  const last = await engineForTests({ data });
  const { engine } = last;
  await engine.jobs.idle();
  const cos = last.client(COS);
  expect(ids.length).toBeGreaterThan(ROUNDS);
  // Some were cut off or still waited: else the kills came at the wrong time.
  expect(begun).toBeGreaterThan(0);
  expect(left).toBeGreaterThan(0);
  for (const id of ids) {
    const { is } = await asked(cos, `GET /jobs/${id}`);
    expect(is.NonExistJobIds).toBeUndefined();
    const { State, Operation } = is.JobsDetail;
    if (cancelled.has(id)) {
      expect(State).toBe('Cancel');
      expect(engine.storage.objects.head(BUCKET, Operation.Output.Object)).toBeUndefined();
      continue;
    }
    expect(State).toBe('Success');
    const output = engine.storage.objects.head(BUCKET, Operation.Output.Object);
    expect(output?.writtenBy).toBe(`ci job ${id}`);
    expect(Operation.MediaResult.OutputFile.Md5Info.Md5).toBe(output?.etag);
  }
  // Its event was raised with each output, and with nothing else.
  const events = engine.events.list({ subscriber: 'nobody', limit: 1000 });
  const raised = events.map(({ event }) => keyOf(event)).filter((key) => key.startsWith('out/'));
  const written = engine.storage.objects.list(BUCKET, { prefix: 'out/', max: 1000 }).objects;
  expect(new Set(raised).size).toBe(raised.length);
  expect(raised.length).toBe(written.length);
  // And whoever wants to know is told once of each job that was not cancelled.
  const told = engine.callbacks.list({ limit: 1000 }).map(({ job }) => job);
  expect(new Set(told).size).toBe(told.length);
  expect(told.length).toBe(written.length);
  for (const id of ids) expect(told.includes(id)).toBe(!cancelled.has(id));
  expect(readdirSync(join(data, 'work'))).toEqual([]);
  await last.stop();
});

/** Submits as fast as it can and cancels some, until nobody answers. Only what was answered counts. */
async function submit(cos: COS, round: number, ids: string[], cancelled: Set<string>) {
  for (let index = 0; index < JOBS_A_ROUND; index++) {
    const output = `out/${round}-${index}.mp4`;
    const { status, is } = await asked(cos, 'POST /jobs', videoJob({ output, more: TELL }));
    if (status !== 200) return;
    ids.push(is.JobsDetail.JobId);
    if (index % 6 !== 5) continue;
    const { status: done } = await asked(cos, `PUT /jobs/${is.JobsDetail.JobId}?cancel`);
    if (done === 200) cancelled.add(is.JobsDetail.JobId);
    else if (done === 0) ids.pop(); // it may have been cancelled or not: nobody was told
  }
}

/** How many jobs have not ended. */
async function openJobs(data: string): Promise<number> {
  const storage = await folderStorage(data, { clock: Date.now });
  const count = storage.table(OPEN_JOBS).range().length;
  await storage.close();
  return count;
}

async function startChild(data: string) {
  const args = [child, data, BUCKET, KEYS.secretId, KEYS.secretKey];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running = started;
  let output = '';
  const lines = () => output.split('\n') as Told[];
  const killed = new Promise<Told[]>((resolve) => started.on('close', () => resolve(lines())));
  const port = await new Promise<string>((resolve, reject) => {
    started.stdout.on('data', (piece: Buffer) => {
      output += piece;
      const ready = lines().find((line) => line.startsWith('ready '));
      if (ready !== undefined) resolve(ready.slice('ready '.length));
    });
    started.on('close', () => reject(new Error('The engine did not start')));
  });
  const cos = new COS({
    ...{ SecretId: KEYS.secretId, SecretKey: KEYS.secretKey, Protocol: 'http:' },
    ...{ Ip: `127.0.0.1:${port}`, Timeout: 2000, AutoSwitchHost: false },
  });
  return { cos, killed };
}
