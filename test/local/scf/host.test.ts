import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineForTests, engineForTests } from '../engine-for-tests.ts';
import { scfClient } from './account-clients.ts';
import { deployed, invoked, roleFor } from './deployed.ts';

let running: EngineForTests;
beforeAll(async () => {
  running = await engineForTests();
});
afterAll(() => running.stop());

const deploy = (
  ...given: Parameters<typeof deployed> extends [unknown, ...infer Rest] ? Rest : never
) => deployed(running.engine, ...given);
const invoke = (name: string, event?: unknown) => invoked(running.engine, name, event);

describe('a handler', () => {
  test.for([
    ['an async one returns', 'async (event) => ({ got: event.a })', { got: 1 }],
    ['one calls back', '(event, context, callback) => callback(null, [event.a])', [1]],
    [
      'one calls back later',
      '(e, c, back) => { setTimeout(() => back(null, "late"), 20); }',
      'late',
    ],
    ['one returns nothing', '() => {}', null],
    ['one whose promise never settles has said nothing', 'async () => new Promise(() => {})', null],
    ['only the first answer counts', '(e, c, back) => { back(null, 1); back(null, 2); }', 1],
  ] as const)('%s', async ([name, handler, said]) => {
    const id = `says-${name.replaceAll(/\W/g, '-')}`.slice(0, 50);
    await deploy(id, `exports.main_handler = ${handler};`);
    expect(await invoke(id, { a: 1 })).toMatchObject({ status: 0, said });
  });

  test('finds what the runtime promises in its context and its variables', async () => {
    await roleFor(running.engine, 'sees', []);
    await deploy(
      'sees',
      `exports.main_handler = async (event, context) => ({
        context: { ...context }, left: context.getRemainingTimeInMillis(), env: process.env });`,
      {
        ...{ Role: 'sees', MemorySize: 256, Timeout: 20 },
        Environment: { Variables: [{ Key: 'RULES', Value: 'a=b' }] },
      },
    );
    const { said } = await invoke('sees');
    expect(said.context).toEqual({
      ...{ function_name: 'sees', function_version: '$LATEST', namespace: 'default' },
      ...{ memory_limit_in_mb: 256, time_limit_in_ms: 20_000 },
      ...{ tencentcloud_region: 'ap-guangzhou', tencentcloud_appid: '1250000000' },
      ...{ tencentcloud_uin: '101250000000', callbackWaitsForEmptyEventLoop: true },
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      environment: '{"RULES":"a=b","SCF_NAMESPACE":"default"}',
      environ: 'RULES=a=b;SCF_NAMESPACE=default',
    });
    expect(said.left).toBeGreaterThan(10_000);
    expect(Object.keys(said.env).sort()).toEqual([
      ...['DARKROOM_ENDPOINT', 'HOME', 'LANG', 'NODE_PATH', 'PATH', 'RULES', 'SCF_FUNCTIONNAME'],
      ...['SCF_NAMESPACE', 'TENCENTCLOUD_REGION', 'TENCENTCLOUD_RUNENV', 'TENCENTCLOUD_SECRETID'],
      ...['TENCENTCLOUD_SECRETKEY', 'TENCENTCLOUD_SESSIONTOKEN', 'TMPDIR', 'TZ', 'USER_CODE_ROOT'],
    ]);
    expect(said.env).toMatchObject({
      ...{ DARKROOM_ENDPOINT: running.engine.url, TENCENTCLOUD_RUNENV: 'SCF', TZ: 'UTC' },
    });
  });

  test('finds modules beside it and in folders below', async () => {
    await deploy('parts', {
      'index.js': "exports.main_handler = async () => require('./lib/deep/a.js') + require('b');",
      'lib/deep/a.js': "module.exports = 'a';",
      'node_modules/b/index.js': "module.exports = 'b';",
    });
    expect((await invoke('parts')).said).toBe('ab');
  });
});

describe('an invocation that fails is told its number', () => {
  test.for([
    ['thrown', 'async () => { throw new Error("no such mug"); }', 430, /no such mug/],
    ['called-back', '(e, c, back) => back(new TypeError("wrong"))', 430, /wrong/],
    ['uncaught', '() => { setTimeout(() => { throw new Error("later"); }, 5); }', 430, /later/],
    ['circular', 'async () => { const a = {}; a.a = a; return a; }', 430, /circular/i],
    ['too-large', 'async () => "x".repeat(6 * 1024 * 1024)', 407, /6291458 bytes/],
    ['exits', 'async () => process.exit(3)', 439, /code 3/],
    ['killed', 'async () => process.kill(process.pid, "SIGTERM")', 439, /SIGTERM/],
  ] as const)('%s', async ([name, handler, status, message]) => {
    await deploy(name, `exports.main_handler = ${handler};`);
    const failure = await invoke(name);
    expect(failure).toMatchObject({ status, error: { statusCode: status } });
    expect(failure.error.errorMessage).toMatch(message);
    expect(failure.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('what a function throws comes with its stack', async () => {
    expect((await invoke('thrown')).error.stackTrace).toMatch(/no such mug\n\s+at .*index\.js/);
  });

  test('a loop without an end runs out of time, and what it wrote before is kept', async () => {
    await deploy('endless', 'exports.main_handler = () => { console.log("begun"); for (;;); };', {
      Timeout: 1,
    });
    const { status, log, error } = await invoke('endless');
    expect([status, log]).toEqual([433, 'begun\n']);
    expect(error.errorMessage).toContain('timed out after 1 seconds');
    await deploy(
      'waits',
      'exports.main_handler = () => new Promise((r) => setTimeout(r, 60000));',
      {
        Timeout: 1,
      },
    );
    expect((await invoke('waits')).status).toBe(433);
  });

  test('a timer left behind makes a timeout of a call that was answered', async () => {
    const code = 'exports.main_handler = async () => { setTimeout(() => {}, 60000); return 1; };';
    await deploy('leftover', code, { Timeout: 1 });
    expect(await invoke('leftover')).toMatchObject({ status: 0, said: 1 });
    await running.engine.scf.host.idle();
    const [logged] = running.engine.scf.logs.list({ function: 'ap-guangzhou:default.leftover' });
    expect(logged).toMatchObject({ status: 'timeout', code: 433 });
  });

  test('and none of it when the context says not to wait', async () => {
    const code = `exports.main_handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => {}, 60000); callback(null, process.pid); };`;
    await deploy('hurries', code, { Timeout: 1 });
    const [first, second] = [await invoke('hurries'), await invoke('hurries')];
    expect(first).toMatchObject({ status: 0 });
    expect(second.said).toBe(first.said);
  });

  test('too much memory', async () => {
    const code = `exports.main_handler = async () => {
      const all = []; for (;;) all.push(new Array(1000).fill({ a: all.length })); };`;
    await deploy('eats', code, { MemorySize: 64, Timeout: 30 });
    expect(await invoke('eats')).toMatchObject({ status: 434 });
  });

  test('a handler that is not there, and code that cannot be loaded', async () => {
    await deploy('no-export', 'exports.other = () => 1;');
    expect(await invoke('no-export')).toMatchObject({ status: 437 });
    await deploy('no-file', { 'main.js': '' });
    expect(await invoke('no-file')).toMatchObject({ status: 437 });
    await deploy('no-module', "require('not-there'); exports.main_handler = () => 1;");
    expect(await invoke('no-module')).toMatchObject({ status: 443 });
    await deploy('broken', 'console.log("hm"); exports.main_handler = (');
    const { status, error } = await invoke('broken');
    expect(status).toBe(443);
    expect(error.errorMessage).toMatch(/Unexpected/);
  });

  test('a start that takes too long', async () => {
    await deploy('slow-start', 'for (;;);', { InitTimeout: 3 });
    expect(await invoke('slow-start')).toMatchObject({ status: 433 });
  });

  test('a role that is gone', async () => {
    await roleFor(running.engine, 'gone', []);
    await deploy('roleless', 'exports.main_handler = () => 1;', { Role: 'gone' });
    await running.engine.identities.removeRole('gone');
    expect(await invoke('roleless')).toMatchObject({ status: 441 });
  });

  test('more at a time than is reserved for it', async () => {
    const code = 'exports.main_handler = () => new Promise((r) => setTimeout(r, 300));';
    await deploy('reserved', code, { MemorySize: 128 });
    const client = scfClient(running.engine);
    const name = { FunctionName: 'reserved' };
    await client.PutReservedConcurrencyConfig({ ...name, ReservedConcurrencyMem: 128 });
    const two = await Promise.all([invoke('reserved'), invoke('reserved')]);
    expect(two.map(({ status }) => status).sort()).toEqual([0, 432]);
    await client.PutReservedConcurrencyConfig({ ...name, ReservedConcurrencyMem: 0 });
    expect(await invoke('reserved')).toMatchObject({ status: 432 });
  });
});

describe('an instance', () => {
  test('is used again while it is warm, with files of its own, until the function changes', async () => {
    const code = (version: number) => `
      const fs = require('fs'), path = require('path'), os = require('os');
      let count = 0;
      exports.main_handler = async () => {
        const file = path.join(os.tmpdir(), 'count');
        const kept = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
        fs.writeFileSync(file, kept + '.');
        return [${version}, ++count, kept.length, process.pid]; };`;
    await deploy('counts', code(1));
    const first = await invoke('counts');
    expect(first.said).toEqual([1, 1, 0, expect.any(Number)]);
    expect((await invoke('counts')).said).toEqual([1, 2, 1, first.said[3]]);
    const { zipOf } = await import('./zip-of.ts');
    await scfClient(running.engine).UpdateFunctionCode({
      ...{ FunctionName: 'counts', ZipFile: zipOf(code(2)) },
    });
    await running.engine.scf.functions.settled();
    expect((await invoke('counts')).said).toEqual([2, 1, 0, expect.any(Number)]);
  });

  test('takes one invocation at a time, and others run beside it', async () => {
    const code =
      'exports.main_handler = () => new Promise((r) => setTimeout(() => r(process.pid), 200));';
    await deploy('beside', code);
    const said = await Promise.all([1, 2, 3].map(() => invoke('beside')));
    expect(new Set(said.map((each) => each.said)).size).toBe(3);
    const many = await Promise.all(Array.from({ length: 12 }, () => invoke('beside')));
    expect(many.every(({ status }) => status === 0)).toBe(true);
  });

  test('that failed by itself is not used again', async () => {
    await deploy(
      'once',
      'exports.main_handler = async (e) => e.die ? process.exit(1) : process.pid;',
    );
    const before = (await invoke('once')).said;
    expect((await invoke('once', { die: true })).status).toBe(439);
    expect((await invoke('once')).said).not.toBe(before);
  });

  test('ends when nobody needed it for a while', async () => {
    await scfClient(running.engine).ListFunctions({});
    const { Host } = await import('../../../local/scf/host/host.ts');
    const { scf, identities, paths } = running.engine;
    const host = new Host({
      ...{ functions: scf.functions, identities, logs: scf.logs, appid: '1250000000' },
      ...{ folder: `${paths.functions}/other`, endpoint: () => '', now: Date.now, idleMs: 50 },
    });
    const stored = scf.functions.tables.find({
      ...{ region: 'ap-guangzhou', namespace: 'default', name: 'once' },
    });
    if (!stored) throw new Error('it was deployed above');
    await host.invoke(stored, { event: '{}', source: 'invoke' }).end;
    expect(host.processes).toBe(1);
    await expect.poll(() => host.processes).toBe(0);
    await host.stop();
  });
});

describe('what a function writes', () => {
  test('is its log, up to a limit, errors among it', async () => {
    await deploy(
      'writes',
      `console.log('loading');
      exports.main_handler = async ({ much }) => {
        console.log('one'); console.error('two');
        process.stdout.write(JSON.stringify({ a: 1 }) + '\\n');
        if (much) console.log('x'.repeat(100000)); };`,
    );
    const { log } = await invoke('writes');
    expect(log.split('\n').sort()).toEqual(['', 'loading', 'one', 'two', '{"a":1}']);
    expect((await invoke('writes')).log).not.toContain('loading');
    await invoke('writes', { much: true });
    const { Data, TotalCount } = await scfClient(running.engine).GetFunctionLogs({
      ...{ FunctionName: 'writes', Limit: 1 },
    });
    expect(TotalCount).toBe(3);
    expect(Data?.[0]?.Log?.length).toBeLessThan(33_000);
    expect(Data?.[0]?.Log).toMatch(/… \d+ bytes more$/);
  });

  test('is found by what came of the invocation', async () => {
    const client = scfClient(running.engine);
    await invoke('once', { die: true });
    const bad = await client.GetFunctionLogs({ FunctionName: 'once', Filter: { RetCode: 'not0' } });
    expect(bad.Data?.every(({ RetCode }) => RetCode === 439)).toBe(true);
    expect(bad.TotalCount).toBeGreaterThan(0);
  });
});

test('a function sees the time of the engine, so that what it signs is of that time', async () => {
  const { clock } = running.engine;
  await deploy('time', 'exports.main_handler = async () => [Date.now(), new Date().getTime()];');
  await invoke('time');
  clock.advance(40 * 86_400_000);
  const { engine } = running;
  const stored = engine.scf.functions.tables.find({
    ...{ region: 'ap-guangzhou', namespace: 'default', name: 'time' },
  });
  if (!stored) throw new Error('it was deployed above');
  const { value } = await engine.scf.host.invoke(stored, { event: '{}', source: 'invoke' }).answer;
  const [now, made] = JSON.parse(value) as [number, number];
  expect(Math.abs(clock.now() - now)).toBeLessThan(60_000);
  expect(made).toBeGreaterThanOrEqual(now);
});
