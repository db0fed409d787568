import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askEngine } from '../../../cli/ask-engine.ts';
import { COMMANDS } from '../../../cli/commands.ts';
import { main } from '../../../cli/main.ts';
import type { LoggedInvocation } from '../../../local/scf/logs.ts';
import { BUCKET, engineForTests, HOST, KEYS } from '../engine-for-tests.ts';
import { built } from '../kill/built.ts';
import { engineProcess, stopped } from '../kill/engine-process.ts';
import { type ScfClient, scfClient } from './account-clients.ts';
import { deployed, invoked } from './deployed.ts';
import { zipOf } from './zip-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkroom-kept-'));
let command: Awaited<ReturnType<typeof built>>;
beforeAll(async () => {
  command = await built('cli/darkroom.ts');
});
afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function untilActive(client: ScfClient, FunctionName: string): Promise<void> {
  await expect
    .poll(async () => (await client.GetFunction({ FunctionName })).Status, { timeout: 10_000 })
    .toBe('Active');
}

const KEPT_KEYS = ['--secret-id', KEYS.secretId, '--secret-key', KEYS.secretKey];

test('what a killed engine accepted is carried out by the next, and what was deployed is there', async () => {
  const data = join(folder, 'killed');
  const flags = ['--data', data, '--bucket', BUCKET, ...KEPT_KEYS];
  const engine = engineProcess(command.path, flags, { cwd: folder });
  const client = scfClient({ url: `http://127.0.0.1:${await engine.ready}` });
  const FunctionName = 'kept';
  await client.CreateFunction({
    ...{ FunctionName, Runtime: 'Nodejs20.19', Handler: 'index.main_handler', Timeout: 30 },
    Code: {
      ZipFile: zipOf(
        'exports.main_handler = async (event) => { await new Promise((r) => setTimeout(r, 100)); console.log(event.n); };',
      ),
    },
  });
  await untilActive(client, FunctionName);
  const desc = { event: 'cos:ObjectCreated:*', filter: { Prefix: 'in/', Suffix: '' } };
  await client.CreateTrigger({
    ...{ FunctionName, TriggerName: HOST, Type: 'cos', TriggerDesc: JSON.stringify(desc) },
  });
  const sent = Array.from({ length: 12 }, (_, n) =>
    client.Invoke({ FunctionName, InvocationType: 'Event', ClientContext: JSON.stringify({ n }) }),
  );
  await Promise.all(sent);
  await stopped(engine, 'SIGKILL');

  const next = engineProcess(command.path, flags, { cwd: folder });
  const port = await next.ready;
  try {
    const again = scfClient({ url: `http://127.0.0.1:${port}` });
    expect((await again.ListTriggers({ FunctionName })).TotalCount).toBe(1);
    const written = async () => {
      const { invocations } = (await askEngine({ data, port }, '/invocations?limit=1000')) as {
        readonly invocations: readonly LoggedInvocation[];
      };
      return new Set(invocations.map(({ log }) => Number(log))).size;
    };
    await expect.poll(written, { timeout: 20_000 }).toBe(12);
  } finally {
    await stopped(next, 'SIGKILL');
  }
});

test('a function that is in a loop does not outlive an engine that is killed', async () => {
  const data = join(folder, 'loop');
  const engine = engineProcess(command.path, ['--data', data, ...KEPT_KEYS], { cwd: folder });
  const client = scfClient({ url: `http://127.0.0.1:${await engine.ready}` });
  const FunctionName = 'loop';
  const code = `exports.main_handler = () => {
    require('fs').writeFileSync(process.env.TMPDIR + '/pid', String(process.pid));
    for (;;); };`;
  await client.CreateFunction({
    ...{ FunctionName, Runtime: 'Nodejs20.19', Handler: 'index.main_handler', Timeout: 60 },
    Code: { ZipFile: zipOf(code) },
  });
  await untilActive(client, FunctionName);
  await client.Invoke({ FunctionName, InvocationType: 'Event' });
  const own = join(data, 'functions', 'own');
  const pid = () => {
    const [instance] = existsSync(own) ? readdirSync(own) : [];
    const file = instance === undefined ? '' : join(own, instance, 'pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  };
  await expect.poll(pid, { timeout: 10_000 }).toBeGreaterThan(0);
  const looping = pid();
  expect(isRunning(looping)).toBe(true);
  await stopped(engine, 'SIGKILL');
  try {
    await expect.poll(() => isRunning(looping), { timeout: 10_000 }).toBe(false);
  } finally {
    if (isRunning(looping)) process.kill(looping, 'SIGKILL');
  }
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a change that a kill interrupted goes on with the next start', async () => {
  const data = join(folder, 'changing');
  const first = await engineForTests({ data });
  first.engine.faults.add({
    ...{
      id: 'slow',
      effect: 'slow-active',
      ms: 60_000,
      operations: ['CreateFunction'],
      percent: 100,
    },
  });
  const code = 'exports.main_handler = async () => 7;';
  const client = scfClient(first.engine);
  await client.CreateFunction({
    ...{ FunctionName: 'slow', Runtime: 'Nodejs20.19', Code: { ZipFile: zipOf(code) } },
  });
  expect((await client.GetFunction({ FunctionName: 'slow' })).Status).toBe('Creating');
  await first.stop();
  const second = await engineForTests({ data });
  await untilActive(scfClient(second.engine), 'slow');
  expect((await invoked(second.engine, 'slow')).said).toBe(7);
  await second.stop();
});

test('a snapshot has functions, triggers and roles in it, and so has the engine that loads it', async () => {
  const { engine, stop } = await engineForTests();
  await deployed(engine, 'before', 'exports.main_handler = async () => "before";');
  const client = scfClient(engine);
  const timer = { FunctionName: 'before', TriggerName: 'hourly', Type: 'timer' };
  await client.CreateTrigger({ ...timer, TriggerDesc: '0 0 * * * * *' });
  await engine.storage.snapshots.save('one');
  await client.DeleteFunction({ FunctionName: 'before' });
  await deployed(engine, 'after', 'exports.main_handler = async () => "after";');
  await engine.storage.snapshots.load('one');
  const names = async () =>
    (await client.ListFunctions({})).Functions?.map(({ FunctionName }) => FunctionName);
  expect(await names()).toEqual(['before']);
  expect((await client.ListTriggers({ FunctionName: 'before' })).TotalCount).toBe(1);
  expect((await invoked(engine, 'before')).said).toBe('before');
  await engine.storage.snapshots.reset();
  expect(await names()).toEqual([]);
  await stop();
});

test('darkroom logs shows what ran, what came of it and what was written', async () => {
  const data = join(folder, 'logged');
  const { engine, stop } = await engineForTests({ data });
  const code = `exports.main_handler = async ({ fail }) => {
    console.log('seen \\u001b[31m'); if (fail) throw new Error('torn'); };`;
  await deployed(engine, 'on-upload', code);
  await deployed(engine, 'reprocess', code);
  await invoked(engine, 'on-upload');
  await invoked(engine, 'reprocess', { fail: true });
  await engine.scf.host.idle();
  const place = ['--data', data, '--port', String(engine.port)];
  const said = async (...args: string[]) => {
    const lines: string[] = [];
    const io = { out: (line: string) => lines.push(line), err: () => {}, env: {} };
    const code = await main(['logs', ...args, ...place], COMMANDS, '0', io);
    return { code, lines };
  };
  const { code: exit, lines } = await said();
  expect(exit).toBe(0);
  expect(lines[0]).toMatch(/^20\d\d-\S+Z default\.on-upload 200 \d+ms \d+MB invoke cold$/);
  expect(lines[1]).toBe('  seen \ufffd[31m');
  expect(lines[2]).toMatch(/default\.reprocess 430 torn \d+ms/);
  expect((await said('on-upload')).lines).toHaveLength(2);
  expect((await said('--failed')).lines[0]).toContain('reprocess');
  await stop();
  expect((await said()).code).toBe(1);
});
