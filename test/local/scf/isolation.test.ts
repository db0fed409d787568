import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineForTests, engineForTests } from '../engine-for-tests.ts';
import { deployed, invoked } from './deployed.ts';

const data = mkdtempSync(join(tmpdir(), 'darkroom-isolation-'));
let running: EngineForTests;

/** Runs what it is sent, which is the most that code of a function can do. */
const ANYTHING = `exports.main_handler = async (event) => {
  try { return { did: await eval('(async () => {' + event.code + '})()') ?? null }; }
  catch (error) { return { code: error.code ?? error.message }; } };`;

beforeAll(async () => {
  running = await engineForTests({ data });
  await deployed(running.engine, 'tries', ANYTHING);
  await deployed(running.engine, 'other', { 'index.js': ANYTHING, 'secret.txt': 'of the other' });
  await invoked(running.engine, 'other', { code: 'return 1' });
  writeFileSync(join(data, 'outside.txt'), 'not for functions');
});
afterAll(async () => {
  await running.stop();
  rmSync(data, { recursive: true, force: true });
});

async function tries(code: string) {
  return (await invoked(running.engine, 'tries', { code })).said;
}

const DENIED = { code: 'ERR_ACCESS_DENIED' };

describe('a function cannot', () => {
  test('read the files of the engine, of other functions or of the machine', async () => {
    const { paths, scf } = running.engine;
    const [other] = scf.functions.tables.all().filter(({ name }) => name === 'other');
    const others = `${paths.functions}/code/${other?.code}/secret.txt`;
    for (const path of [paths.credentials, paths.adminToken, join(data, 'outside.txt'), others]) {
      expect(await tries(`return require('fs').readFileSync('${path}', 'utf8')`)).toEqual(DENIED);
    }
    for (const path of ['/etc/hostname', '/proc/self/environ', `/proc/${process.pid}/environ`]) {
      expect(await tries(`return require('fs').readFileSync('${path}', 'utf8')`)).toEqual(DENIED);
    }
    expect(await tries(`return require('fs').readdirSync('${paths.functions}/own')`)).toEqual(
      DENIED,
    );
    expect(await tries(`return await import('${paths.credentials}')`)).toEqual(DENIED);
  });

  test('find a way around by a link, another folder or a report', async () => {
    const link = "const at = require('os').tmpdir() + '/link';";
    expect(await tries(`${link} require('fs').symlinkSync('/etc', at)`)).toEqual(DENIED);
    expect(await tries(`${link} require('fs').linkSync('/etc/hostname', at)`)).toEqual(DENIED);
    const away = "process.chdir('/'); return require('fs').readFileSync('etc/hostname', 'utf8')";
    expect(await tries(away)).toEqual(DENIED);
    expect(await tries("process.report.writeReport('/tmp/report')")).toEqual(DENIED);
    expect(await tries("require('v8').writeHeapSnapshot('/tmp/heap')")).toEqual(DENIED);
  });

  test('write anywhere but in its own folder', async () => {
    expect(
      await tries("require('fs').writeFileSync(process.env.USER_CODE_ROOT + 'a', '')"),
    ).toEqual(DENIED);
    expect(await tries(`require('fs').writeFileSync('${data}/a', '')`)).toEqual(DENIED);
    expect(await tries("require('fs').writeFileSync('/tmp/darkroom-a', '')")).toEqual(DENIED);
    expect(await tries("require('fs').writeFileSync(require('os').tmpdir() + '/a', '')")).toEqual({
      did: null,
    });
  });

  test('start processes, threads, native code or a debugger', async () => {
    expect(await tries("require('child_process').execSync('id')")).toEqual(DENIED);
    expect(await tries("new (require('worker_threads').Worker)('1', { eval: true })")).toEqual(
      DENIED,
    );
    expect(await tries("process.dlopen({ exports: {} }, '/a.node')")).toEqual({
      code: 'ERR_DLOPEN_DISABLED',
    });
    expect(await tries("require('inspector').open(0)")).toEqual(DENIED);
  });

  test('be let out by variables that say how a process starts', async () => {
    const Variables = [
      { Key: 'NODE_OPTIONS', Value: '--allow-child-process --allow-worker' },
      { Key: 'LD_PRELOAD', Value: './own.so' },
      { Key: 'NODE_ENV', Value: 'production' },
    ];
    await deployed(running.engine, 'eager', ANYTHING, { Environment: { Variables } });
    const say = async (code: string) => (await invoked(running.engine, 'eager', { code })).said;
    expect(await say("require('child_process').execSync('id')")).toEqual(DENIED);
    expect(await say('return process.env.LD_PRELOAD')).toEqual({ did: null });
    expect(await say('return process.env.NODE_ENV')).toEqual({ did: 'production' });
  });

  test('see the environment of the engine', async () => {
    process.env['DARKROOM_TEST_SECRET'] = 'of the engine';
    await deployed(running.engine, 'fresh', ANYTHING);
    const { said } = await invoked(running.engine, 'fresh', { code: 'return process.env' });
    expect(said.did).not.toHaveProperty('DARKROOM_TEST_SECRET');
    expect(said.did).not.toHaveProperty('TENCENTCLOUD_SECRETKEY');
    delete process.env['DARKROOM_TEST_SECRET'];
  });

  test('harm anybody but itself by what it says to the engine', async () => {
    const forged = `require('fs').writeSync(3, Buffer.alloc(100, 0xff));
      await new Promise((done) => setTimeout(done, 500)); return 1;`;
    expect((await invoked(running.engine, 'tries', { code: forged })).status).toBe(500);
    expect(await tries('return 2')).toEqual({ did: 2 });
  });
});

describe('code that', () => {
  test('has a link in it gets a file with the text of the link', async () => {
    const { zipSync, strToU8 } = await import('fflate');
    const link = { os: 3, attrs: 0o120777 << 16 };
    const zip = zipSync({
      'index.js': strToU8(
        "exports.main_handler = async () => require('fs').readFileSync(__dirname + '/l', 'utf8');",
      ),
      l: [strToU8('/etc/hostname'), link],
    });
    const { scf } = running.engine;
    const { NEW_SETTINGS } = await import('../../../local/scf/api/function-fields.ts');
    const place = { region: 'ap-guangzhou', namespace: 'default', name: 'links' };
    const wanted = { ...NEW_SETTINGS, ...place, runtime: 'Nodejs20.19', tags: [] };
    await scf.functions.create(wanted, zip);
    await scf.functions.settled();
    expect((await invoked(running.engine, 'links')).said).toBe('/etc/hostname');
  });

  test('would unpack to far more than it is, is refused', async () => {
    const { zipSync } = await import('fflate');
    const { problemOfZip } = await import('../../../local/scf/code/check-zip.ts');
    const zip = Buffer.from(zipSync({ a: new Uint8Array(1000) }));
    const directory = zip.indexOf('PK\x01\x02', 0, 'latin1');
    zip.writeUInt32LE(300 * 1024 * 1024, directory + 24);
    expect(problemOfZip(zip)).toMatch(/314572800 bytes unpacked, more than/);
    const many = Object.fromEntries(
      Array.from({ length: 10_001 }, (_, i) => [`f${i}`, new Uint8Array()]),
    );
    expect(problemOfZip(zipSync(many))).toMatch(/more than 10000 files/);
  });

  test('is any bytes at all is refused or unpacked, and never breaks anything', async () => {
    const { problemOfZip } = await import('../../../local/scf/code/check-zip.ts');
    const { default: fc } = await import('fast-check');
    const { zipSync, strToU8 } = await import('fflate');
    const good = zipSync({ 'index.js': strToU8('exports.main_handler = () => 1;') });
    const damaged = fc
      .tuple(fc.nat(good.length - 1), fc.nat(255))
      .map(([at, byte]) => good.map((each, index) => (index === at ? byte : each)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        const problem = problemOfZip(bytes);
        expect(problem === undefined || problem.length > 0).toBe(true);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
