import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../cli/main.ts';
import { upload } from '../../cli/upload.ts';
import { at } from '../client/client-for-tests.ts';
import { Desk, SHOP_KEY } from '../functions/on-demand/desk.ts';
import { photoBytes } from '../functions/on-demand/photos.ts';
import { served } from '../functions/on-demand/served.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  KEYS,
  REGION,
} from '../local/engine-for-tests.ts';

const folder = mkdtempSync(join(tmpdir(), 'darkroom-upload-'));
const mug = join(folder, 'mug.jpg');
let engine: EngineForTests;
let desk: Desk;
let onDemand: Awaited<ReturnType<typeof served>>;
beforeAll(async () => {
  engine = await engineForTests();
  desk = new Desk(engine);
  onDemand = await served(() => desk);
  writeFileSync(mug, await photoBytes());
});
afterAll(async () => {
  await onDemand.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

async function darkroom(argv: readonly string[], env: Readonly<Record<string, string>>) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), env };
  const exitCode = await main(['upload', ...argv], [upload as never], '1.2.3', io);
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

const caller = { DARKROOM_API_KEY: SHOP_KEY };
const account = () => ({
  DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
  DARKROOM_STATE: `${BUCKET}/darkroom/`,
  DARKROOM_ENDPOINT: engine.engine.url,
  TENCENTCLOUD_SECRETID: KEYS.secretId,
  TENCENTCLOUD_SECRETKEY: KEYS.secretKey,
});

test('a file that is uploaded by ticket says at once what was made of it', async () => {
  const said = await darkroom([mug, '--to', 'in', '--url', `${onDemand.url}/`], caller);
  expect(said).toMatchObject({ exitCode: 0, err: '' });
  expect(said.out).toMatch(
    /^\S+\/mug\.jpg -> in\/mug\.jpg\n {2}cutouts\/in\/mug\.png \(\d+ bytes\)$/,
  );
  expect(await desk.suite.objects.head(at('cutouts/in/mug.png'))).toBeDefined();
});

test('a name below localhost is this machine, whatever the system makes of it', async () => {
  const { port } = new URL(onDemand.url);
  const url = `http://1250000000-hook.ap-guangzhou.tencentscf.localhost:${port}`;
  const said = await darkroom([mug, '--to', 'in/named', '--url', url], caller);
  expect(said).toMatchObject({ exitCode: 0, err: '' });
  expect(said.out).toContain('-> in/named/mug.jpg\n  cutouts/in/named/mug.png');
});

test('what on-demand refuses is said with its hint, and the other files are uploaded', async () => {
  const other = join(folder, 'notes.txt');
  writeFileSync(other, 'no picture');
  const argv = [other, mug, '--to', 'in/more/', '--url', onDemand.url];
  const said = await darkroom(argv, caller);
  expect(said.exitCode).toBe(1);
  expect(said.err).toContain(
    'notes.txt: No rule takes an upload of in/more/notes.txt (CALLER_DENIED)',
  );
  expect(said.out).toContain('in/more/mug.jpg');
});

test('an object that is there is not replaced unless that is meant', async () => {
  const argv = [mug, '--to', 'in/twice', '--url', onDemand.url];
  expect((await darkroom(argv, caller)).exitCode).toBe(0);
  const again = await darkroom(argv, caller);
  expect(again.err).toContain('the storage answered 409');
  expect((await darkroom([...argv, '--replace'], caller)).exitCode).toBe(0);
});

test('with keys of the account a large file goes in parts', async () => {
  const large = join(folder, 'large.jpg');
  writeFileSync(large, Buffer.alloc(9 * 1024 * 1024, 7));
  const said = await darkroom([large, '--to', 'in'], account());
  expect(said).toMatchObject({ exitCode: 0, err: '' });
  const stored = await desk.suite.objects.head(at('in/large.jpg'));
  expect(stored).toMatchObject({ size: 9 * 1024 * 1024, contentType: 'image/jpeg' });
  expect(stored?.etag).toMatch(/-2$/);
});

test.for<[what: string, argv: string[], env: Readonly<Record<string, string>>, exitCode: number]>([
  ['no file', ['--url', 'http://127.0.0.1:9'], caller, 2],
  ['no API key', [mug, '--url', 'http://127.0.0.1:9'], {}, 1],
  ['neither address nor account', [mug], {}, 1],
  ['a file that is not there', ['none.jpg', '--url', 'http://127.0.0.1:9'], caller, 1],
  ['nobody there', [mug, '--url', 'http://127.0.0.1:9'], caller, 1],
])('with %s nothing is uploaded', async ([, argv, env, exitCode]) => {
  const said = await darkroom(argv, env);
  expect(said).toMatchObject({ exitCode, out: '' });
  expect(said.err).toMatch(/./);
  expect(said.err).not.toContain(SHOP_KEY);
});
