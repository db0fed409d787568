import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { HOST, head, rawClient, sayTo, statusesIn, whole } from '../hostile/raw-client.ts';
import { BUCKET, KEYS } from '../hostile/victim.ts';
import { built } from './built.ts';
import { type EngineProcess, engineProcess, stopped } from './engine-process.ts';

const KNOWN = ['--bucket', BUCKET, '--secret-id', KEYS.secretId, '--secret-key', KEYS.secretKey];
const folder = mkdtempSync(join(tmpdir(), 'darkroom-command-'));
const file = join(folder, 'file');
let command: Awaited<ReturnType<typeof built>>;

beforeAll(async () => {
  writeFileSync(file, 'a file');
  command = await built('cli/darkroom.ts');
});
afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs until the test is over. */
function start(
  flags: readonly string[],
  { env = {}, finished = onTestFinished } = {},
): EngineProcess {
  // Some are killed, and cannot tidy up after themselves.
  const engine = engineProcess(command.path, flags, {
    cwd: folder,
    env: { TMPDIR: folder, ...env },
  });
  finished(async () => {
    await stopped(engine, 'SIGKILL');
  });
  return engine;
}

test.for(['SIGINT', 'SIGTERM'] as const)(
  'it says one line, and %s ends it well',
  async (signal) => {
    const engine = start(['--memory']);
    const port = await engine.ready;
    const { code, out, err } = await stopped(engine, signal);
    expect(out).toBe(`ready http://127.0.0.1:${port}\n`);
    expect(code).toBe(0);
    expect(err).toContain('Nothing leaves this machine');
  },
);

test('it listens on this machine alone, by its old address and its new one', async () => {
  const port = await start(['--memory', ...KNOWN]).ready;
  for (const host of ['127.0.0.1', '[::1]']) {
    const answer = await fetch(`http://${host}:${port}/`);
    expect(answer.headers.get('server')).toBe('tencent-cos');
  }
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const heard = lines.flatMap((line) => / (\w{8}):(\w{4}) \w+:0000 0A /.exec(line)?.slice(1) ?? []);
  expect(heard[heard.indexOf(hex) - 1]).toBe('0100007F');
});

test('it listens further only where it is told to, and says what that means', async () => {
  const engine = start(['--memory', '--listen', '0.0.0.0', '--listen', '::', ...KNOWN]);
  await engine.ready;
  const { err } = await stopped(engine);
  expect(err).toContain('warning: listening on 0.0.0.0, where others may reach it');
  expect(err).not.toContain('only this machine');
});

test('it starts again with its keys and all that was kept', async () => {
  const data = join(folder, 'twice');
  const first = start(['--data', data, '--bucket', BUCKET]);
  await first.ready;
  const keys = readFileSync(join(data, 'credentials.env'), 'utf8');
  await stopped(first);

  const second = start(['--data', data, ...KNOWN]);
  expect(statusesIn(await sayTo(await second.ready, whole('PUT', '/kept', 'bytes')))).toEqual([
    200,
  ]);
  await stopped(second);
  expect(readFileSync(join(data, 'credentials.env'), 'utf8')).not.toBe(keys);

  writeFileSync(join(data, 'credentials.env'), keys);
  const third = start(['--data', data]);
  const port = await third.ready;
  expect(readFileSync(join(data, 'credentials.env'), 'utf8')).toBe(keys);
  const refused = await sayTo(port, whole('GET', '/kept'));
  expect(refused).toContain('InvalidAccessKeyId');
  await stopped(third);

  const fourth = start(['--data', data, ...KNOWN]);
  expect(await sayTo(await fourth.ready, whole('GET', '/kept'))).toContain('bytes');
});

test('what is under way is finished, and nobody who is idle is waited for', async () => {
  const engine = start(['--memory', ...KNOWN]);
  const port = await engine.ready;
  const [sending, idle, tunnel] = [
    await rawClient(port),
    await rawClient(port),
    await rawClient(port),
  ];
  const body = 'a'.repeat(500_000);
  idle.say(head('HEAD', '/there'));
  tunnel.say(`CONNECT ${HOST}:443 HTTP/1.1\r\n\r\n`);
  sending.say(head('PUT', '/there', [`Content-Length: ${body.length}`]) + body.slice(10));
  // On a busy machine the first of these takes a while to be read.
  await setTimeout(1000);
  engine.child.kill('SIGTERM');
  expect(statusesIn(await idle.heard)).toEqual([404]);
  expect(statusesIn(await tunnel.heard)).toEqual([200]);
  sending.say(body.slice(0, 10));
  const answer = await sending.heard;
  expect(statusesIn(answer)).toEqual([200]);
  expect(answer).toContain('Connection: close');
  expect((await engine.ended).code).toBe(0);
});

test('what is in memory leaves nothing behind', async () => {
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const engine = start(['--memory', ...KNOWN], { env: { TMPDIR: temporary } });
  expect(statusesIn(await sayTo(await engine.ready, whole('PUT', '/a', 'bytes')))).toEqual([200]);
  expect((await stopped(engine)).code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

test('two engines never work on one folder', async () => {
  const data = join(folder, 'shared');
  const port = await start(['--data', data, ...KNOWN]).ready;
  const { code, out, err } = await start(['--data', data, ...KNOWN]).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(`Another engine works on ${data} (DATA_FOLDER_IN_USE)`);
  expect(statusesIn(await sayTo(port, whole('PUT', '/a', 'bytes')))).toEqual([200]);
});

test('a port that is taken is said to be so, and the folder is let go', async () => {
  const data = join(folder, 'port');
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, out, err } = await start(['--data', data, '--port', String(port)]).ended;
  other.close();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(
    `Cannot listen on 127.0.0.1 port ${port}: something else listens there already`,
  );
  await start(['--data', data, '--port', '0']).ready;
});

test('keys that cannot be kept are said to be so, and the folder is let go', async () => {
  const data = join(folder, 'keys');
  mkdirSync(join(data, 'credentials.env'), { recursive: true });
  const { code, out, err } = await start(['--data', data]).ended;
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(data);
  expect(err).not.toMatch(/^ +at /m);
  rmSync(join(data, 'credentials.env'), { recursive: true });
  await start(['--data', data]).ready;
});

test.concurrent.for([
  [['--data', file], 1, /Cannot write .*file.* \(DATA_FOLDER_UNWRITABLE\)/],
  [['--data', join(file, 'below')], 1, /Cannot write .*below.* \(DATA_FOLDER_UNWRITABLE\)/],
  [
    ['--memory', '--port', '65536'],
    1,
    /Cannot listen on 127.0.0.1 port 65536: ports go up to 65535/,
  ],
  [
    ['--memory', '--listen', '203.0.113.7'],
    1,
    /Cannot listen on 203.0.113.7 .*: this machine has no such address/,
  ],
  [
    ['--memory', '--bucket', 'Pictures'],
    1,
    /"Pictures" cannot name a bucket \(BUCKET_NAME_INVALID\)/,
  ],
  [['--memory', '--bucket', 'pictures'], 1, /"pictures" cannot name a bucket/],
  [['--memory', '--bucket', '../pictures-1250000000'], 1, /cannot name a bucket/],
  [
    ['--memory', '--bucket', 'a-1250000000', '--bucket', 'a-1260000000'],
    1,
    /accounts 1250000000, 1260000000/,
  ],
  [
    ['--memory', '--data', join(folder, 'both')],
    2,
    /--memory keeps nothing, so there is nothing to keep in --data/,
  ],
  [['--port', 'http'], 2, /It has to be a whole number/],
  [['--port'], 2, /argument missing/],
  [['--ports', '1'], 2, /unknown option/],
  [['serve'], 2, /too many arguments/],
  [['--region', 'ap guangzhou'], 2, /--region is such as ap-guangzhou, not "ap guangzhou"/],
  [['--secret-id', 'a'], 2, /--secret-id and --secret-key go together/],
  [
    ['--secret-id', 'a b', '--secret-key', 'c'],
    2,
    /--secret-id and --secret-key are words without spaces/,
  ],
  [['--log', 'everything'], 2, /--log knows "requests", not "everything"/],
] as const)(
  '%j is refused in a sentence',
  async ([flags, code, says], { expect, onTestFinished }) => {
    const ending = await start(flags, { finished: onTestFinished }).ended;
    expect(ending.err).toMatch(says);
    expect(ending.err).not.toMatch(/^ +at /m);
    expect({ code: ending.code, out: ending.out }).toEqual({ code, out: '' });
    expect(readFileSync(file, 'utf8')).toBe('a file');
    expect(existsSync(join(folder, 'both'))).toBe(false);
  },
);

test.runIf(existsSync('/sys/kernel'))(
  'a folder that cannot be made is refused in a sentence',
  async () => {
    const { code, out, err } = await start(['--data', '/sys/darkroom']).ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Cannot write \/sys\/darkroom.* \(DATA_FOLDER_UNWRITABLE\)/);
  },
);
